using System.Buffers.Binary;

namespace Palio.Protocol.Frames;

/// <summary>The 24 bytes in front of every payload of a hot frame; see docs/protocol.md, part 1.1.</summary>
/// <param name="Tick">Number of the observation in its slot.</param>
/// <param name="Slot">Which of the episodes played at once.</param>
/// <param name="Seat">Which player of the episode.</param>
/// <param name="Flags">Bits.</param>
/// <param name="Reward">Observe and State: the reward.</param>
/// <param name="Value">Observe: milliseconds left in the time bank.</param>
/// <param name="Size">Bytes of payload.</param>
public readonly record struct EntryHeader(uint Tick, ushort Slot, byte Seat, EntryFlags Flags, double Reward, uint Value, int Size)
{
    /// <summary>Bytes of a header.</summary>
    public const int ByteCount = 24;

    /// <summary>Writes the header.</summary>
    /// <param name="target">At least <see cref="ByteCount"/> bytes.</param>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Tick);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], Slot);
        target[6] = Seat;
        target[7] = (byte)Flags;
        BinaryPrimitives.WriteDoubleLittleEndian(target[8..], Reward);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], Value);
        BinaryPrimitives.WriteInt32LittleEndian(target[20..], Size);
    }

    /// <summary>Reads a header. A size above 2^31-1 comes out negative.</summary>
    /// <param name="source">At least <see cref="ByteCount"/> bytes.</param>
    public static EntryHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(source),
        BinaryPrimitives.ReadUInt16LittleEndian(source[4..]),
        source[6],
        (EntryFlags)source[7],
        BinaryPrimitives.ReadDoubleLittleEndian(source[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[16..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[20..]));
}

/// <summary>Bits of an entry.</summary>
[Flags]
public enum EntryFlags : byte
{
    /// <summary>No bit set.</summary>
    None = 0,

    /// <summary>Observe: the first observation of an episode.</summary>
    First = 1,

    /// <summary>Observe and State: the episode reached an end of its own.</summary>
    Terminated = 2,

    /// <summary>Observe and State: the episode was cut short.</summary>
    Truncated = 4,

    /// <summary>State: metrics stand at the end of the payload.</summary>
    Metrics = 8,
}
