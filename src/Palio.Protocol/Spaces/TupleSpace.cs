namespace Palio.Protocol.Spaces;

/// <summary>Members in an order: Gymnasium's Tuple.</summary>
public sealed class TupleSpace : Space
{
    /// <summary>Makes the space.</summary>
    /// <param name="spaces">The members.</param>
    public TupleSpace(params IReadOnlyList<Space> spaces)
    {
        Spaces = [.. spaces];
        CompositeSize.Check(this, Spaces, out var size);
        (MinSize, IsFixedSize, Leaves, Depth) = size;
    }

    /// <summary>The members.</summary>
    public IReadOnlyList<Space> Spaces { get; }

    /// <inheritdoc/>
    public override string Type => "Tuple";

    /// <inheritdoc/>
    public override int MinSize { get; }

    /// <inheritdoc/>
    public override bool IsFixedSize { get; }

    internal override int Leaves { get; }

    internal override int Depth { get; }

    /// <inheritdoc/>
    public override string Describe() => $"Tuple of {Spaces.Count}";

    internal override int CheckCore(Span<byte> value, MemberRule rule, ref string? error)
    {
        var used = 0;
        for (var i = 0; i < Spaces.Count; i++)
        {
            var one = Spaces[i].CheckCore(value[used..], rule, ref error);
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

/// <summary>What a composite's members add up to, within the protocol's limits.</summary>
internal readonly record struct CompositeSize(int MinSize, bool IsFixedSize, int Leaves, int Depth)
{
    public static void Check(Space space, IReadOnlyList<Space> members, out CompositeSize size)
    {
        if (members.Count == 0)
        {
            throw new SpaceException($"a {space.Type} has at least one member");
        }

        var bytes = members.Sum(member => (long)member.MinSize);
        if (bytes > Frames.FrameLimits.CeilingMaxMessage)
        {
            throw new SpaceException($"a value of the {space.Type} has {bytes} bytes: more than the largest message");
        }

        size = new((int)bytes, members.All(member => member.IsFixedSize), members.Sum(member => member.Leaves), 1 + members.Max(member => member.Depth));
        size.CheckLimits();
    }

    public void CheckLimits()
    {
        if (Leaves > Space.MaxLeaves)
        {
            throw new SpaceException($"a space has {Leaves} leaves; at most {Space.MaxLeaves} are allowed");
        }

        if (Depth > Space.MaxDepth)
        {
            throw new SpaceException($"a space is {Depth} levels deep; at most {Space.MaxDepth} are allowed");
        }
    }
}
