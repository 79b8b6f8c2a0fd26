using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Palio.Protocol.Spaces;
using Palio.Sdk.Values;

namespace Palio.Sdk;

/// <summary>
/// Writes a value leaf by leaf: the members of a Dict in the order of their names, those of a Tuple in theirs, the elements of a Sequence after
/// its <see cref="WriteCount"/>. Types and sizes are checked here; bounds by the referee, which clips or forfeits as the phase says.
/// </summary>
public sealed class ValueWriter
{
    private readonly ValueCursor _cursor;
    private byte[] _value;

    internal ValueWriter(Space space)
    {
        _cursor = new ValueCursor(space, isReading: false);
        _value = new byte[Math.Max(space.MinSize, 16)];
    }

    /// <summary>The space the value is of.</summary>
    public Space Space => _cursor.Space;

    /// <summary>Writes a Box, a MultiDiscrete (<see cref="long"/>) or a MultiBinary (<see cref="byte"/> or <see cref="bool"/>), row-major.</summary>
    /// <param name="values">All elements.</param>
    /// <typeparam name="T">The space's element type.</typeparam>
    public void Write<T>(params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var leaf = _cursor.Next();
        var count = Leaf.Elements<T>(leaf, _cursor);
        if (values.Length != count)
        {
            throw new InvalidValueException($"expected {count} elements for {leaf!.Describe()}{_cursor.Place()}, got {values.Length}");
        }

        MemoryMarshal.AsBytes(values).CopyTo(Reserve(count * Unsafe.SizeOf<T>()));
    }

    /// <summary>Room for all elements of a Box, a MultiDiscrete or a MultiBinary, row-major, to be filled before anything else is written.</summary>
    /// <typeparam name="T">The space's element type.</typeparam>
    public Span<T> Fill<T>()
        where T : unmanaged
    {
        var room = Reserve(Leaf.Elements<T>(_cursor.Next(), _cursor) * Unsafe.SizeOf<T>());
        room.Clear();
        return MemoryMarshal.Cast<byte, T>(room);
    }

    /// <summary>Writes a Discrete.</summary>
    /// <param name="value">From its start to its start + n - 1.</param>
    public void WriteInteger(long value)
    {
        Leaf.Of<DiscreteSpace>(_cursor.Next(), _cursor, "the integer", value);
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
    }

    /// <summary>Writes a Text.</summary>
    /// <param name="text">Well-formed, of the space's characters and length.</param>
    public void WriteText(ReadOnlySpan<char> text)
    {
        Leaf.Of<TextSpace>(_cursor.Next(), _cursor, "a text");
        var size = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(uint)), size);
        Encoding.UTF8.GetBytes(text, Reserve(size));
    }

    /// <summary>Writes the number of elements of a Sequence; that many elements must follow.</summary>
    /// <param name="count">Number of elements.</param>
    public void WriteCount(int count)
    {
        var sequence = Leaf.Of<SequenceSpace>(_cursor.Next(), _cursor, "the count", count);
        if (count < 0 || count > sequence.MaxLength)
        {
            throw new InvalidValueException($"expected 0 to {sequence.MaxLength} elements{_cursor.Place()}, got {count}");
        }

        BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(uint)), count);
        _cursor.Enter(sequence, count);
    }

    internal void Start() => _cursor.Start();

    /// <summary>The whole value, valid until the next <see cref="Start"/>.</summary>
    internal ReadOnlySpan<byte> Finish(string what)
    {
        if (_cursor.Next() is { } missing)
        {
            throw new InvalidValueException(
                $"{what} is not whole: expected {missing.Describe()}{_cursor.Place()}, got nothing. Write every leaf of {Space.Describe()}");
        }

        return _value.AsSpan(0, _cursor.Position);
    }

    private Span<byte> Reserve(int size)
    {
        var at = _cursor.Position;
        if (_value.Length - at < size)
        {
            Array.Resize(ref _value, Math.Max(_value.Length * 2, at + size));
        }

        _cursor.Position = at + size;
        return _value.AsSpan(at, size);
    }
}
