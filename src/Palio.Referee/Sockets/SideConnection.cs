using System.Net.Sockets;
using Palio.Protocol.Frames;

namespace Palio.Referee.Sockets;

/// <summary>The connection of a side: whole frames in and out, never blocking longer than asked.</summary>
internal sealed class SideConnection : IDisposable
{
    private const int SocketBufferBytes = 4 * 1024 * 1024;

    private readonly Socket _socket;

    public SideConnection(Socket socket, string side)
    {
        _socket = socket;
        _socket.Blocking = false;
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
    public bool Receive()
    {
        var count = _socket.Receive(Buffer.GetSpace(), SocketFlags.None, out var error);
        if (error == SocketError.Success && count > 0)
        {
            Buffer.Advance(count);
            return true;
        }

        if (error is not (SocketError.WouldBlock or SocketError.Interrupted))
        {
            Closed = true;
        }

        return false;
    }

    /// <summary>Sends a whole frame.</summary>
    /// <returns>False when the side did not take it in time; see <see cref="Closed"/>.</returns>
    public bool Send(ReadOnlySpan<byte> frame, TimeProvider time, long milliseconds)
    {
        var started = 0L;
        while (true)
        {
            var count = _socket.Send(frame, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                frame = frame[count..];
                if (frame.IsEmpty)
                {
                    return true;
                }
            }
            else if (error is not (SocketError.WouldBlock or SocketError.Interrupted))
            {
                Closed = true;
                return false;
            }

            started = started == 0 ? time.GetTimestamp() : started;
            var left = milliseconds - (long)time.GetElapsedTime(started).TotalMilliseconds;
            if (left <= 0 || !Polling.WaitToWrite(Descriptor, (int)Math.Min(left, int.MaxValue)))
            {
                return false;
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
