using System.Buffers.Binary;

namespace Palio.Protocol.Spaces;

/// <summary>One of <paramref name="n"/> whole numbers from <paramref name="start"/> on: Gymnasium's Discrete. Travels as <c>i64</c>.</summary>
/// <param name="n">How many; at least 1.</param>
/// <param name="start">The smallest. Default 0.</param>
public sealed class DiscreteSpace(long n, long start = 0) : Space
{
    /// <summary>How many.</summary>
    public long N { get; } = n < 1 ? throw new SpaceException($"n is {n}; it must be at least 1")
        : start > long.MaxValue - (n - 1) ? throw new SpaceException($"start {start} and n {n} go beyond 64 bits") : n;

    /// <summary>The smallest.</summary>
    public long Start { get; } = start;

    /// <inheritdoc/>
    public override string Type => "Discrete";

    /// <inheritdoc/>
    public override int MinSize => sizeof(long);

    /// <inheritdoc/>
    public override bool IsFixedSize => true;

    internal override int Leaves => 1;

    internal override int Depth => 1;

    /// <inheritdoc/>
    public override string Describe() => Start == 0 ? $"Discrete {N}" : $"Discrete {N} from {Start}";

    internal override int CheckCore(Span<byte> value, MemberRule rule, ref string? error)
    {
        if (value.Length < MinSize)
        {
            return Fail(ref error, $"expected {MinSize} bytes for {Describe()}, got {value.Length}");
        }

        var got = BinaryPrimitives.ReadInt64LittleEndian(value);
        return got >= Start && (ulong)(got - Start) < (ulong)N
            ? MinSize
            : Fail(ref error, $"expected a whole number from {Start} to {Start + (N - 1)}, got {got}");
    }
}
