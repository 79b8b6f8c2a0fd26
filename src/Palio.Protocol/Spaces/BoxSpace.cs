namespace Palio.Protocol.Spaces;

/// <summary>An array of numbers within bounds: Gymnasium's Box.</summary>
public sealed class BoxSpace : Space
{
    private readonly BoxBounds _bounds;

    internal BoxSpace(ElementType elementType, IReadOnlyList<int> shape, Func<int, BoxBounds> bounds)
    {
        ElementType = elementType;
        Shape = [.. shape];
        Count = SpaceShape.Count(Shape);
        if ((long)Count * elementType.Size() > Frames.FrameLimits.CeilingMaxMessage)
        {
            throw new SpaceException($"a value of {Describe()} is larger than the largest message");
        }

        _bounds = bounds(Count);
    }

    /// <summary>Type of the elements.</summary>
    public ElementType ElementType { get; }

    /// <summary>Dimensions, outermost first; empty for one number.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public override string Type => "Box";

    /// <inheritdoc/>
    public override int MinSize => Count * ElementType.Size();

    /// <inheritdoc/>
    public override bool IsFixedSize => true;

    internal override int Leaves => 1;

    internal override int Depth => 1;

    internal BoxBounds Bounds => _bounds;

    /// <summary>A box with the same bounds for all elements, or the type's whole range (floats: unbounded) without them.</summary>
    /// <param name="shape">Dimensions.</param>
    /// <param name="low">Inclusive lower bound.</param>
    /// <param name="high">Inclusive upper bound.</param>
    /// <typeparam name="T">A number type, or bool.</typeparam>
    public static BoxSpace Create<T>(ReadOnlySpan<int> shape, T? low = null, T? high = null)
        where T : unmanaged =>
        new(BoxBounds.TypeOf<T>(), shape.ToArray(), _ => BoxBounds.Of<T>(low is { } l ? [l] : [], high is { } h ? [h] : []));

    /// <summary>A box with bounds of their own for each element, row-major.</summary>
    /// <param name="shape">Dimensions.</param>
    /// <param name="low">Inclusive lower bounds, one for each element.</param>
    /// <param name="high">Inclusive upper bounds, one for each element.</param>
    /// <typeparam name="T">A number type, or bool.</typeparam>
    public static BoxSpace Create<T>(ReadOnlySpan<int> shape, ReadOnlySpan<T> low, ReadOnlySpan<T> high)
        where T : unmanaged
    {
        T[] lows = [.. low], highs = [.. high];
        return new(BoxBounds.TypeOf<T>(), shape.ToArray(), count => lows.Length == count && highs.Length == count
            ? BoxBounds.Of<T>(lows, highs)
            : throw new SpaceException($"low and high need {count} elements each, got {lows.Length} and {highs.Length}"));
    }

    /// <inheritdoc/>
    public override string Describe() => $"Box {ElementType.Name()} {SpaceShape.Text(Shape)}";

    internal override int CheckCore(Span<byte> value, MemberRule rule, ref string? error)
    {
        if (value.Length < MinSize)
        {
            return Fail(ref error, $"expected {MinSize} bytes for {Describe()}, got {value.Length}");
        }

        var bad = _bounds.Check(value[..MinSize], rule);
        return bad < 0 ? MinSize : Fail(ref error, Explain(value, bad, rule));
    }

    private string Explain(ReadOnlySpan<byte> value, int index, MemberRule rule)
    {
        var (low, high, got) = _bounds.Explain(value, index);
        var finite = rule != MemberRule.Observation && ElementType.IsFloat() ? "finite " : "";
        var place = Shape.Count == 0 ? "" : $" at {SpaceShape.Index(Shape, index)}";
        return $"expected a {finite}{ElementType.Name()} from {low} to {high}{place}, got {got}";
    }
}
