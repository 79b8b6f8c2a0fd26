using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Palio.Bench;

/// <summary>Layers that do not compress and that no registry has yet; made and hashed before the clock runs.</summary>
internal sealed class RegistryLayers
{
    private readonly byte[] _random;
    private readonly int _count;
    private long _serial;

    public RegistryLayers(int count, int bytes)
    {
        (_count, _random) = (count, new byte[bytes]);
        new Random(1).NextBytes(_random);
    }

    public long Bytes => (long)_count * _random.Length;

    /// <summary>New layers: each begins with a number of its own.</summary>
    public IReadOnlyList<RegistryLayer> Next() => [.. Enumerable.Range(0, _count).Select(_ => Layer())];

    private RegistryLayer Layer()
    {
        var head = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(head, ++_serial);
        RandomNumberGenerator.Fill(head.AsSpan(8));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(_random);
        return new RegistryLayer(head, _random, "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

/// <summary>A layer: a few bytes of its own and many that all have.</summary>
internal sealed record RegistryLayer(byte[] Head, byte[] Tail, string Digest);

/// <summary>What a client of a registry does to push and to pull layers; the same for every registry.</summary>
/// <param name="url">The registry.</param>
/// <param name="repository">The repository.</param>
/// <param name="token">Bearer token; null where none is asked for.</param>
internal sealed class RegistryClient(Uri url, string repository, string? token) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 100 })
    {
        BaseAddress = url,
        Timeout = TimeSpan.FromMinutes(10),
        DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>All layers at once, as docker pushes them: upload session, streamed PATCH, PUT with the digest.</summary>
    public Task PushAsync(IReadOnlyList<RegistryLayer> layers, CancellationToken cancellationToken) =>
        Task.WhenAll(layers.Select(layer => PushAsync(layer, cancellationToken)));

    /// <summary>All layers one after the other; the bytes are dropped.</summary>
    public async Task PullAsync(IReadOnlyList<RegistryLayer> layers, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 18];
        foreach (var layer in layers)
        {
            await using var blob = await _http.GetStreamAsync($"v2/{repository}/blobs/{layer.Digest}", cancellationToken);
            var left = layer.Head.Length + layer.Tail.Length;
            while (await blob.ReadAsync(buffer, cancellationToken) is var count and > 0)
            {
                left -= count;
            }

            if (left != 0)
            {
                throw new InvalidOperationException($"{layer.Digest}: {left} bytes are missing");
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task PushAsync(RegistryLayer layer, CancellationToken cancellationToken)
    {
        using var begun = await _http.PostAsync($"v2/{repository}/blobs/uploads/", null, cancellationToken);
        begun.EnsureSuccessStatusCode();
        using var body = new LayerContent(layer);
        using var sent = await _http.PatchAsync(begun.Headers.Location, body, cancellationToken);
        sent.EnsureSuccessStatusCode();
        var location = sent.Headers.Location?.ToString() ?? throw new InvalidOperationException("no Location after PATCH");
        var query = location.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var done = await _http.PutAsync($"{location}{query}digest={layer.Digest}", null, cancellationToken);
        done.EnsureSuccessStatusCode();
    }

    /// <summary>Chunked, since docker does not know a layer's compressed length beforehand either.</summary>
    private sealed class LayerContent : HttpContent
    {
        private readonly RegistryLayer _layer;

        public LayerContent(RegistryLayer layer)
        {
            _layer = layer;
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            const int chunk = 1 << 18;
            await stream.WriteAsync(_layer.Head, cancellationToken);
            for (var at = 0; at < _layer.Tail.Length; at += chunk)
            {
                await stream.WriteAsync(_layer.Tail.AsMemory(at, Math.Min(chunk, _layer.Tail.Length - at)), cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
