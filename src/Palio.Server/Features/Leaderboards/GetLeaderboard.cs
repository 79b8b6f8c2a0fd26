using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
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
        BoardQuery query, CurrentUser caller, PalioDbContext db, KeptBoards kept, CancellationToken cancellationToken)
    {
        var found = await FindAsync(query, caller, db, cancellationToken);
        var (access, board) = (found.Access, found.Board);
        var columns = JsonSerializer.Deserialize<List<LeaderboardColumn>>(board.Columns) ?? [];
        var order = Order(board, columns, query.Sort);
        var rules = await kept.Rules.GetAsync(access.Challenge, db, cancellationToken);
        var ranked = await WithoutBannedAsync(
            query.WithPrivate
                ? RankedBoard.Of(await BoardRows.FromScoresAsync(board, order, columns, db, cancellationToken), order)
                : await kept.Ranked.GetAsync(board, order, db, cancellationToken),
            order, rules, db, cancellationToken);
        var intervals = await kept.Intervals.GetAsync(BoardKey.Of(board, order, query.WithPrivate), found.Phase.CurrentId, ranked.First, cancellationToken);
        var mine = await TeamsAsync(caller, db, cancellationToken);
        var (places, total) = board.Visibility == "owner_and_host" && !access.MayManage && ranked.PlacesOf(mine).ToList() is var own
            ? (own, own.Count)
            : (ranked.Places, ranked.Count);
        var isAnonymous = !access.MayManage && rules.IsAnonymous;
        var shown = places.Take(Math.Clamp(query.Limit ?? 100, 1, MostRows)).Select(place => Entry(place, intervals, mine.Contains(place.Row.TeamId), isAnonymous)).ToList();
        return new Leaderboard(
            access.Challenge.Slug, found.Phase.Codename, ChallengeViews.Summary(board), columns, order.OrderBy,
            await BoardDetails.CompleteAsync(shown, board, showScores: board.ShowScores || access.MayManage, db, cancellationToken), total, ranked.Updated)
        {
            IntervalsPending = intervals is null,
        };
    }

    /// <summary>The board itself, when the caller may see it.</summary>
    public static async Task<FoundBoard> FindAsync(BoardQuery query, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(query.Challenge, caller, db, cancellationToken);
        if (query.WithPrivate && !access.MayManage)
        {
            throw PalioException.Forbidden("Only the challenge's hosts see private entries.", "Leave 'private' out.");
        }

        var phase = await ChallengeAccess.FindPhaseAsync(access, query.Phase, db, cancellationToken, withRevision: false);
        return new FoundBoard(access, phase, await SplitAsync(phase, query.Split, access, db, cancellationToken));
    }

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

    private static LeaderboardEntry Entry(Standing<BoardRows.Row> place, IReadOnlyDictionary<long, RankInterval>? intervals, bool isMine, bool isAnonymous)
    {
        var row = place.Row;
        var isHidden = isAnonymous && !isMine;
        var interval = place.Rank is null ? null : intervals?.GetValueOrDefault(row.EvaluationId);
        return new LeaderboardEntry(
            place.Rank, Smaller(interval?.Best, place.Rank), Larger(interval?.Worst, place.Rank), isHidden && !row.IsBaseline ? $"Team {place.Position}" : row.Team,
            row.SubmissionId, isHidden ? null : row.Method, row.Scores, row.Submitted, row.IsBaseline, isMine)
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
                : splits.FirstOrDefault(s => s.Name == split || s.Id.ToString(CultureInfo.InvariantCulture) == split))
            ?? throw PalioException.NotFound("board");
    }

    // A team with a banned member is on no board. Looked at when the board is read: members change their addresses.
    private static async Task<RankedBoard> WithoutBannedAsync(
        RankedBoard ranked, BoardOrder order, BoardRules.Rules rules, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (rules.Banned.Count == 0)
        {
            return ranked;
        }

        var teams = ranked.Teams.ToHashSet();
        var members = await db.TeamMembers.Where(m => teams.Contains(m.TeamId)).Select(m => new { m.TeamId, Email = m.User.Email ?? "" }).ToListAsync(cancellationToken);
        var banned = members.Where(member => EmailRules.IsListed(member.Email, rules.Banned)).Select(member => member.TeamId).ToHashSet();
        return banned.Count == 0 ? ranked : ranked.With(banned, [], order, ranked.Version);
    }
}

/// <summary>A board that somebody may see.</summary>
internal sealed record FoundBoard(AccessedChallenge Access, Phase Phase, PhaseSplit Board);
