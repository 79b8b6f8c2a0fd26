using System.Net.Sockets;
using System.Text;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

/// <summary>A side that sends whatever bytes a test wants.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly FrameBuffer _buffer = new(FrameLimits.CeilingMaxMessage);
    private readonly FrameWriter _writer = new();

    public RawPeer(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    /// <summary>Sends; a referee that closed already is seen by the next <see cref="Read"/>.</summary>
    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes, SocketFlags.None, out _);

    public void SendJson(FrameType type, string json) => Send(_writer.Compose(type, Encoding.UTF8.GetBytes(json)));

    public void SendEntry(FrameType type, EntryHeader header, params byte[] payload)
    {
        _writer.Begin(type);
        _writer.Add(header, payload);
        Send(_writer.End());
    }

    /// <summary>The next frame; type None when the referee closed.</summary>
    public (FrameType Type, byte[] Body) Read()
    {
        while (true)
        {
            if (_buffer.TryRead(out var frame) == FrameStatus.Complete)
            {
                return (frame.Type, frame.Body.ToArray());
            }

            int count;
            try
            {
                count = _socket.Receive(_buffer.GetSpace());
            }
            catch (SocketException)
            {
                count = 0;
            }

            if (count == 0)
            {
                return (FrameType.None, []);
            }

            _buffer.Advance(count);
        }
    }

    public (EntryHeader Header, byte[] Payload) ReadEntry(FrameType type)
    {
        while (true)
        {
            var (got, body) = Read();
            Assert.NotEqual(FrameType.None, got);
            if (got == type)
            {
                var reader = new HotFrameReader(body);
                Assert.True(reader.TryNext(out var header, out var payload));
                return (header, payload.ToArray());
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
