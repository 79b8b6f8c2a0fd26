using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Leaderboards;

/// <summary>The rows of a board before they are ranked.</summary>
internal static class BoardRows
{
    /// <summary>What everybody may see: one indexed read of the kept rows.</summary>
    /// <param name="split">Whose.</param>
    /// <param name="column">By which the rows are the best.</param>
    /// <param name="teams">Theirs alone; null for all.</param>
    /// <param name="db">Database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<Row>> ReadAsync(
        int split, string column, IReadOnlyCollection<int>? teams, PalioDbContext db, CancellationToken cancellationToken)
    {
        var rows = await Kept(split, column, teams, db)
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

    internal static IQueryable<BoardEntry> Kept(int split, string column, IReadOnlyCollection<int>? teams, PalioDbContext db)
    {
        var entries = db.BoardEntries.AsNoTracking().Where(e => e.PhaseSplitId == split && e.Column == column);
        return teams is null ? entries : entries.Where(e => teams.Contains(e.TeamId));
    }

    /// <summary>With private entries, for hosts. Made from the scores, since no rows are kept for it.</summary>
    public static async Task<IReadOnlyList<Row>> FromScoresAsync(
        PhaseSplit board, BoardOrder order, IReadOnlyList<LeaderboardColumn> columns, PalioDbContext db, CancellationToken cancellationToken)
    {
        var candidates = await BoardCandidates.ReadAsync(board.PhaseId, null, withPrivate: true, db, cancellationToken);
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
    /// <param name="SubmissionId">The submission that counts.</param>
    /// <param name="EvaluationId">Where its scores come from.</param>
    /// <param name="TeamId">Its team.</param>
    /// <param name="Team">The team's name.</param>
    /// <param name="Method">The method's name.</param>
    /// <param name="Scores">In the order of the columns.</param>
    /// <param name="Submitted">When it was submitted.</param>
    /// <param name="Updated">When the row came to be.</param>
    /// <param name="IsBaseline">A host's baseline.</param>
    /// <param name="IsPrivate">A private submission.</param>
    internal sealed record Row(
        int SubmissionId, long EvaluationId, int TeamId, string Team, string? Method, IReadOnlyList<MetricScore> Scores, DateTimeOffset Submitted,
        DateTimeOffset Updated, bool IsBaseline, bool IsPrivate)
    {
        /// <summary>With what decides its place in this order.</summary>
        public (PlaceKey Key, Row Row) Placed(BoardOrder order) =>
            (new PlaceKey(Scores.FirstOrDefault(score => score.Metric == order.OrderBy) is { } score ? PlaceKey.Finite(score.Value) : null, Updated, SubmissionId, IsBaseline), this);
    }
}
