namespace Palio.Challenges.Ranking;

/// <summary>What decides a row's place on a board.</summary>
/// <param name="Value">The value that ranks; null without a finite one.</param>
/// <param name="ScoredAt">When it was scored: decides between equal values.</param>
/// <param name="SubmissionId">The submission: decides between what was scored at the same time.</param>
/// <param name="IsBaseline">A host's entry for comparison, which takes no team's rank.</param>
public readonly record struct PlaceKey(double? Value, DateTimeOffset ScoredAt, long SubmissionId, bool IsBaseline)
{
    /// <summary>Of an entry, on a board in this order.</summary>
    public static PlaceKey Of(BoardEntry entry, BoardOrder order) => new(
        entry.Values.TryGetValue(order.OrderBy, out var value) ? Finite(value) : null, entry.ScoredAt, entry.SubmissionId, entry.IsBaseline);

    /// <summary>A value that ranks, or null.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>Below zero when the first stands before the second.</summary>
    public static int Compare(in PlaceKey left, in PlaceKey right, BoardOrder order)
    {
        if (left.Value is not { } a || right.Value is not { } b)
        {
            return left.Value is null && right.Value is null ? CompareTies(left, right, order) : left.Value is null ? 1 : -1;
        }

        var byValue = order.Descending ? b.CompareTo(a) : a.CompareTo(b);
        return byValue != 0 ? byValue : CompareTies(left, right, order);
    }

    private static int CompareTies(in PlaceKey left, in PlaceKey right, BoardOrder order)
    {
        var byTime = left.ScoredAt.CompareTo(right.ScoredAt);
        byTime = byTime != 0 ? byTime : left.SubmissionId.CompareTo(right.SubmissionId);
        return order.Ties == TieRule.EarliestFirst ? byTime : -byTime;
    }
}
