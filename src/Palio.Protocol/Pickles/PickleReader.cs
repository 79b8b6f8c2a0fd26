using System.Buffers.Binary;
using System.Text.Unicode;

namespace Palio.Protocol.Pickles;

/// <summary>Reads opcodes' arguments, every length checked against what is there.</summary>
internal ref struct PickleReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    public int Offset { get; private set; }

    public readonly int Remaining => _data.Length - Offset;

    public readonly ReadOnlySpan<byte> Slice(long offset, int length) => _data.Slice((int)offset, length);

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public PickleItem Real()
    {
        Take(8);
        return new PickleItem(PickleKind.Float);
    }

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)Remaining)
        {
            throw new PickleRefusedException($"the pickle ends early: {count} bytes are announced, {Remaining} are left");
        }

        var taken = _data.Slice(Offset, (int)count);
        Offset += (int)count;
        return taken;
    }

    /// <summary>A line without its end.</summary>
    public ReadOnlySpan<byte> Line()
    {
        var length = _data[Offset..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw new PickleRefusedException("the pickle ends early: a line has no end");
        }

        var line = _data.Slice(Offset, length);
        Offset += length + 1;
        return line;
    }

    public PickleItem Text(ulong length)
    {
        var start = Offset;
        return Utf8.IsValid(Take(length))
            ? new PickleItem(PickleKind.Text, start, (int)length)
            : throw new PickleRefusedException("a text that is not UTF-8");
    }

    public PickleItem Bytes(ulong length)
    {
        var start = Offset;
        Take(length);
        return new PickleItem(PickleKind.Bytes, start, (int)length);
    }

    /// <summary>A text of Python 2: this side's default reads it as ASCII.</summary>
    public PickleItem OldText(ulong length)
    {
        var start = Offset;
        return System.Text.Ascii.IsValid(Take(length))
            ? new PickleItem(PickleKind.Text, start, (int)length)
            : throw new PickleRefusedException("a Python 2 text that is not ASCII");
    }

    /// <summary>A number of text that is an index: of the memo.</summary>
    public int Index()
    {
        var line = Line();
        return System.Buffers.Text.Utf8Parser.TryParse(line, out int index, out var used) && used == line.Length && index >= 0
            ? index
            : throw new PickleRefusedException("a memo index that is no number");
    }

    /// <summary>A little-endian two's complement integer of any length.</summary>
    public PickleItem LongInteger(uint length, int maxBytes)
    {
        if (length > maxBytes)
        {
            throw new PickleRefusedException($"a whole number of {length} bytes; at most {maxBytes} may cross");
        }

        var bytes = Take(length);
        if (length > 8)
        {
            return new PickleItem(PickleKind.BigInt, 0, (int)length);
        }

        long value = length > 0 && (bytes[^1] & 0x80) != 0 ? -1 : 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return new PickleItem(PickleKind.Int, value);
    }
}
