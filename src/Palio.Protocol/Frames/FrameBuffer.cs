using System.Buffers.Binary;

namespace Palio.Protocol.Frames;

/// <summary>
/// Takes bytes as they arrive and gives out whole frames. One buffer for a session: it grows to what the peer really sends, never beyond
/// <see cref="MaxLength"/>, and nothing is allocated once it has grown.
/// </summary>
public sealed class FrameBuffer(int maxLength)
{
    private const int SmallestSpace = 4096;

    private byte[] _data = new byte[2 * SmallestSpace];
    private int _start;
    private int _end;

    /// <summary>Largest <c>length</c> taken, in bytes.</summary>
    public int MaxLength { get; set; } = maxLength;

    /// <summary>Bytes that wait, of frames whole or begun.</summary>
    public int Waiting => _end - _start;

    /// <summary>Room for more bytes. Invalidates the frame given out last.</summary>
    public Span<byte> GetSpace()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_data.Length - _end >= SmallestSpace)
        {
            return _data.AsSpan(_end);
        }

        var waiting = Waiting;
        if (_start > 0)
        {
            // Frames begin at the buffer's start again, so that payloads stay aligned.
            _data.AsSpan(_start, waiting).CopyTo(_data);
            _start = 0;
            _end = waiting;
        }

        if (_data.Length - _end < SmallestSpace)
        {
            Array.Resize(ref _data, Math.Max(_data.Length * 2, _end + SmallestSpace));
        }

        return _data.AsSpan(_end);
    }

    /// <summary>Says how many bytes of <see cref="GetSpace"/> were filled.</summary>
    /// <param name="count">Number of bytes.</param>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _data.Length - _end);
        _end += count;
    }

    /// <summary>Takes the next whole frame, when there is one. Its body is valid until <see cref="GetSpace"/>.</summary>
    /// <param name="frame">The frame.</param>
    public FrameStatus TryRead(out Frame frame)
    {
        frame = default;
        if (Waiting < 4)
        {
            return FrameStatus.Incomplete;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_data.AsSpan(_start));
        if (length == 0)
        {
            return FrameStatus.Empty;
        }

        if (length > (uint)MaxLength)
        {
            return FrameStatus.TooLong;
        }

        if (Waiting - 4 < (int)length)
        {
            return FrameStatus.Incomplete;
        }

        frame = new Frame((FrameType)_data[_start + 4], _data.AsSpan(_start + FrameLimits.HeaderSize, (int)length - 1));
        _start += 4 + (int)length;
        return FrameStatus.Complete;
    }
}

/// <summary>A whole frame. Its body lives in the buffer it came from.</summary>
public readonly ref struct Frame(FrameType type, Span<byte> body)
{
    /// <summary>The type as sent; may be none of the known ones.</summary>
    public FrameType Type { get; } = type;

    /// <summary>The body.</summary>
    public Span<byte> Body { get; } = body;
}

/// <summary>What a <see cref="FrameBuffer"/> holds.</summary>
public enum FrameStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A frame was given out.</summary>
    Complete,

    /// <summary>The length is above the agreed maximum. Nothing more can be read.</summary>
    TooLong,

    /// <summary>The length is 0. Nothing more can be read.</summary>
    Empty,
}
