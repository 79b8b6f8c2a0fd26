using System.Net.Sockets;
using System.Text;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

/// <summary>An entry of a hot frame, copied out of it.</summary>
internal sealed record Entry(EntryHeader Header, byte[] Payload)
{
    public bool WantsAct => (Header.Flags & (EntryFlags.Terminated | EntryFlags.Truncated)) == 0;

    public static Entry Act(uint tick, float action, int slot = 0) =>
        new(new EntryHeader(tick, (ushort)slot, 0, EntryFlags.None, 0, 0, 0), BitConverter.GetBytes(action));
}

/// <summary>A side that sends whatever bytes a test wants.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly FrameBuffer _buffer = new(FrameLimits.CeilingMaxMessage);
    private readonly FrameWriter _writer = new();

    public RawPeer(string path)
    {
        Path = path;
        _socket.Connect(new UnixDomainSocketEndPoint(path));
    }

    public string Path { get; }

    /// <summary>Sends; a referee that closed already is seen by the next <see cref="Read"/>.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        for (var error = SocketError.Success; error == SocketError.Success && !bytes.IsEmpty;)
        {
            bytes = bytes[_socket.Send(bytes, SocketFlags.None, out error)..];
        }
    }

    public void SendJson(FrameType type, string json) => Send(_writer.Compose(type, Encoding.UTF8.GetBytes(json)));

    public void SendEntries(FrameType type, params IEnumerable<Entry> entries) => Send(Compose(type, entries));

    /// <summary>The bytes that <see cref="SendEntries"/> would send.</summary>
    public ReadOnlySpan<byte> Compose(FrameType type, params IEnumerable<Entry> entries)
    {
        _writer.Begin(type);
        foreach (var entry in entries)
        {
            _writer.Add(entry.Header, entry.Payload);
        }

        return _writer.End();
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

            var count = _socket.Receive(_buffer.GetSpace(), SocketFlags.None, out var error);
            if (error != SocketError.Success || count == 0)
            {
                return (FrameType.None, []);
            }

            _buffer.Advance(count);
        }
    }

    /// <summary>The entries of the next frame of a type; none when the conversation ended before.</summary>
    public IReadOnlyList<Entry> ReadEntries(FrameType type)
    {
        while (true)
        {
            var (got, body) = Read();
            if (got is FrameType.None or FrameType.Finish)
            {
                return [];
            }

            if (got == type)
            {
                return Entries(body);
            }
        }
    }

    /// <summary>Reads to the end of the conversation.</summary>
    /// <returns>The types of the frames that came.</returns>
    public IReadOnlyList<FrameType> Drain()
    {
        var types = new List<FrameType>();
        for (var type = Read().Type; type is not FrameType.None; type = Read().Type)
        {
            types.Add(type);
        }

        return types;
    }

    public static IReadOnlyList<Entry> Entries(byte[] body)
    {
        var entries = new List<Entry>();
        var reader = new HotFrameReader(body);
        while (reader.TryNext(out var header, out var payload))
        {
            entries.Add(new Entry(header, payload.ToArray()));
        }

        Assert.Null(reader.Error);
        return entries;
    }

    public void Dispose() => _socket.Dispose();
}
