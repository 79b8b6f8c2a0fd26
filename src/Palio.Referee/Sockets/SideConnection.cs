using System.Net.Sockets;
using Palio.Protocol.Frames;

namespace Palio.Referee.Sockets;

/// <summary>The connection of a side: whole frames in and out, never blocking longer than asked.</summary>
internal sealed class SideConnection : IDisposable
{
    /// <summary>Milliseconds that are enough for <see cref="ReceiveSoon"/>.</summary>
    public const int SoonMs = 20;

    // The system rounds this up, by its tick of up to 10 ms.
    private const int ReceiveMs = 5;

    private const int SocketBufferBytes = 4 * 1024 * 1024;

    private readonly Socket _socket;

    public SideConnection(Socket socket, string side)
    {
        _socket = socket;
        _socket.ReceiveTimeout = ReceiveMs;
        _socket.SendBufferSize = SocketBufferBytes;
        _socket.ReceiveBufferSize = SocketBufferBytes;
        Descriptor = (int)socket.Handle;
        Side = side;
    }

    public string Side { get; }

    public int Descriptor { get; }

    /// <summary>What arrived.</summary>
    public FrameBuffer Buffer { get; } = new(FrameLimits.MaxHello);

    /// <summary>The side closed its end, or is gone.</summary>
    public bool Closed { get; private set; }

    /// <summary>Takes what is there into the buffer.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool Receive() => Receive(wait: false);

    /// <summary>Takes what is there, or comes very soon, as nearly all answers do: one call of the system where a poll and a receive are two.</summary>
    /// <returns>False when nothing came.</returns>
    public bool ReceiveSoon() => Receive(wait: true);

    /// <summary>Sends a whole frame, of which the second part may stand elsewhere.</summary>
    /// <returns>False when the side did not take it in time; see <see cref="Closed"/>.</returns>
    public bool Send(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> rest, TimeProvider time, long milliseconds)
    {
        var started = 0L;
        while (true)
        {
            var count = SocketCalls.Send(Descriptor, frame, rest);
            if (count == frame.Length + rest.Length)
            {
                return true;
            }

            if (count < -1)
            {
                Closed = true;
                return false;
            }

            var first = Math.Min(Math.Max(count, 0), frame.Length);
            rest = rest[(Math.Max(count, 0) - first)..];
            frame = frame[first..];
            started = started == 0 ? time.GetTimestamp() : started;
            var left = milliseconds - (long)time.GetElapsedTime(started).TotalMilliseconds;
            if (left <= 0 || !Polling.WaitToWrite(Descriptor, (int)Math.Min(left, int.MaxValue)))
            {
                return false;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool Receive(bool wait)
    {
        var count = SocketCalls.Receive(Descriptor, Buffer.GetSpace(), wait);
        if (count > 0)
        {
            Buffer.Advance(count);
            return true;
        }

        Closed |= count != -1;
        return false;
    }
}
