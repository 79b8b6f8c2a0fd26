using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Palio.Cli.Session;

namespace Palio.Cli.Api;

/// <summary>The native API, typed. The calls themselves are in the other files of this class, by area.</summary>
internal sealed partial class PalioClient : IDisposable
{
    // Of an answer; a file has in addition what it takes at the slowest rate a line is believed to have.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(5);
    private const int SlowestBytesPerSecond = 16 * 1024;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public PalioClient(Uri host, string? token, Func<HttpMessageHandler> handler, TimeProvider time)
    {
        Host = host;
        _time = time;
        _http = new HttpClient(handler()) { BaseAddress = new Uri(host, "api/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("palio-cli", CliVersion.Text));
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public Uri Host { get; }

    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    private Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body, bodyType) }, type, cancellationToken);

    private Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path), type, cancellationToken);

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private async Task SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        var response = await SendRawAsync(request, completion, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw ApiProblem.From(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    private async Task<HttpResponseMessage> SendRawAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeFor(request));
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await _http.SendAsync(request, completion, both.Token);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(new TimeoutException($"no answer within {TimeFor(request).TotalMinutes:0} minutes", e));
        }
        finally
        {
            request.Dispose();
        }
    }

    internal static TimeSpan TimeFor(HttpRequestMessage request) =>
        AnswerTime + TimeSpan.FromSeconds((request.Content?.Headers.ContentLength ?? 0) / SlowestBytesPerSecond);

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCode.PlatformFailed, $"{Host} gave an answer this program does not understand ({e.Message}).",
                "check the address with: palio instance; and that both have the same version", "bad_answer", e);
        }
    }

    private CliException Unreachable(Exception e)
    {
        var reason = e is TimeoutException ? e.Message : e.InnerException?.Message ?? e.Message;
        return new CliException(ExitCode.PlatformFailed, $"{Host} cannot be reached: {reason}",
            "check the address (palio host set URL) and that the server runs (palio serve)", "unreachable", e);
    }

    private static ByteArrayContent Json<T>(T body, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName);
        return content;
    }

    private static string Segment(string text) => Uri.EscapeDataString(text);

    private static bool IsProblem(HttpResponseMessage response) =>
        response.StatusCode != HttpStatusCode.UnprocessableEntity
        || response.Content.Headers.ContentType?.MediaType == "application/problem+json";
}
