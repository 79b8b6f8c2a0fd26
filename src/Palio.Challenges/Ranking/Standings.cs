using System.Collections.Immutable;

namespace Palio.Challenges.Ranking;

/// <summary>A row in its place on a board.</summary>
/// <param name="Position">Its place, from 1; every row has its own.</param>
/// <param name="Rank">Its rank among the teams, from 1, shared by equal values (1, 2, 2, 4); null for a baseline and without a value to rank by.</param>
/// <param name="Key">What decided its place.</param>
/// <param name="Row">What stands there.</param>
public sealed record Standing<TRow>(int Position, int? Rank, PlaceKey Key, TRow Row);

/// <summary>
/// A board in order: one row a team, and one for each baseline. It never changes; what changes on the board makes a new one that shares
/// with it whatever stayed, in a time that hardly depends on how many rows there are.
/// </summary>
public sealed class Standings<TRow>
{
    private readonly BoardOrder _order;
    private readonly ImmutableSortedSet<(PlaceKey Key, TRow Row)> _rows;
    private readonly ImmutableSortedSet<(PlaceKey Key, TRow Row)> _baselines;
    private readonly ImmutableDictionary<long, (PlaceKey Key, TRow Row)> _bySubmission;

    /// <summary>A board without rows.</summary>
    /// <param name="order">How it will be ordered.</param>
    public Standings(BoardOrder order)
    {
        var none = ImmutableSortedSet.Create<(PlaceKey Key, TRow Row)>(
            Comparer<(PlaceKey Key, TRow Row)>.Create((left, right) => PlaceKey.Compare(left.Key, right.Key, order)));
        (_order, _rows, _baselines, _bySubmission) = (order, none, none, ImmutableDictionary<long, (PlaceKey, TRow)>.Empty);
    }

    private Standings(
        BoardOrder order, ImmutableSortedSet<(PlaceKey Key, TRow Row)> rows, ImmutableSortedSet<(PlaceKey Key, TRow Row)> baselines,
        ImmutableDictionary<long, (PlaceKey Key, TRow Row)> bySubmission) =>
        (_order, _rows, _baselines, _bySubmission) = (order, rows, baselines, bySubmission);

    /// <summary>How many rows there are.</summary>
    public int Count => _rows.Count;

    /// <summary>The rows, the first place first; a walk that goes as far as it is asked to.</summary>
    public IEnumerable<Standing<TRow>> Places
    {
        get
        {
            var (position, teams, rank, value) = (0, 0, 0, (double?)null);
            foreach (var (key, row) in _rows)
            {
                position++;
                int? own = null;
                if (!key.IsBaseline)
                {
                    teams++;
                    if (key.Value is { } present)
                    {
                        rank = present == value ? rank : teams;
                        (own, value) = (rank, present);
                    }
                }

                yield return new Standing<TRow>(position, own, key, row);
            }
        }
    }

    /// <summary>Where a submission stands; null when it has no row.</summary>
    /// <param name="submission">Its id.</param>
    public Standing<TRow>? Find(long submission)
    {
        if (!_bySubmission.TryGetValue(submission, out var found))
        {
            return null;
        }

        // Ranks count teams; a baseline stands where its value puts it, and has none.
        int? rank = found.Key.IsBaseline || found.Key.Value is null ? null : 1 + Before(_rows, found) - Before(_baselines, found);
        return new Standing<TRow>(_rows.IndexOf(found) + 1, rank, found.Key, found.Row);
    }

    /// <summary>The board after a change.</summary>
    /// <param name="gone">Submissions whose rows are no longer there.</param>
    /// <param name="come">Rows that were not there, or are there with something else, each with what decides its place; one a team, and any number of baselines.</param>
    public Standings<TRow> With(IEnumerable<long> gone, IEnumerable<(PlaceKey Key, TRow Row)> come)
    {
        var (rows, baselines, bySubmission) = (_rows.ToBuilder(), _baselines.ToBuilder(), _bySubmission.ToBuilder());
        foreach (var submission in gone)
        {
            if (bySubmission.Remove(submission, out var row))
            {
                rows.Remove(row);
                baselines.Remove(row);
            }
        }

        foreach (var row in come)
        {
            bySubmission.Add(row.Key.SubmissionId, row);
            rows.Add(row);
            if (row.Key.IsBaseline)
            {
                baselines.Add(row);
            }
        }

        return new Standings<TRow>(_order, rows.ToImmutable(), baselines.ToImmutable(), bySubmission.ToImmutable());
    }

    // How many have a better value: as many as stand before the first that could have this one.
    private int Before(ImmutableSortedSet<(PlaceKey Key, TRow Row)> rows, (PlaceKey Key, TRow Row) row)
    {
        var first = _order.Ties == TieRule.EarliestFirst
            ? row.Key with { ScoredAt = DateTimeOffset.MinValue, SubmissionId = long.MinValue }
            : row.Key with { ScoredAt = DateTimeOffset.MaxValue, SubmissionId = long.MaxValue };
        return ~rows.IndexOf((first, row.Row));
    }
}
