using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Palio.Bench;

/// <summary>
/// Asks one address again and again over a few connections that stay open, each with a thread and blocking calls: the least a client
/// can cost, as it runs beside the server that is measured.
/// </summary>
internal static class LoadGenerator
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] BodyEnd = "0\r\n\r\n"u8.ToArray();

    /// <summary>Asks for so long, and says how it went.</summary>
    /// <param name="url">What to get.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="token">Bearer token; null for nobody.</param>
    public static async Task<LoadResult> RunAsync(Uri url, int connections, TimeSpan duration, string? token = null)
    {
        var request = Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}\r\n");
        var begun = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, connections)
            .Select(_ => Task.Factory.StartNew(() => Ask(url, request, begun, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        double[] latencies = [.. (await Task.WhenAll(threads)).SelectMany(list => list).Order()];
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return new LoadResult(latencies.Length / seconds, BenchRow.Quantile(latencies, 0.5), BenchRow.Quantile(latencies, 0.99));
    }

    private static List<double> Ask(Uri url, byte[] request, long begun, TimeSpan duration)
    {
        var (buffer, latencies) = (new byte[1 << 20], new List<double>());
        var socket = Connect(url);
        try
        {
            do
            {
                var sent = Stopwatch.GetTimestamp();
                socket.Send(request);
                var staysOpen = Receive(socket, buffer);
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                if (!staysOpen)
                {
                    socket.Dispose();
                    socket = Connect(url);
                }
            }
            while (Stopwatch.GetElapsedTime(begun) < duration);
        }
        finally
        {
            socket.Dispose();
        }

        return latencies;
    }

    private static Socket Connect(Uri url)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Parse(url.Host), url.Port);
        return socket;
    }

    /// <summary>Reads an answer; says whether there may be another one on this connection.</summary>
    private static bool Receive(Socket socket, byte[] buffer)
    {
        var (filled, end) = (0, -1);
        while (end < 0)
        {
            filled += Read(socket, buffer.AsSpan(filled));
            end = buffer.AsSpan(0, filled).IndexOf(HeadEnd);
        }

        var head = buffer.AsSpan(0, end);
        if (!head.StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, filled));
        }

        var staysOpen = head.IndexOf("\r\nConnection: close"u8) < 0; // as gunicorn says after each
        if (Length(head) is { } length)
        {
            for (var left = end + HeadEnd.Length + length - filled; left > 0;)
            {
                left -= Read(socket, buffer);
            }

            return staysOpen;
        }

        // Chunked: nothing is pipelined, so that the answer ends where the last chunk does.
        while (!buffer.AsSpan(0, filled).EndsWith(BodyEnd))
        {
            if (filled > buffer.Length / 2)
            {
                buffer.AsSpan(filled - 16, 16).CopyTo(buffer);
                filled = 16;
            }

            filled += Read(socket, buffer.AsSpan(filled));
        }

        return staysOpen;
    }

    private static int Read(Socket socket, Span<byte> into) =>
        socket.Receive(into) is var count and > 0 ? count : throw new InvalidOperationException("the server closed the connection");

    private static int? Length(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("\r\nContent-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 18)..], out int length, out _) ? length : null;
    }
}

/// <summary>How asking went.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="P50">Median, in milliseconds.</param>
/// <param name="P99">99th percentile, in milliseconds.</param>
internal sealed record LoadResult(double Rate, double P50, double P99);
