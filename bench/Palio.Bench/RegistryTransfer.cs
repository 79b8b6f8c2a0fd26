using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Palio.Bench;

/// <summary>Pushes and pulls one large blob as a client would: token, upload session, streamed PATCH, PUT with the digest.</summary>
internal sealed class RegistryTransfer(BenchServer server) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = server.Url, Timeout = TimeSpan.FromMinutes(5) };
    private string _digest = "";

    /// <summary>Pushes a blob of random bytes.</summary>
    public async Task PushAsync(int bytes, CancellationToken cancellationToken)
    {
        await AuthorizeAsync(cancellationToken);
        using var begun = await _http.PostAsync($"v2/{OneStepChallenge.Repository}/blobs/uploads/", null, cancellationToken);
        begun.EnsureSuccessStatusCode();
        using var body = new RandomStream(bytes);
        using var sent = await _http.PatchAsync(begun.Headers.Location, new StreamContent(body, 1 << 20), cancellationToken);
        sent.EnsureSuccessStatusCode();
        _digest = body.Digest;
        var location = sent.Headers.Location?.ToString() ?? throw new InvalidOperationException("no Location after PATCH");
        var query = location.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var done = await _http.PutAsync($"{location}{query}digest={_digest}", null, cancellationToken);
        done.EnsureSuccessStatusCode();
    }

    /// <summary>Pulls the blob again and drops it.</summary>
    public async Task PullAsync(CancellationToken cancellationToken)
    {
        await using var blob = await _http.GetStreamAsync($"v2/{OneStepChallenge.Repository}/blobs/{_digest}", cancellationToken);
        await blob.CopyToAsync(Stream.Null, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task AuthorizeAsync(CancellationToken cancellationToken) =>
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(server, cancellationToken));

    /// <summary>The registry's own token for the bench's repository, as docker asks for it.</summary>
    public static async Task<string> TokenAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var uri = new Uri(server.Url, $"v2/token?service=palio&scope=repository:{OneStepChallenge.Repository}:pull,push");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"bench:{server.Token}")));
        using var answer = await server.Http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return token.RootElement.GetProperty("token").GetString() ?? throw new InvalidOperationException("no token in the answer");
    }

    /// <summary>Bytes that do not compress, hashed as they are read.</summary>
    private sealed class RandomStream(long length) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly Random _random = new(1);
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        /// <summary>Known when all has been read: who sends it disposes of it.</summary>
        public string Digest { get; private set; } = "";

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            _random.NextBytes(buffer[..count]);
            _hash.AppendData(buffer[..count]);
            _left -= count;
            if (_left == 0 && Digest.Length == 0)
            {
                Digest = "sha256:" + Convert.ToHexStringLower(_hash.GetCurrentHash());
            }

            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
