using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Palio.Bench;

/// <summary>The Engine API with nothing of Palio in it: what creating, starting, awaiting and removing containers costs by itself.</summary>
internal sealed class BareEngine : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("/run/docker.sock"), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://engine/v1.41/"), Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Creates, starts, awaits and removes one container that is as hardened as a pod's.</summary>
    /// <param name="image">Image reference.</param>
    /// <param name="command">Arguments that make its program end at once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task RunAsync(string image, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var body = new
        {
            Image = image,
            Cmd = command,
            User = "65534",
            HostConfig = new
            {
                NetworkMode = "none",
                ReadonlyRootfs = true,
                CapDrop = (string[])["ALL"],
                SecurityOpt = (string[])["no-new-privileges"],
                Memory = 256 << 20,
                MemorySwap = 256 << 20,
                NanoCpus = 1_000_000_000L,
                PidsLimit = 64,
                Tmpfs = new Dictionary<string, string> { ["/tmp"] = "size=16m" },
            },
        };
        using var created = await SendAsync(HttpMethod.Post, "containers/create", body, cancellationToken);
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("Id").GetString();
        using var started = await SendAsync(HttpMethod.Post, $"containers/{id}/start", null, cancellationToken);

        // Not the next exit: a program that ends at once may have ended before the engine hears that somebody waits.
        using var ended = await SendAsync(HttpMethod.Post, $"containers/{id}/wait?condition=not-running", null, cancellationToken);
        await ended.Content.ReadAsByteArrayAsync(cancellationToken);
        using var removed = await SendAsync(HttpMethod.Delete, $"containers/{id}?force=1&v=1", null, cancellationToken);
    }

    /// <summary>Takes off the names that the engine's images have at a server that is gone.</summary>
    public static async Task RemoveNamesAsync(string registry)
    {
        using var engine = new BareEngine();
        var filters = JsonSerializer.Serialize(new { reference = (string[])[$"{registry}/*/*", $"{registry}/*/*/*"] });
        using var listed = await engine._http.GetAsync(new Uri($"images/json?filters={Uri.EscapeDataString(filters)}", UriKind.Relative));
        var images = await listed.Content.ReadFromJsonAsync<JsonElement>();
        foreach (var name in images.EnumerateArray().SelectMany(image => Names(image, "RepoTags").Concat(Names(image, "RepoDigests"))))
        {
            if (name.StartsWith(registry, StringComparison.Ordinal) && !name.EndsWith("<none>", StringComparison.Ordinal))
            {
                using var removed = await engine._http.DeleteAsync(new Uri($"images/{name}", UriKind.Relative));
            }
        }

        static IEnumerable<string> Names(JsonElement image, string key) =>
            image.TryGetProperty(key, out var names) && names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(name => name.GetString() ?? "") : [];
    }

    /// <summary>Three at once, as many as an evaluation has.</summary>
    public Task RunThreeAsync(CancellationToken cancellationToken) => Task.WhenAll(
        RunAsync(OneStepChallenge.Image, ["exit"], cancellationToken),
        RunAsync(OneStepChallenge.Image, ["exit"], cancellationToken),
        RunAsync(OneStepChallenge.Image, ["exit"], cancellationToken));

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new InvalidOperationException($"engine: {method} {path}: {(int)response.StatusCode} {answer}");
        }

        return response;
    }
}
