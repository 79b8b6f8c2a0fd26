using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

/// <summary>Asks as EvalAI's clients do.</summary>
internal static class EvalAiClient
{
    public static HttpClient WithKeyword(this PalioInstance palio, string keyword, string token)
    {
        var client = palio.With(token);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(keyword, token);
        return client;
    }

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    public static MultipartFormDataContent Multipart(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value) { Headers = { ContentType = null } }, name); // as python-requests sends text
        }

        return form;
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static async Task<EvalAiAnswer> AskAsync(this HttpClient client, HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new EvalAiAnswer(response.StatusCode, text, response.Content.Headers.ContentType?.MediaType, response.Headers);
    }

    public static Task<EvalAiAnswer> AskAsync(this HttpClient client, string path) => client.AskAsync(HttpMethod.Get, path);
}

/// <summary>What came back.</summary>
internal sealed record EvalAiAnswer(HttpStatusCode Status, string Text, string? Type, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public JsonElement this[string name] => Json.GetProperty(name);

    /// <summary>Asserts status and body, key by key.</summary>
    public void Is(HttpStatusCode status, string json)
    {
        Assert.True(Status == status, $"expected {(int)status}, got {(int)Status} {Text}");
        Assert.Equal("application/json", Type);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), Json), Text);
    }

    public EvalAiAnswer Ok(HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(Status == status, $"expected {(int)status}, got {(int)Status} {Text}");
        return this;
    }
}
