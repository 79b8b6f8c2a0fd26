using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Palio.Cli.Tests.Kit;

/// <summary>The server at the seam of HTTP: answers by method and path, and remembers what was asked.</summary>
internal sealed class FakeServer
{
    private readonly Dictionary<string, Func<RecordedRequest, HttpResponseMessage>> _answers = [];

    public List<RecordedRequest> Requests { get; } = [];

    public HttpMessageHandler Handler() => new Door(this);

    public FakeServer On(string route, Func<RecordedRequest, HttpResponseMessage> answer)
    {
        _answers[route] = answer;
        return this;
    }

    public FakeServer On<T>(string route, T body, JsonTypeInfo<T> type, HttpStatusCode status = HttpStatusCode.OK) =>
        On(route, _ => Json(JsonSerializer.Serialize(body, type), "application/json", status));

    public FakeServer Refuse(string route, HttpStatusCode status, string code, string detail, string? remedy = null) =>
        On(route, _ => Problem(status, code, detail, remedy));

    /// <summary>The one request to a route.</summary>
    public RecordedRequest Asked(string route) => Assert.Single(Requests, request => request.Route == route);

    public static HttpResponseMessage Problem(HttpStatusCode status, string code, string detail, string? remedy = null) =>
        Json(JsonSerializer.Serialize(new Dictionary<string, string?> { ["title"] = "Refused", ["detail"] = detail, ["code"] = code, ["remedy"] = remedy }),
            "application/problem+json", status);

    public static HttpResponseMessage Stream(string text) => Json(text, "text/event-stream", HttpStatusCode.OK);

    private static HttpResponseMessage Json(string text, string type, HttpStatusCode status) =>
        new(status) { Content = new StringContent(text, Encoding.UTF8, type) };

    private sealed class Door(FakeServer server) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath.Replace("/api/v1", "", StringComparison.Ordinal);
            var recorded = new RecordedRequest($"{request.Method} {path}", request.RequestUri.Query,
                request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken),
                request.Headers.Authorization?.ToString(),
                request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null);
            server.Requests.Add(recorded);
            return server._answers.TryGetValue(recorded.Route, out var answer)
                ? answer(recorded)
                : Problem(HttpStatusCode.NotFound, "not_found", $"There is no {path}.");
        }
    }
}

internal sealed record RecordedRequest(string Route, string Query, byte[] Body, string? Authorization, string? IdempotencyKey)
{
    public T Read<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Body, type)!;
}
