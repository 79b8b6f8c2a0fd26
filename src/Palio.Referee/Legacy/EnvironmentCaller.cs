using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Palio.Protocol.Evaluations;
using Palio.Referee.Playing;

namespace Palio.Referee.Legacy;

/// <summary>What the environment answered to a call.</summary>
/// <param name="Status">gRPC's status code; 0 is good.</param>
/// <param name="Message">Text of a bad status, safe to show.</param>
/// <param name="Body">The whole answer of a good one.</param>
internal sealed record EnvironmentAnswer(int Status, string Message, byte[] Body);

/// <summary>Calls the environment on its loopback, one call at a time.</summary>
internal sealed class EnvironmentCaller(int port, LegacyPlan plan, TimeProvider time) : IDisposable
{
    /// <summary>gRPC's code for "not there".</summary>
    public const int Unavailable = 14;

    private const int DeadlineExceeded = 4;
    private const int ResourceExhausted = 8;
    private const int Unknown = 2;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        InitialHttp2StreamWindowSize = 1 << 20,
    });

    private long _calls;
    private int _owes;

    /// <summary>Calls answered well.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>A call is on its way.</summary>
    public bool Owes => Volatile.Read(ref _owes) > 0;

    /// <summary>Looks until somebody listens on the port; false when the time is over.</summary>
    public async Task<bool> WaitUntilListeningAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < limit)
        {
            if (await IsListeningAsync(cancellationToken).ConfigureAwait(false))
            {
                _listening.TrySetResult();
                return true;
            }

            await Task.Delay(LookAgain, time, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Calls the environment, once it listens.</summary>
    public async Task<EnvironmentAnswer> CallAsync(string path, byte[] message, CancellationToken cancellationToken)
    {
        await _listening.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(state => ((CancellationTokenSource)state!).Cancel(), limit, TimeSpan.FromMilliseconds(plan.CallMs), Timeout.InfiniteTimeSpan);
        Interlocked.Increment(ref _owes);
        try
        {
            var answer = await SendAsync(path, message, limit.Token).ConfigureAwait(false);
            if (answer.Status == 0)
            {
                Interlocked.Increment(ref _calls);
            }

            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EnvironmentAnswer(DeadlineExceeded, $"the environment did not answer within {plan.CallMs} ms", []);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new EnvironmentAnswer(Unavailable, SideText.Clean($"the environment is gone: {exception.Message}", 1000), []);
        }
        finally
        {
            Interlocked.Decrement(ref _owes);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<EnvironmentAnswer> SendAsync(string path, byte[] message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{port}{path}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(message) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        if (body is null)
        {
            return new EnvironmentAnswer(ResourceExhausted, $"the environment's answer is larger than {plan.MaxMessageBytes} bytes", []);
        }

        var headers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        return First(headers, "grpc-status") is { } text && int.TryParse(text, out var status) && status is >= 0 and <= 16
            ? new EnvironmentAnswer(status, SideText.Clean(Uri.UnescapeDataString(First(headers, "grpc-message") ?? ""), 1000), body)
            : new EnvironmentAnswer(Unknown, $"the environment's answer is not gRPC (HTTP {(int)response.StatusCode})", []);
    }

    private async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var most = plan.MaxMessageBytes + GrpcMessage.MostOverhead;
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await BoundedBody.ReadAsync(stream, most, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string? First(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}

/// <summary>Reads a body whose size nobody vouches for.</summary>
internal static class BoundedBody
{
    /// <summary>The whole of it; null when it is larger.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (whole.Length + read > most)
            {
                return null;
            }

            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }
}
