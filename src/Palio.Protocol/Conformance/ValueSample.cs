using System.Buffers.Binary;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Conformance;

/// <summary>Members of a space: what a peer sends that must be taken.</summary>
internal static class ValueSample
{
    /// <summary>A member; equal numbers give equal members.</summary>
    public static byte[] Of(Space space, int number)
    {
        using var stream = new MemoryStream();
        Write(stream, space, new Random(number));
        return stream.ToArray();
    }

    private static void Write(MemoryStream to, Space space, Random random)
    {
        switch (space)
        {
            case BoxSpace box:
                WriteBox(to, box, random);
                break;
            case DiscreteSpace discrete:
                WriteInteger(to, discrete.Start + random.NextInt64(discrete.N));
                break;
            case MultiDiscreteSpace multi:
                for (var i = 0; i < multi.Counts.Count; i++)
                {
                    WriteInteger(to, multi.Start[i] + random.NextInt64(multi.Counts[i]));
                }

                break;
            case MultiBinarySpace binary:
                for (var i = 0; i < binary.MinSize; i++)
                {
                    to.WriteByte((byte)random.Next(2));
                }

                break;
            case TextSpace text:
                var character = (text.Charset ?? "a").EnumerateRunes().First().ToString();
                var bytes = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(character, text.MinLength)));
                WriteCount(to, bytes.Length);
                to.Write(bytes);
                break;
            case DictSpace dict:
                foreach (var (_, member) in dict.Spaces)
                {
                    Write(to, member, random);
                }

                break;
            case TupleSpace tuple:
                foreach (var member in tuple.Spaces)
                {
                    Write(to, member, random);
                }

                break;
            case SequenceSpace sequence:
                var count = Math.Min(sequence.MaxLength, random.Next(3));
                WriteCount(to, count);
                for (var i = 0; i < count; i++)
                {
                    Write(to, sequence.Element, random);
                }

                break;
        }
    }

    private static void WriteBox(MemoryStream to, BoxSpace box, Random random)
    {
        Span<byte> element = stackalloc byte[sizeof(double)];
        for (var i = 0; i < box.Count; i++)
        {
            var (low, high) = box.Bounds.At(i);
            var value = Math.Clamp(low + (random.NextDouble() * (high - low)) is var between && double.IsFinite(between) ? between : random.NextDouble(), low, high);
            Put(element, box.ElementType, box.ElementType.IsFloat() ? value : Math.Clamp(Math.Round(value), low, high));
            to.Write(element[..box.ElementType.Size()]);
        }
    }

    private static void Put(Span<byte> to, ElementType type, double value)
    {
        switch (type)
        {
            case ElementType.Float16:
                BinaryPrimitives.WriteHalfLittleEndian(to, (Half)value);
                break;
            case ElementType.Float32:
                BinaryPrimitives.WriteSingleLittleEndian(to, (float)value);
                break;
            case ElementType.Float64:
                BinaryPrimitives.WriteDoubleLittleEndian(to, value);
                break;
            case ElementType.UInt64:
                BinaryPrimitives.WriteUInt64LittleEndian(to, (ulong)value);
                break;
            default:
                // The low bytes of two's complement are right for every narrower type.
                BinaryPrimitives.WriteInt64LittleEndian(to, (long)value);
                break;
        }
    }

    private static void WriteInteger(MemoryStream to, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        to.Write(bytes);
    }

    private static void WriteCount(MemoryStream to, int count)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
        to.Write(bytes);
    }
}
