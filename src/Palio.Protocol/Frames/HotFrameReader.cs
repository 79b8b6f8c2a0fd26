using System.Buffers.Binary;

namespace Palio.Protocol.Frames;

/// <summary>Walks the entries of a hot frame's body, checking that it adds up.</summary>
public ref struct HotFrameReader
{
    private Span<byte> _rest;
    private int _left;

    /// <summary>Opens a body.</summary>
    /// <param name="body">The frame's body.</param>
    public HotFrameReader(Span<byte> body)
    {
        if (body.Length < FrameLimits.HotHeaderSize)
        {
            Error = "a hot frame has at least 3 bytes of body";
            return;
        }

        Count = BinaryPrimitives.ReadUInt16LittleEndian(body[1..]);
        if (body[0] != 0 || Count is 0 or > FrameLimits.MaxEntries)
        {
            Error = "a hot frame begins with 0 and a count of 1 to 1024";
            return;
        }

        _left = Count;
        _rest = body[FrameLimits.HotHeaderSize..];
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>What is wrong with the frame; null when nothing was found so far.</summary>
    public string? Error { get; private set; }

    /// <summary>Takes the next entry. False at the end and on an error.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload, in the frame's own memory.</param>
    public bool TryNext(out EntryHeader header, out Span<byte> payload)
    {
        header = default;
        payload = default;
        if (Error is not null)
        {
            return false;
        }

        if (_left == 0)
        {
            Error = _rest.IsEmpty ? null : "there are bytes behind the last entry";
            return false;
        }

        if (_rest.Length < EntryHeader.ByteCount)
        {
            Error = "an entry's header is cut off";
            return false;
        }

        header = EntryHeader.Read(_rest);
        _rest = _rest[EntryHeader.ByteCount..];
        if (header.Size < 0 || header.Size > _rest.Length)
        {
            Error = "an entry's size is larger than its frame";
            return false;
        }

        payload = _rest[..header.Size];
        _rest = _rest[header.Size..];
        _left--;
        return true;
    }
}
