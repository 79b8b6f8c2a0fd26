using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Ranked = Palio.Challenges.Ranking.BoardEntry;

namespace Palio.Server.Features.Leaderboards;

/// <summary>The rows of a board before they are ranked.</summary>
internal static class BoardRows
{
    /// <summary>What everybody may see: one indexed read of the kept rows.</summary>
    public static async Task<IReadOnlyList<Row>> ReadAsync(PhaseSplit board, PalioDbContext db, CancellationToken cancellationToken)
    {
        var rows = await db.BoardEntries.AsNoTracking().Where(e => e.PhaseSplitId == board.Id)
            .Select(e => new
            {
                e.SubmissionId,
                e.EvaluationId,
                e.TeamId,
                Team = e.Team.Name,
                e.Submission.MethodName,
                e.Submission.IsPublic,
                e.Scores,
                e.Submitted,
                e.Updated,
                e.IsBaseline,
            })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new Row(
            row.SubmissionId, row.EvaluationId, row.TeamId, row.Team, row.MethodName, JsonSerializer.Deserialize<List<MetricScore>>(row.Scores) ?? [],
            row.Submitted, row.Updated, row.IsBaseline, !row.IsPublic))];
    }

    /// <summary>
    /// With private entries, for hosts; or by another column than the board's own, where each team stands with its best by that one.
    /// Made from the scores, since no rows are kept for it.
    /// </summary>
    public static async Task<IReadOnlyList<Row>> FromScoresAsync(
        PhaseSplit board, BoardOrder order, IReadOnlyList<LeaderboardColumn> columns, bool withPrivate, PalioDbContext db, CancellationToken cancellationToken)
    {
        var candidates = await BoardCandidates.ReadAsync(board.PhaseId, null, withPrivate || !board.IsPublic, db, cancellationToken);
        var standing = BoardCandidates.Standing(candidates, board, order).ToList();
        var ids = standing.Select(candidate => (int)candidate.Entry.SubmissionId).ToList();
        var facts = await db.Submissions.AsNoTracking().Where(s => ids.Contains(s.Id))
            .Select(s => new { s.Id, s.MethodName, Team = s.Participation.Team.Name })
            .ToDictionaryAsync(s => s.Id, cancellationToken);
        return [.. standing.Select(candidate => (candidate, fact: facts[(int)candidate.Entry.SubmissionId])).Select(pair => new Row(
            pair.fact.Id, pair.candidate.EvaluationId, pair.candidate.TeamId, pair.fact.Team, pair.fact.MethodName, pair.candidate.InOrder(columns),
            pair.candidate.Entry.SubmittedAt, pair.candidate.Entry.ScoredAt, pair.candidate.Entry.IsBaseline, !pair.candidate.IsPublic))];
    }

    /// <summary>A row and what is known of it.</summary>
    internal sealed record Row(
        int SubmissionId, long EvaluationId, int TeamId, string Team, string? Method, IReadOnlyList<MetricScore> Scores, DateTimeOffset Submitted,
        DateTimeOffset Updated, bool IsBaseline, bool IsPrivate)
    {
        public Ranked AsRanked() => new()
        {
            SubmissionId = SubmissionId,
            Team = TeamId.ToString(CultureInfo.InvariantCulture),
            SubmittedAt = Submitted,
            ScoredAt = Updated,
            Values = Scores.ToDictionary(s => s.Metric, s => s.Value),
            IsBaseline = IsBaseline,
        };
    }
}
