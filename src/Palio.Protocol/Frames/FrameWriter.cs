using System.Buffers.Binary;

namespace Palio.Protocol.Frames;

/// <summary>Composes one frame at a time in a buffer kept for the session.</summary>
public sealed class FrameWriter
{
    private byte[] _data = new byte[4096];
    private int _end;
    private int _count;

    /// <summary>Entries added to the hot frame begun last.</summary>
    public int Count => _count;

    /// <summary>What the frame's <c>length</c> is so far.</summary>
    public int Length => _end - 4;

    /// <summary>Composes a frame with a body that is there already.</summary>
    /// <param name="type">The type.</param>
    /// <param name="body">The body.</param>
    public ReadOnlySpan<byte> Compose(FrameType type, ReadOnlySpan<byte> body)
    {
        Start(type);
        body.CopyTo(Reserve(body.Length));
        return Close();
    }

    /// <summary>Begins a hot frame.</summary>
    /// <param name="type">Its type.</param>
    public void Begin(FrameType type)
    {
        Start(type);
        Reserve(FrameLimits.HotHeaderSize);
    }

    /// <summary>Adds an entry to the hot frame.</summary>
    /// <param name="header">Its header; the size is set from the payload.</param>
    /// <param name="payload">Its payload.</param>
    public void Add(EntryHeader header, ReadOnlySpan<byte> payload) => payload.CopyTo(Add(header, payload.Length));

    /// <summary>Adds an entry to the hot frame, its payload to be filled in before anything else is called.</summary>
    /// <param name="header">Its header; the size is set from <paramref name="size"/>.</param>
    /// <param name="size">Bytes of payload.</param>
    public Span<byte> Add(EntryHeader header, int size)
    {
        (header with { Size = size }).Write(Reserve(EntryHeader.ByteCount));
        _count++;
        return Reserve(size);
    }

    /// <summary>Ends the hot frame. The bytes are valid until the next frame is begun.</summary>
    public ReadOnlySpan<byte> End()
    {
        _data[FrameLimits.HeaderSize] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(_data.AsSpan(FrameLimits.HeaderSize + 1), checked((ushort)_count));
        return Close();
    }

    /// <summary>Ends the hot frame with an entry whose payload is not copied: the bytes given out are to be sent, and the payload after them.</summary>
    /// <param name="header">The entry's header; the size is set from <paramref name="size"/>.</param>
    /// <param name="size">Bytes of payload.</param>
    public ReadOnlySpan<byte> EndBefore(EntryHeader header, int size)
    {
        (header with { Size = size }).Write(Reserve(EntryHeader.ByteCount));
        _count++;
        var head = End();
        BinaryPrimitives.WriteInt32LittleEndian(_data, checked(_end - 4 + size));
        return head;
    }

    private void Start(FrameType type)
    {
        _data[4] = (byte)type;
        _end = FrameLimits.HeaderSize;
        _count = 0;
    }

    private ReadOnlySpan<byte> Close()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_data, _end - 4);
        return _data.AsSpan(0, _end);
    }

    private Span<byte> Reserve(int size)
    {
        if (_data.Length - _end < size)
        {
            Array.Resize(ref _data, Math.Max(_data.Length * 2, _end + size));
        }

        var space = _data.AsSpan(_end, size);
        _end += size;
        return space;
    }
}
