using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Limits;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Leaderboards;

/// <summary>Which board, and how.</summary>
/// <param name="Challenge">Id or slug.</param>
/// <param name="Phase">Codename or id.</param>
/// <param name="Split">Name or id; null for the first.</param>
internal sealed record BoardQuery(string Challenge, string Phase, string? Split)
{
    /// <summary>A column; null for the board's own order.</summary>
    public string? Sort { get; init; }

    /// <summary>Most rows; null for 100.</summary>
    public int? Limit { get; init; }

    /// <summary>Private entries too, for hosts.</summary>
    public bool WithPrivate { get; init; }
}

/// <summary>A board, as the caller may see it.</summary>
internal static class GetLeaderboard
{
    private const int MostRows = 1000;

    public static async Task<Leaderboard> HandleAsync(
        BoardQuery query, CurrentUser caller, PalioDbContext db, RankIntervals intervals, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(query.Challenge, caller, db, cancellationToken);
        if (query.WithPrivate && !access.MayManage)
        {
            throw PalioException.Forbidden("Only the challenge's hosts see private entries.", "Leave 'private' out.");
        }

        var phase = await ChallengeAccess.FindPhaseAsync(access, query.Phase, db, cancellationToken);
        var board = await SplitAsync(phase, query.Split, access, db, cancellationToken);
        var columns = JsonSerializer.Deserialize<List<LeaderboardColumn>>(board.Columns) ?? [];
        var order = Order(board, columns, query.Sort);
        var revision = await DeclarationAsync(access, db, cancellationToken);
        var ranked = query.WithPrivate || !IsKept(board, order, revision)
            ? await RankAsync(await RowsAsync())
            : await intervals.Boards.GetAsync(board, phase, order, async () => await RankAsync(await RowsAsync()), db, cancellationToken);
        var isAnonymous = !access.MayManage && revision.AnonymousLeaderboard;
        var mine = await TeamsAsync(caller, db, cancellationToken);
        var places = board.Visibility == "owner_and_host" && !access.MayManage
            ? [.. ranked.Places.Where(place => mine.Contains(place.Row.TeamId))]
            : ranked.Places;
        var shown = places.Take(Math.Clamp(query.Limit ?? 100, 1, MostRows)).Select(place => Entry(place, mine.Contains(place.Row.TeamId), isAnonymous)).ToList();
        return new Leaderboard(
            access.Challenge.Slug, phase.Codename, ChallengeViews.Summary(board), columns, order.OrderBy,
            await BoardDetails.CompleteAsync(shown, board, showScores: board.ShowScores || access.MayManage, db, cancellationToken), places.Count, ranked.Updated);

        async Task<IReadOnlyList<BoardRows.Row>> RowsAsync() => await WithoutBannedAsync(
            !query.WithPrivate && HasRows(board, order)
                ? await BoardRows.ReadAsync(board, db, cancellationToken)
                : await BoardRows.FromScoresAsync(board, order, columns, query.WithPrivate, db, cancellationToken),
            revision, db, cancellationToken);

        Task<RankedBoard> RankAsync(IReadOnlyList<BoardRows.Row> rows) => GetLeaderboard.RankAsync(
            rows, new BoardKey(board.Id, order.OrderBy, order.Descending, query.WithPrivate), order, phase, intervals, db, cancellationToken);
    }

    // The kept rows are each team's best by the board's own column, or its latest.
    private static bool HasRows(PhaseSplit board, BoardOrder order) => order.OrderBy == board.OrderBy || board.ByLatest;

    // Who is banned depends on members' addresses, which change without a word to the board.
    private static bool IsKept(PhaseSplit board, BoardOrder order, ChallengeDeclaration challenge) =>
        HasRows(board, order) && challenge.BannedEmailIds.Count == 0;

    private static BoardOrder Order(PhaseSplit board, List<LeaderboardColumn> columns, string? sort)
    {
        if (sort is null)
        {
            return board.Order();
        }

        var column = columns.FirstOrDefault(column => column.Name == sort)
            ?? throw PalioException.Invalid("sort", $"'{sort}' is no column of this board.", $"Write one of: {string.Join(", ", columns.Select(c => c.Name))}.");
        return board.Order() with { OrderBy = column.Name, Descending = column.HigherIsBetter };
    }

    // Ranks count teams; a baseline stands where its value puts it, and has none.
    private static async Task<RankedBoard> RankAsync(
        IReadOnlyList<BoardRows.Row> rows, BoardKey key, BoardOrder order, Phase phase, RankIntervals intervals, PalioDbContext db, CancellationToken cancellationToken)
    {
        var byId = rows.ToDictionary(row => (long)row.SubmissionId);
        var teams = Board.Rank(rows.Where(row => !row.IsBaseline).Select(row => row.AsRanked()), order);
        var ranks = teams.ToDictionary(row => row.Entry.SubmissionId, row => row.Rank);
        var certain = await intervals.GetAsync(
            key, phase, [.. teams.Where(row => row.Rank is not null).Select(row => byId[row.Entry.SubmissionId].EvaluationId)], db, cancellationToken);
        var places = rows.Any(row => row.IsBaseline) ? Board.Rank(rows.Select(row => row.AsRanked()), order) : teams;
        return new RankedBoard([.. places.Select(Place)], rows.Count == 0 ? null : rows.Max(row => row.Updated));

        RankedPlace Place(BoardRow place)
        {
            var row = byId[place.Entry.SubmissionId];
            var rank = row.IsBaseline ? null : ranks.GetValueOrDefault(place.Entry.SubmissionId);
            var interval = rank is null ? null : certain.GetValueOrDefault(row.EvaluationId);
            return new RankedPlace(row, place.Position, rank, Smaller(interval?.Best, rank), Larger(interval?.Worst, rank));
        }
    }

    private static LeaderboardEntry Entry(RankedPlace place, bool isMine, bool isAnonymous)
    {
        var row = place.Row;
        var isHidden = isAnonymous && !isMine;
        return new LeaderboardEntry(
            place.Rank, place.Best, place.Worst, isHidden && !row.IsBaseline ? $"Team {place.Position}" : row.Team, row.SubmissionId,
            isHidden ? null : row.Method, row.Scores, row.Submitted, row.IsBaseline, isMine)
        {
            Private = row.IsPrivate,
        };
    }

    private static async Task<HashSet<int>> TeamsAsync(CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) => caller.IsSignedIn
        ? [.. await db.TeamMembers.Where(member => member.UserId == caller.Id).Select(member => member.TeamId).ToListAsync(cancellationToken)]
        : [];

    // The rank itself is always among the ranks that are possible.
    private static int? Smaller(int? best, int? rank) => best is { } possible && rank is { } present ? Math.Min(possible, present) : best;

    private static int? Larger(int? worst, int? rank) => worst is { } possible && rank is { } present ? Math.Max(possible, present) : worst;

    private static async Task<PhaseSplit> SplitAsync(Phase phase, string? split, AccessedChallenge access, PalioDbContext db, CancellationToken cancellationToken)
    {
        var splits = await db.PhaseSplits.AsNoTracking().Where(s => s.PhaseId == phase.Id && s.IsDeclared && (access.MayManage || s.Visibility != "host"))
            .OrderBy(s => s.Position).ToListAsync(cancellationToken);
        return (split is null
                ? splits.FirstOrDefault()
                : splits.FirstOrDefault(s => s.Name == split || s.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == split))
            ?? throw PalioException.NotFound("board");
    }

    private static async Task<ChallengeDeclaration> DeclarationAsync(AccessedChallenge access, PalioDbContext db, CancellationToken cancellationToken) =>
        ChallengeViews.Declaration(await db.ChallengeRevisions.AsNoTracking()
            .SingleAsync(r => r.ChallengeId == access.Challenge.Id && r.Number == access.Challenge.Revision, cancellationToken));

    // A team with a banned member is on no board. Looked at when the board is read: members change their addresses.
    private static async Task<IReadOnlyList<BoardRows.Row>> WithoutBannedAsync(
        IReadOnlyList<BoardRows.Row> rows, ChallengeDeclaration challenge, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (challenge.BannedEmailIds.Count == 0)
        {
            return rows;
        }

        var teams = rows.Select(row => row.TeamId).ToHashSet();
        var members = await db.TeamMembers.Where(m => teams.Contains(m.TeamId)).Select(m => new { m.TeamId, Email = m.User.Email ?? "" }).ToListAsync(cancellationToken);
        var banned = members.Where(member => EmailRules.IsListed(member.Email, challenge.BannedEmailIds)).Select(member => member.TeamId).ToHashSet();
        return [.. rows.Where(row => !banned.Contains(row.TeamId))];
    }
}
