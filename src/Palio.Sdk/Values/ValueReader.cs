using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Palio.Protocol.Spaces;
using Palio.Sdk.Values;

namespace Palio.Sdk;

/// <summary>
/// Reads a value leaf by leaf: the members of a Dict in the order of their names, those of a Tuple in theirs, the elements of a Sequence after
/// its <see cref="ReadCount"/>. Good until the method it was given to returns.
/// </summary>
public readonly ref struct ValueReader
{
    private readonly ReadOnlySpan<byte> _value;
    private readonly ValueCursor _cursor;

    internal ValueReader(ReadOnlySpan<byte> value, ValueCursor cursor)
    {
        _value = value;
        _cursor = cursor;
        cursor.Start();
    }

    /// <summary>The space the value is of.</summary>
    public Space Space => _cursor.Space;

    /// <summary>The whole value as it travels.</summary>
    public ReadOnlySpan<byte> Bytes => _value;

    /// <summary>Reads a Box, a MultiDiscrete (<see cref="long"/>) or a MultiBinary (<see cref="byte"/> or <see cref="bool"/>), row-major.</summary>
    /// <typeparam name="T">The space's element type.</typeparam>
    /// <returns>A view, not a copy.</returns>
    public ReadOnlySpan<T> Read<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Take(Leaf.Elements<T>(_cursor.Next(), _cursor) * Unsafe.SizeOf<T>()));

    /// <summary>Reads a Discrete.</summary>
    public long ReadInteger()
    {
        Leaf.Of<DiscreteSpace>(_cursor.Next(), _cursor, "a reading of an integer");
        return BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
    }

    /// <summary>Reads a Text.</summary>
    public string ReadText()
    {
        Leaf.Of<TextSpace>(_cursor.Next(), _cursor, "a reading of a text");
        return Encoding.UTF8.GetString(Take(TakeCount()));
    }

    /// <summary>Reads the number of elements of a Sequence; the elements follow.</summary>
    public int ReadCount()
    {
        var sequence = Leaf.Of<SequenceSpace>(_cursor.Next(), _cursor, "a reading of a count");
        var count = TakeCount();
        _cursor.Enter(sequence, count);
        return count;
    }

    private int TakeCount() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(uint)));

    private ReadOnlySpan<byte> Take(int size)
    {
        var taken = _value.Slice(_cursor.Position, size);
        _cursor.Position += size;
        return taken;
    }
}
