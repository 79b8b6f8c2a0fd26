using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Palio.Protocol.Spaces;

/// <summary>The bounds of a box, one or one for each element, by element type.</summary>
internal abstract class BoxBounds
{
    /// <summary>The first element that is out of bounds, or -1. Clipped actions are mended in place.</summary>
    public abstract int Check(Span<byte> value, MemberRule rule);

    /// <summary>Low, high and the element for a message.</summary>
    public abstract (string Low, string High, string Got) Explain(ReadOnlySpan<byte> value, int index);

    /// <summary>Writes <c>low</c> or <c>high</c> as JSON.</summary>
    public abstract void Write(Utf8JsonWriter writer, bool high);

    /// <summary>The bounds of an element widened to double; for sampling.</summary>
    public abstract (double Low, double High) At(int index);

    // By the type, not by the array's: to the runtime a byte[] is an sbyte[] too.
    public static BoxBounds Of<T>(T[] low, T[] high)
        where T : unmanaged => typeof(T) switch
    {
        _ when typeof(T) == typeof(sbyte) => new NumberBounds<sbyte>((sbyte[])(object)low, (sbyte[])(object)high),
        _ when typeof(T) == typeof(byte) => new NumberBounds<byte>((byte[])(object)low, (byte[])(object)high),
        _ when typeof(T) == typeof(short) => new NumberBounds<short>((short[])(object)low, (short[])(object)high),
        _ when typeof(T) == typeof(ushort) => new NumberBounds<ushort>((ushort[])(object)low, (ushort[])(object)high),
        _ when typeof(T) == typeof(int) => new NumberBounds<int>((int[])(object)low, (int[])(object)high),
        _ when typeof(T) == typeof(uint) => new NumberBounds<uint>((uint[])(object)low, (uint[])(object)high),
        _ when typeof(T) == typeof(long) => new NumberBounds<long>((long[])(object)low, (long[])(object)high),
        _ when typeof(T) == typeof(ulong) => new NumberBounds<ulong>((ulong[])(object)low, (ulong[])(object)high),
        _ when typeof(T) == typeof(Half) => new NumberBounds<Half>((Half[])(object)low, (Half[])(object)high),
        _ when typeof(T) == typeof(float) => new NumberBounds<float>((float[])(object)low, (float[])(object)high),
        _ when typeof(T) == typeof(double) => new NumberBounds<double>((double[])(object)low, (double[])(object)high),
        _ when typeof(T) == typeof(bool) => new NumberBounds<byte>(Bytes((bool[])(object)low, 0), Bytes((bool[])(object)high, 1), isBool: true),
        _ => throw new SpaceException($"{typeof(T).Name} cannot be an element of a Box"),
    };

    public static ElementType TypeOf<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Boolean => ElementType.Bool,
        TypeCode.SByte => ElementType.Int8,
        TypeCode.Int16 => ElementType.Int16,
        TypeCode.Int32 => ElementType.Int32,
        TypeCode.Int64 => ElementType.Int64,
        TypeCode.Byte => ElementType.UInt8,
        TypeCode.UInt16 => ElementType.UInt16,
        TypeCode.UInt32 => ElementType.UInt32,
        TypeCode.UInt64 => ElementType.UInt64,
        TypeCode.Single => ElementType.Float32,
        TypeCode.Double => ElementType.Float64,
        _ when typeof(T) == typeof(Half) => ElementType.Float16,
        _ => throw new SpaceException($"{typeof(T).Name} cannot be an element of a Box"),
    };

    private static byte[] Bytes(bool[] values, byte otherwise) =>
        values.Length == 0 ? [otherwise] : [.. values.Select(value => value ? (byte)1 : (byte)0)];
}

/// <summary>Bounds of one element type.</summary>
internal sealed class NumberBounds<T> : BoxBounds
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private static readonly bool IsFloat = typeof(T) == typeof(Half) || typeof(T) == typeof(float) || typeof(T) == typeof(double);
    private static readonly T Lowest = IsFloat ? -T.One / T.Zero : T.MinValue;
    private static readonly T Highest = IsFloat ? T.One / T.Zero : T.MaxValue;

    private readonly T[] _low;
    private readonly T[] _high;
    private readonly T[] _finiteLow;
    private readonly T[] _finiteHigh;
    private readonly bool _whole;
    private readonly bool _isBool;

    public NumberBounds(T[] low, T[] high, bool isBool = false)
    {
        _low = low.Length == 0 ? [Lowest] : low;
        _high = high.Length == 0 ? [Highest] : high;
        if (_low.Length != _high.Length)
        {
            (_low, _high) = (Spread(_low, _high.Length), Spread(_high, _low.Length));
        }

        _isBool = isBool;
        for (var i = 0; i < _low.Length; i++)
        {
            // Written so that NaN is refused as well.
            if (!(_low[i] <= _high[i]))
            {
                throw new SpaceException($"low {Text(_low[i])} is above high {Text(_high[i])}, or one is not a number");
            }
        }

        // Actions must be finite: an infinite bound counts as the largest finite number there.
        _finiteLow = [.. _low.Select(Finite)];
        _finiteHigh = [.. _high.Select(Finite)];
        _whole = !IsFloat && _low.All(value => value == T.MinValue) && _high.All(value => value == T.MaxValue);
    }

    public override int Check(Span<byte> value, MemberRule rule)
    {
        if (_whole)
        {
            return -1;
        }

        var elements = MemoryMarshal.Cast<byte, T>(value);
        var (low, high) = rule == MemberRule.Observation ? (_low, _high) : (_finiteLow, _finiteHigh);
        if (rule == MemberRule.ClippedAction && !_isBool)
        {
            return Clip(elements, low, high);
        }

        return low.Length == 1 ? Check(elements, low[0], high[0]) : Check(elements, low, high);
    }

    public override (string Low, string High, string Got) Explain(ReadOnlySpan<byte> value, int index)
    {
        var element = MemoryMarshal.Cast<byte, T>(value)[index];
        var bound = _low.Length == 1 ? 0 : index;
        return (Text(_low[bound]), Text(_high[bound]), Text(element));
    }

    public override void Write(Utf8JsonWriter writer, bool high)
    {
        var values = high ? _high : _low;
        if (values.Length == 1)
        {
            WriteNumber(writer, values[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var value in values)
        {
            WriteNumber(writer, value);
        }

        writer.WriteEndArray();
    }

    public override (double Low, double High) At(int index)
    {
        var bound = _low.Length == 1 ? 0 : index;
        return (double.CreateSaturating(_finiteLow[bound]), double.CreateSaturating(_finiteHigh[bound]));
    }

    private static int Check(ReadOnlySpan<T> elements, T low, T high)
    {
        var i = 0;
        if (Vector.IsHardwareAccelerated && Vector<T>.IsSupported)
        {
            var (lows, highs) = (new Vector<T>(low), new Vector<T>(high));
            for (; i <= elements.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                var some = new Vector<T>(elements[i..]);
                if (!Vector.GreaterThanOrEqualAll(some, lows) || !Vector.LessThanOrEqualAll(some, highs))
                {
                    break;
                }
            }
        }

        for (; i < elements.Length; i++)
        {
            if (!(elements[i] >= low && elements[i] <= high))
            {
                return i;
            }
        }

        return -1;
    }

    private static int Check(ReadOnlySpan<T> elements, T[] low, T[] high)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (!(elements[i] >= low[i] && elements[i] <= high[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static int Clip(Span<T> elements, T[] low, T[] high)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (T.IsNaN(elements[i]))
            {
                return i;
            }

            var bound = low.Length == 1 ? 0 : i;
            elements[i] = T.Clamp(elements[i], low[bound], high[bound]);
        }

        return -1;
    }

    private static T[] Spread(T[] values, int count) => values.Length == 1 ? [.. Enumerable.Repeat(values[0], count)] : values;

    private static T Finite(T value) => T.Clamp(value, T.MinValue, T.MaxValue);

    private static string Text(T value) => value.ToString(null, CultureInfo.InvariantCulture) switch
    {
        "Infinity" => "inf",
        "-Infinity" => "-inf",
        var text => text,
    };

    private void WriteNumber(Utf8JsonWriter writer, T value)
    {
        if (_isBool || !T.IsFinite(value))
        {
            WriteSpecial(writer, value);
            return;
        }

        // The shortest digits that give this value back in its own type.
        writer.WriteRawValue(Text(value));
    }

    private void WriteSpecial(Utf8JsonWriter writer, T value)
    {
        if (_isBool)
        {
            writer.WriteNumberValue(Unsafe.BitCast<T, byte>(value));
        }
        else
        {
            writer.WriteStringValue(Text(value));
        }
    }
}
