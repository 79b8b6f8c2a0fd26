namespace Palio.Protocol.Spaces;

/// <summary>An array of zeros and ones: Gymnasium's MultiBinary. Travels as <c>u8</c> each.</summary>
/// <param name="shape">Dimensions.</param>
public sealed class MultiBinarySpace(params IReadOnlyList<int> shape) : Space
{
    /// <summary>Dimensions.</summary>
    public IReadOnlyList<int> Shape { get; } = [.. shape];

    /// <inheritdoc/>
    public override string Type => "MultiBinary";

    /// <inheritdoc/>
    public override int MinSize { get; } = SpaceShape.Count(shape);

    /// <inheritdoc/>
    public override bool IsFixedSize => true;

    internal override int Leaves => 1;

    internal override int Depth => 1;

    /// <inheritdoc/>
    public override string Describe() => $"MultiBinary {SpaceShape.Text(Shape)}";

    internal override int CheckCore(Span<byte> value, MemberRule rule, ref string? error)
    {
        if (value.Length < MinSize)
        {
            return Fail(ref error, $"expected {MinSize} bytes for {Describe()}, got {value.Length}");
        }

        var bad = value[..MinSize].IndexOfAnyExceptInRange((byte)0, (byte)1);
        return bad < 0 ? MinSize : Fail(ref error, $"expected 0 or 1 at {SpaceShape.Index(Shape, bad)}, got {value[bad]}");
    }
}
