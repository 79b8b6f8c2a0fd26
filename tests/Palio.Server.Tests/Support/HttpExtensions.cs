using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Server.Tests.Support;

internal static class HttpExtensions
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json) };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The answer's body; fails with it when the request was refused.</summary>
    public static async Task<T> SendAsync<T>(this HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var response = await client.SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<T>(text, Json)!;
    }

    public static Task<T> GetAsync<T>(this HttpClient client, string path) => client.SendAsync<T>(HttpMethod.Get, path);

    public static Task<T> PostAsync<T>(this HttpClient client, string path, object? body = null) => client.SendAsync<T>(HttpMethod.Post, path, body);

    /// <summary>Asserts a refusal: status, code, and that it says what to do.</summary>
    public static async Task RefusedAsync(this Task<HttpResponseMessage> request, HttpStatusCode status, string code)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"expected {(int)status} {code}, got {(int)response.StatusCode} {text}");
        using var problem = JsonDocument.Parse(text);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.False(string.IsNullOrEmpty(problem.RootElement.GetProperty("remedy").GetString()));
    }
}
