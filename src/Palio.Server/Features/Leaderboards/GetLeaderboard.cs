using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Ranked = Palio.Challenges.Ranking.BoardEntry;

namespace Palio.Server.Features.Leaderboards;

/// <summary>A board, as the caller may see it.</summary>
internal static class GetLeaderboard
{
    private const int MostRows = 1000;

    /// <param name="challenge">Id or slug.</param>
    /// <param name="phase">Codename or id.</param>
    /// <param name="split">Name or id; null for the first.</param>
    /// <param name="sort">A column; null for the board's own order.</param>
    /// <param name="limit">Most rows; null for 100.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="db">Database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Leaderboard> HandleAsync(
        string challenge, string phase, string? split, string? sort, int? limit, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(challenge, caller, db, cancellationToken);
        var found = await ChallengeAccess.FindPhaseAsync(access, phase, db, cancellationToken);
        var board = await SplitAsync(found, split, access, db, cancellationToken);
        var columns = JsonSerializer.Deserialize<List<LeaderboardColumn>>(board.Columns) ?? [];
        var sortedBy = sort is null ? board.OrderBy
            : columns.FirstOrDefault(column => column.Name == sort)?.Name
            ?? throw PalioException.Invalid("sort", $"'{sort}' is no column of this board.", $"Write one of: {string.Join(", ", columns.Select(c => c.Name))}.");
        var userId = caller.IdOrZero;
        var onlyOwn = board.Visibility == "owner_and_host" && !access.MayManage;
        var isAnonymous = await IsAnonymousAsync(access, db, cancellationToken);
        var rows = await db.BoardEntries.AsNoTracking().Where(e => e.PhaseSplitId == board.Id)
            .Select(e => new Row(
                e.SubmissionId, e.TeamId, e.Team.Name, e.Submission.MethodName, e.Scores, e.Submitted, e.Updated, e.IsBaseline,
                e.Team.Members.Any(member => member.UserId == userId)))
            .ToListAsync(cancellationToken);
        var order = new BoardOrder { OrderBy = sortedBy, Descending = sort is null ? board.HigherIsBetter : columns.First(c => c.Name == sortedBy).HigherIsBetter };
        var entries = Entries(rows, order, isAnonymous).Where(e => !onlyOwn || e.Mine).ToList();
        return new Leaderboard(
            access.Challenge.Slug, found.Codename, new PhaseSplitSummary(board.Id, board.Name, board.Visibility), columns, sortedBy,
            [.. entries.Take(Math.Clamp(limit ?? 100, 1, MostRows))], entries.Count, rows.Count == 0 ? null : rows.Max(row => row.Updated));
    }

    // Ranks count teams; a baseline stands where its value puts it, and has none.
    private static IEnumerable<LeaderboardEntry> Entries(List<Row> rows, BoardOrder order, bool isAnonymous)
    {
        var byId = rows.ToDictionary(row => (long)row.SubmissionId);
        var ranks = Board.Rank(rows.Where(row => !row.IsBaseline).Select(row => row.AsRanked()), order).ToDictionary(row => row.Entry.SubmissionId, row => row.Rank);
        foreach (var place in Board.Rank(rows.Select(row => row.AsRanked()), order))
        {
            var row = byId[place.Entry.SubmissionId];
            var team = isAnonymous && !row.IsMine && !row.IsBaseline ? $"Team {place.Position}" : row.Team;
            yield return new LeaderboardEntry(
                row.IsBaseline ? null : ranks.GetValueOrDefault(place.Entry.SubmissionId), null, null, team, row.SubmissionId, isAnonymous && !row.IsMine ? null : row.Method,
                row.Parsed, row.Submitted, row.IsBaseline, row.IsMine);
        }
    }

    private static async Task<PhaseSplit> SplitAsync(Phase phase, string? split, AccessedChallenge access, PalioDbContext db, CancellationToken cancellationToken)
    {
        var splits = await db.PhaseSplits.AsNoTracking().Where(s => s.PhaseId == phase.Id && s.IsDeclared && (access.MayManage || s.Visibility != "host"))
            .OrderBy(s => s.Position).ToListAsync(cancellationToken);
        return (split is null
                ? splits.FirstOrDefault()
                : splits.FirstOrDefault(s => s.Name == split || s.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == split))
            ?? throw PalioException.NotFound("board");
    }

    private static async Task<bool> IsAnonymousAsync(AccessedChallenge access, PalioDbContext db, CancellationToken cancellationToken)
    {
        var revision = await db.ChallengeRevisions.AsNoTracking()
            .SingleAsync(r => r.ChallengeId == access.Challenge.Id && r.Number == access.Challenge.Revision, cancellationToken);
        return !access.MayManage && ChallengeViews.Declaration(revision).AnonymousLeaderboard;
    }

    private sealed record Row(
        int SubmissionId, int TeamId, string Team, string? Method, string Scores, DateTimeOffset Submitted, DateTimeOffset Updated, bool IsBaseline, bool IsMine)
    {
        public IReadOnlyList<MetricScore> Parsed { get; } = JsonSerializer.Deserialize<List<MetricScore>>(Scores) ?? [];

        public Ranked AsRanked() => new()
        {
            SubmissionId = SubmissionId,
            Team = TeamId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            SubmittedAt = Submitted,
            ScoredAt = Updated,
            Values = Parsed.ToDictionary(s => s.Metric, s => s.Value),
            IsBaseline = IsBaseline,
        };
    }
}
