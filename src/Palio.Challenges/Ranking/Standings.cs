namespace Palio.Challenges.Ranking;

/// <summary>A row in its place on a board.</summary>
/// <param name="Position">Its place, from 1; every row has its own.</param>
/// <param name="Rank">Its rank among the teams, from 1, shared by equal values (1, 2, 2, 4); null for a baseline and without a value to rank by.</param>
/// <param name="Key">What decided its place.</param>
/// <param name="Row">What stands there.</param>
public sealed record Standing<TRow>(int Position, int? Rank, PlaceKey Key, TRow Row);

/// <summary>
/// A board in order: one row a team, and one for each baseline. It never changes; what changes on the board makes a new one by a walk
/// along the rows, without sorting them again.
/// </summary>
public sealed class Standings<TRow>
{
    private readonly BoardOrder _order;
    private readonly Standing<TRow>[] _places;

    /// <summary>A board without rows.</summary>
    /// <param name="order">How it will be ordered.</param>
    public Standings(BoardOrder order)
        : this(order, [])
    {
    }

    private Standings(BoardOrder order, Standing<TRow>[] places) => (_order, _places) = (order, places);

    /// <summary>The rows, the first place first.</summary>
    public IReadOnlyList<Standing<TRow>> Places => _places;

    /// <summary>The board after a change.</summary>
    /// <param name="gone">Submissions whose rows are no longer there.</param>
    /// <param name="come">Rows that were not there, or are there with something else, each with what decides its place; one a team, and any number of baselines.</param>
    public Standings<TRow> With(IReadOnlySet<long> gone, IEnumerable<(PlaceKey Key, TRow Row)> come)
    {
        var added = come.Select(row => new Standing<TRow>(0, null, row.Key, row.Row)).ToArray();
        Array.Sort(added, (left, right) => PlaceKey.Compare(left.Key, right.Key, _order));
        var merged = new List<Standing<TRow>>(_places.Length + added.Length);
        var next = 0;
        foreach (var place in _places)
        {
            if (gone.Contains(place.Key.SubmissionId))
            {
                continue;
            }

            while (next < added.Length && PlaceKey.Compare(added[next].Key, place.Key, _order) < 0)
            {
                merged.Add(added[next++]);
            }

            merged.Add(place);
        }

        merged.AddRange(added[next..]);
        return new Standings<TRow>(_order, Number(merged));
    }

    // Ranks count teams; a baseline stands where its value puts it, and has none.
    private static Standing<TRow>[] Number(List<Standing<TRow>> ordered)
    {
        var places = new Standing<TRow>[ordered.Count];
        var (teams, rank, value) = (0, 0, (double?)null);
        for (var i = 0; i < places.Length; i++)
        {
            var place = ordered[i];
            int? own = null;
            if (!place.Key.IsBaseline)
            {
                teams++;
                if (place.Key.Value is { } present)
                {
                    rank = present == value ? rank : teams;
                    (own, value) = (rank, present);
                }
            }

            places[i] = place.Position == i + 1 && place.Rank == own ? place : place with { Position = i + 1, Rank = own };
        }

        return places;
    }
}
