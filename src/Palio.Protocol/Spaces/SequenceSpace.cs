using System.Buffers.Binary;

namespace Palio.Protocol.Spaces;

/// <summary>Any number of values of one space: Gymnasium's Sequence. Travels as <c>u32</c> count and the elements.</summary>
public sealed class SequenceSpace : Space
{
    /// <summary>Largest number of elements when a sequence does not say.</summary>
    public const int DefaultMaxLength = 65536;

    /// <summary>Makes the space.</summary>
    /// <param name="element">Space of the elements.</param>
    /// <param name="maxLength">Most elements, 1 to 16 777 216. Default 65 536.</param>
    public SequenceSpace(Space element, int maxLength = DefaultMaxLength)
    {
        if (maxLength is < 1 or > 16 * 1024 * 1024)
        {
            throw new SpaceException($"max_length is {maxLength}; it must be from 1 to 16777216");
        }

        (Element, MaxLength, Leaves, Depth) = (element, maxLength, element.Leaves, element.Depth + 1);
        new CompositeSize(MinSize, IsFixedSize, Leaves, Depth).CheckLimits();
    }

    /// <summary>Space of the elements.</summary>
    public Space Element { get; }

    /// <summary>Most elements.</summary>
    public int MaxLength { get; }

    /// <inheritdoc/>
    public override string Type => "Sequence";

    /// <inheritdoc/>
    public override int MinSize => sizeof(uint);

    /// <inheritdoc/>
    public override bool IsFixedSize => false;

    internal override int Leaves { get; }

    internal override int Depth { get; }

    /// <inheritdoc/>
    public override string Describe() => $"Sequence of at most {MaxLength} {Element.Describe()}";

    internal override int CheckCore(Span<byte> value, MemberRule rule, ref string? error)
    {
        if (value.Length < sizeof(uint))
        {
            return Fail(ref error, $"expected the count of a Sequence, got {value.Length} bytes");
        }

        // Every element has at least a byte, so the work is bounded by the message.
        var count = BinaryPrimitives.ReadUInt32LittleEndian(value);
        if (count > (uint)MaxLength)
        {
            return Fail(ref error, $"expected at most {MaxLength} elements, got {count}");
        }

        var used = sizeof(uint);
        for (var i = 0; i < (int)count; i++)
        {
            var one = Element.CheckCore(value[used..], rule, ref error);
            if (one < 0)
            {
                error = $"[{i}]: {error}";
                return -1;
            }

            used += one;
        }

        return used;
    }
}
