using Palio.Challenges.Ranking;

namespace Palio.Server.Features.Leaderboards;

/// <summary>A board in order, as nobody in particular sees it.</summary>
internal sealed class RankedBoard
{
    private readonly Standings<BoardRows.Row> _standings;

    private RankedBoard(Standings<BoardRows.Row> standings, long version)
    {
        (_standings, Version) = (standings, version);
        Updated = standings.Places.Count == 0 ? null : Rows.Max(row => row.Updated);
        First = [.. standings.Places.Where(place => place.Rank is not null).Take(RankUncertainty.MaxCandidates).Select(place => place.Row.EvaluationId)];
    }

    /// <summary>Its rows, the first place first.</summary>
    public IReadOnlyList<Standing<BoardRows.Row>> Places => _standings.Places;

    /// <summary>The board's version that was there before it was read.</summary>
    public long Version { get; }

    /// <summary>When a row last changed; null without rows.</summary>
    public DateTimeOffset? Updated { get; }

    /// <summary>The evaluations behind the first ranks: as many as are compared with one another.</summary>
    public IReadOnlyList<long> First { get; }

    public IEnumerable<BoardRows.Row> Rows => _standings.Places.Select(place => place.Row);

    public static RankedBoard Of(IEnumerable<BoardRows.Row> rows, BoardOrder order, long version = 0) =>
        new(new Standings<BoardRows.Row>(order).With(new HashSet<long>(), rows.Select(row => row.Placed(order))), version);

    public RankedBoard With(IReadOnlySet<long> gone, IEnumerable<BoardRows.Row> come, BoardOrder order, long version) =>
        new(_standings.With(gone, come.Select(row => row.Placed(order))), version);
}
