using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Palio.Registry.Tests.Kit;

/// <summary>The requests a registry's client makes, in short words.</summary>
internal static class RegistryCalls
{
    public static async Task<HttpResponseMessage> CallAsync(
        this HttpClient client, HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> CallAsync(
        this HttpClient client, string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers) =>
        client.CallAsync(new HttpMethod(method), path, content, headers);

    /// <summary>Begins an upload and returns its address.</summary>
    public static async Task<string> BeginAsync(this HttpClient client, string repository = RegistryApp.Repository)
    {
        var response = await client.CallAsync("POST", $"/v2/{repository}/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Header("Location");
    }

    public static Task<HttpResponseMessage> ChunkAsync(this HttpClient client, string location, byte[] bytes, string? range = null) =>
        client.CallAsync("PATCH", location, new ByteArrayContent(bytes), range is null ? [] : [("Content-Range", range)]);

    public static Task<HttpResponseMessage> FinishAsync(this HttpClient client, string location, Digest digest, byte[]? bytes = null, string? range = null) =>
        client.CallAsync("PUT", $"{location}?digest={digest}", new ByteArrayContent(bytes ?? []), range is null ? [] : [("Content-Range", range)]);

    /// <summary>Pushes a blob as containerd does: POST, then PUT.</summary>
    public static async Task<Digest> PushBlobAsync(
        this HttpClient client, byte[] bytes, string repository = RegistryApp.Repository, string algorithm = "sha256")
    {
        var digest = Digest.Of(bytes, algorithm);
        var response = await client.FinishAsync(await client.BeginAsync(repository), digest, bytes);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return digest;
    }

    public static Task<HttpResponseMessage> PutManifestAsync(
        this HttpClient client, string reference, byte[] manifest, string? type = ImageBuilder.OciManifest, string repository = RegistryApp.Repository)
    {
        var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return client.CallAsync("PUT", $"/v2/{repository}/manifests/{reference}", content);
    }

    public static string Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : throw new InvalidOperationException($"The answer has no {name}: {response}");

    public static bool HasHeader(this HttpResponseMessage response, string name) =>
        response.Headers.Contains(name) || response.Content.Headers.Contains(name);

    public static Task<byte[]> BytesAsync(this HttpResponseMessage response) =>
        response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.BytesAsync()).RootElement;

    /// <summary>Asserts status, content type and the one error code.</summary>
    public static async Task ErrorAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        Assert.Equal("application/json", response.Header("Content-Type"));
        var error = Assert.Single(JsonDocument.Parse(body).RootElement.GetProperty("errors").EnumerateArray().ToList());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    public static async Task ErrorAsync(this Task<HttpResponseMessage> call, HttpStatusCode status, string code) =>
        await (await call).ErrorAsync(status, code);

    public static async Task<HttpResponseMessage> ExpectAsync(this Task<HttpResponseMessage> call, HttpStatusCode status)
    {
        var response = await call;
        Assert.True(
            status == response.StatusCode,
            $"{(int)response.StatusCode} instead of {(int)status}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        return response;
    }

    /// <summary>The JSON of an answer that must be 200.</summary>
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> call) => await (await call.ExpectAsync(HttpStatusCode.OK)).JsonAsync();
}
