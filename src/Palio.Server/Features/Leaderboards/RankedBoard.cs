using System.Collections.Immutable;
using Palio.Challenges.Ranking;

namespace Palio.Server.Features.Leaderboards;

/// <summary>A board in order, as nobody in particular sees it. A change makes a new one that shares with it whatever stayed.</summary>
internal sealed class RankedBoard
{
    private readonly Standings<BoardRows.Row> _standings;
    private readonly ImmutableDictionary<int, ImmutableList<BoardRows.Row>> _ofTeams;
    private readonly ImmutableSortedSet<(DateTimeOffset At, int Submission)> _updates;

    private RankedBoard(
        Standings<BoardRows.Row> standings, ImmutableDictionary<int, ImmutableList<BoardRows.Row>> ofTeams,
        ImmutableSortedSet<(DateTimeOffset At, int Submission)> updates, long version)
    {
        (_standings, _ofTeams, _updates, Version) = (standings, ofTeams, updates, version);
        First = [.. standings.Places.TakeWhile(place => place.Key.Value is not null).Where(place => place.Rank is not null)
            .Take(RankUncertainty.MaxCandidates).Select(place => place.Row.EvaluationId)];
    }

    /// <summary>Its rows, the first place first; a walk that goes as far as it is asked to.</summary>
    public IEnumerable<Standing<BoardRows.Row>> Places => _standings.Places;

    /// <summary>How many rows there are.</summary>
    public int Count => _standings.Count;

    /// <summary>Whose rows they are.</summary>
    public IEnumerable<int> Teams => _ofTeams.Keys;

    /// <summary>The board's version that was there before it was read.</summary>
    public long Version { get; }

    /// <summary>When a row last changed; null without rows.</summary>
    public DateTimeOffset? Updated => _updates.IsEmpty ? null : _updates.Max.At;

    /// <summary>The evaluations behind the first ranks: as many as are compared with one another.</summary>
    public IReadOnlyList<long> First { get; }

    public static RankedBoard Of(IEnumerable<BoardRows.Row> rows, BoardOrder order, long version = 0) =>
        new RankedBoard(new Standings<BoardRows.Row>(order), ImmutableDictionary<int, ImmutableList<BoardRows.Row>>.Empty, [], 0).With([], rows, order, version);

    /// <summary>Where these teams stand, the first place first.</summary>
    public IEnumerable<Standing<BoardRows.Row>> PlacesOf(IEnumerable<int> teams) => teams
        .SelectMany(RowsOf).Select(row => _standings.Find(row.SubmissionId)).OfType<Standing<BoardRows.Row>>().OrderBy(place => place.Position);

    /// <summary>The board when these teams' rows are others.</summary>
    /// <param name="teams">Whose rows are no longer there.</param>
    /// <param name="come">Rows that are there instead.</param>
    /// <param name="order">The board's order.</param>
    /// <param name="version">The board's version that was there before the rows were read.</param>
    public RankedBoard With(IReadOnlyCollection<int> teams, IEnumerable<BoardRows.Row> come, BoardOrder order, long version)
    {
        var (gone, added) = (teams.SelectMany(RowsOf).ToList(), come.ToList());
        return new RankedBoard(
            _standings.With(gone.Select(row => (long)row.SubmissionId), added.Select(row => row.Placed(order))),
            _ofTeams.RemoveRange(teams).SetItems(added.GroupBy(row => row.TeamId).Select(rows => KeyValuePair.Create(rows.Key, rows.ToImmutableList()))),
            _updates.Except(gone.Select(Update)).Union(added.Select(Update)), version);
    }

    private IEnumerable<BoardRows.Row> RowsOf(int team) => _ofTeams.GetValueOrDefault(team) ?? [];

    private static (DateTimeOffset At, int Submission) Update(BoardRows.Row row) => (row.Updated, row.SubmissionId);
}
