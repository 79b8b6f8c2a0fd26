using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Palio.Bench;

/// <summary>An image read from one repository, to be pushed to others as their own.</summary>
internal sealed class ImageCopy
{
    private readonly List<(string Digest, byte[] Bytes)> _blobs = [];
    private byte[] _manifest = [];
    private string _type = "";
    private string _digest = "";

    public static async Task<ImageCopy> ReadAsync(BenchServer server, string repository, string digest, CancellationToken cancellationToken)
    {
        using var http = await SignedInAsync(server, "bench", server.Http.DefaultRequestHeaders.Authorization!, repository, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v2/{repository}/manifests/{digest}");
        request.Headers.Accept.ParseAdd("application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json");
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var copy = new ImageCopy
        {
            _digest = digest,
            _manifest = await answer.Content.ReadAsByteArrayAsync(cancellationToken),
            _type = answer.Content.Headers.ContentType!.ToString(),
        };
        using var manifest = JsonDocument.Parse(copy._manifest);
        foreach (var blob in manifest.RootElement.GetProperty("layers").EnumerateArray().Append(manifest.RootElement.GetProperty("config")))
        {
            var name = blob.GetProperty("digest").GetString()!;
            copy._blobs.Add((name, await http.GetByteArrayAsync($"v2/{repository}/blobs/{name}", cancellationToken)));
        }

        return copy;
    }

    public async Task WriteAsync(BenchServer server, string user, AuthenticationHeaderValue person, string repository, CancellationToken cancellationToken)
    {
        using var http = await SignedInAsync(server, user, person, repository, cancellationToken);
        foreach (var (digest, bytes) in _blobs)
        {
            using var begun = await http.PostAsync($"v2/{repository}/blobs/uploads/?digest={digest}", Content(bytes, "application/octet-stream"), cancellationToken);
            begun.EnsureSuccessStatusCode();
        }

        using var done = await http.PutAsync($"v2/{repository}/manifests/{_digest}", Content(_manifest, _type), cancellationToken);
        done.EnsureSuccessStatusCode();
    }

    private static ByteArrayContent Content(byte[] bytes, string type) => new(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

    private static async Task<HttpClient> SignedInAsync(
        BenchServer server, string user, AuthenticationHeaderValue person, string repository, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, $"v2/token?service=palio&scope=repository:{repository}:pull,push"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{person.Parameter}")));
        using var answer = await server.Http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return server.ClientOf(new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("token").GetString()));
    }
}
