namespace Palio.Protocol.Api;

/// <summary>A board. <c>GET /api/v1/challenges/{idOrSlug}/phases/{phase}/leaderboard?split=&amp;sort=&amp;limit=&amp;private=</c>.</summary>
/// <param name="Challenge">Challenge slug.</param>
/// <param name="Phase">Phase codename.</param>
/// <param name="Split">The phase split shown.</param>
/// <param name="Columns">Metrics in the order of the schema.</param>
/// <param name="SortedBy">Name of the metric it is ordered by.</param>
/// <param name="Entries">Best (or latest) of each team, in rank order.</param>
/// <param name="Total">Teams on the board.</param>
/// <param name="Updated">Last change.</param>
public sealed record Leaderboard(string Challenge, string Phase, PhaseSplitSummary Split, IReadOnlyList<LeaderboardColumn> Columns,
    string SortedBy, IReadOnlyList<LeaderboardEntry> Entries, int Total, DateTimeOffset? Updated)
{
    /// <summary>
    /// The ranks are those of now, but the ranks that their uncertainty allows are still being computed and missing: ask again in a moment.
    /// </summary>
    public bool IntervalsPending { get; init; }
}

/// <summary>A metric of a board.</summary>
public sealed record LeaderboardColumn(string Name, bool HigherIsBetter, int Decimals, string? Description);

/// <summary>A row of a board.</summary>
/// <param name="Rank">From 1; equal values share it. Baselines have none.</param>
/// <param name="RankHigh">Best rank the uncertainty allows.</param>
/// <param name="RankLow">Worst rank the uncertainty allows.</param>
/// <param name="Team">Team name.</param>
/// <param name="SubmissionId">The submission that counts.</param>
/// <param name="MethodName">Name of the method.</param>
/// <param name="Scores">In the order of the columns; empty where the board keeps its values to its hosts.</param>
/// <param name="Submitted">When it was submitted.</param>
/// <param name="Baseline">A host's baseline.</param>
/// <param name="Mine">The caller's team.</param>
public sealed record LeaderboardEntry(int? Rank, int? RankHigh, int? RankLow, string Team, int SubmissionId, string? MethodName,
    IReadOnlyList<MetricScore> Scores, DateTimeOffset Submitted, bool Baseline, bool Mine)
{
    /// <summary>A private submission: on a public board only hosts see it, and only when they ask for it.</summary>
    public bool Private { get; init; }

    /// <summary>How long the evaluation took, in seconds, where the board says so.</summary>
    public double? ExecutionSeconds { get; init; }
}
