using System.Buffers.Binary;

namespace Palio.Protocol.Spaces;

/// <summary>An array of whole numbers, each with a range of its own: Gymnasium's MultiDiscrete. Travels as <c>i64</c> each.</summary>
public sealed class MultiDiscreteSpace : Space
{
    /// <summary>Makes the space.</summary>
    /// <param name="counts">How many values each element can take, row-major; at least 1.</param>
    /// <param name="shape">Dimensions; by default one, as long as <paramref name="counts"/>.</param>
    /// <param name="start">The smallest value of each element; by default zeros.</param>
    public MultiDiscreteSpace(IReadOnlyList<long> counts, IReadOnlyList<int>? shape = null, IReadOnlyList<long>? start = null)
    {
        Counts = [.. counts];
        Shape = shape is null ? [counts.Count] : [.. shape];
        Start = start is null ? [.. counts.Select(_ => 0L)] : [.. start];
        if (SpaceShape.Count(Shape) != Counts.Count || Start.Count != Counts.Count)
        {
            throw new SpaceException(
                $"nvec has {Counts.Count} elements and start {Start.Count}; shape {SpaceShape.Text(Shape)} needs {SpaceShape.Count(Shape)}");
        }

        for (var i = 0; i < Counts.Count; i++)
        {
            if (Counts[i] < 1 || Start[i] > long.MaxValue - (Counts[i] - 1))
            {
                throw new SpaceException($"element {i}: nvec {Counts[i]} with start {Start[i]} is no range");
            }
        }
    }

    /// <summary>How many values each element can take.</summary>
    public IReadOnlyList<long> Counts { get; }

    /// <summary>Dimensions.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The smallest value of each element.</summary>
    public IReadOnlyList<long> Start { get; }

    /// <inheritdoc/>
    public override string Type => "MultiDiscrete";

    /// <inheritdoc/>
    public override int MinSize => Counts.Count * sizeof(long);

    /// <inheritdoc/>
    public override bool IsFixedSize => true;

    internal override int Leaves => 1;

    internal override int Depth => 1;

    /// <inheritdoc/>
    public override string Describe() => $"MultiDiscrete {SpaceShape.Text(Shape)}";

    internal override int CheckCore(Span<byte> value, MemberRule rule, ref string? error)
    {
        if (value.Length < MinSize)
        {
            return Fail(ref error, $"expected {MinSize} bytes for {Describe()}, got {value.Length}");
        }

        for (var i = 0; i < Counts.Count; i++)
        {
            var got = BinaryPrimitives.ReadInt64LittleEndian(value[(i * sizeof(long))..]);
            if (got < Start[i] || (ulong)(got - Start[i]) >= (ulong)Counts[i])
            {
                var last = Start[i] + (Counts[i] - 1);
                return Fail(ref error, $"expected a whole number from {Start[i]} to {last} at {SpaceShape.Index(Shape, i)}, got {got}");
            }
        }

        return MinSize;
    }
}
