namespace Palio.Protocol.Spaces;

/// <summary>Named members: Gymnasium's Dict. They travel in the order of their names, by Unicode code point.</summary>
public sealed class DictSpace : Space
{
    /// <summary>Makes the space.</summary>
    /// <param name="spaces">The members, in any order.</param>
    public DictSpace(IEnumerable<KeyValuePair<string, Space>> spaces)
    {
        Spaces = [.. spaces.OrderBy(pair => pair.Key, CodePointOrder.Instance)];
        for (var i = 0; i < Spaces.Count; i++)
        {
            if (Spaces[i].Key.Length is 0 or > 200)
            {
                throw new SpaceException("a Dict's names have 1 to 200 characters");
            }

            if (i > 0 && Spaces[i].Key == Spaces[i - 1].Key)
            {
                throw new SpaceException($"a Dict has \"{Spaces[i].Key}\" twice");
            }
        }

        CompositeSize.Check(this, [.. Spaces.Select(pair => pair.Value)], out var size);
        (MinSize, IsFixedSize, Leaves, Depth) = size;
    }

    /// <summary>The members in the order they travel in.</summary>
    public IReadOnlyList<KeyValuePair<string, Space>> Spaces { get; }

    /// <inheritdoc/>
    public override string Type => "Dict";

    /// <inheritdoc/>
    public override int MinSize { get; }

    /// <inheritdoc/>
    public override bool IsFixedSize { get; }

    internal override int Leaves { get; }

    internal override int Depth { get; }

    /// <inheritdoc/>
    public override string Describe() => $"Dict with {string.Join(", ", Spaces.Select(pair => pair.Key))}";

    internal override int CheckCore(Span<byte> value, MemberRule rule, ref string? error)
    {
        var used = 0;
        for (var i = 0; i < Spaces.Count; i++)
        {
            var one = Spaces[i].Value.CheckCore(value[used..], rule, ref error);
            if (one < 0)
            {
                error = $"{Spaces[i].Key}: {error}";
                return -1;
            }

            used += one;
        }

        return used;
    }
}

/// <summary>Orders texts by Unicode code point, which is the order of their UTF-8 bytes and of Python's strings, not that of UTF-16.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    public static CodePointOrder Instance { get; } = new();

    public int Compare(string? x, string? y) =>
        System.Text.Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y ?? ""));
}
