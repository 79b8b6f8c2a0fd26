using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Server.Tests.Pages;

/// <summary>Records as pages get them.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 20, 15, 30, TimeSpan.Zero);

    public static EvaluationDetail Evaluation() => new()
    {
        Id = 7,
        State = EvaluationState.Running,
        EpisodesDone = 37,
        EpisodesTotal = 100,
        Queued = Then,
        Started = Then.AddSeconds(3),
    };

    public static LeaderboardEntry Entry(int? rank, string team, double value, double width = 1, bool mine = false, bool baseline = false, string? method = null) =>
        new(rank, rank, rank, team, rank ?? 99, method, [new MetricScore("score", value, value - width, value + width, 100, 100)], Then, baseline, mine);

    public static Leaderboard Board(params IReadOnlyList<LeaderboardEntry> entries) => new(
        "cartpole", "dev", new PhaseSplitSummary(1, "test", "public"), [new LeaderboardColumn("score", true, 2, null)], "score", entries, entries.Count, Then);
}
