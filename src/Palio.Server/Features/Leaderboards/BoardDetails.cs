using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Leaderboards;

/// <summary>What the rows of a board tell beside their order: EvalAI's show_scores_on_leaderboard and show_execution_time.</summary>
internal static class BoardDetails
{
    public static async Task<IReadOnlyList<LeaderboardEntry>> CompleteAsync(
        IReadOnlyList<LeaderboardEntry> entries, PhaseSplit board, bool showScores, PalioDbContext db, CancellationToken cancellationToken)
    {
        var shown = showScores ? entries : [.. entries.Select(entry => entry with { Scores = [], RankHigh = null, RankLow = null })];
        if (!board.ShowExecutionTime)
        {
            return shown;
        }

        var ids = shown.Select(entry => entry.SubmissionId).ToList();
        var runs = await db.Evaluations.AsNoTracking().Where(e => ids.Contains(e.SubmissionId) && e.State == Protocol.Evaluations.EvaluationState.Finished)
            .Select(e => new { e.Id, e.SubmissionId, e.Started, e.Ended }).ToListAsync(cancellationToken);
        var seconds = runs.GroupBy(run => run.SubmissionId).ToDictionary(group => group.Key, group => group.MaxBy(run => run.Id) is { Started: { } started, Ended: { } ended } ? (ended - started).TotalSeconds : (double?)null);
        return [.. shown.Select(entry => entry with { ExecutionSeconds = seconds.GetValueOrDefault(entry.SubmissionId) })];
    }
}
