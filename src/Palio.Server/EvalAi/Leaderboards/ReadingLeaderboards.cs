using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Leaderboards;

/// <summary>Boards in EvalAI's rows. Order, ties and who sees what are the native board's.</summary>
internal static class ReadingLeaderboards
{
    private const int Most = 1000;

    public static Task<IResult> PublicAsync(
        int split, HttpRequest request, Lookups lookups, CurrentUser caller, PalioDbContext db, KeptBoards kept, InstanceAddress address, CancellationToken cancellationToken) =>
        ReadAsync(split, withPrivate: false, request, lookups, caller, db, kept, address, cancellationToken);

    /// <summary>For hosts: private entries too.</summary>
    public static async Task<IResult> AllAsync(
        int split, HttpRequest request, Lookups lookups, CurrentUser caller, PalioDbContext db, KeptBoards kept, InstanceAddress address, CancellationToken cancellationToken) =>
        (await lookups.SplitAsync(split, cancellationToken)).Access.MayManage
            ? await ReadAsync(split, withPrivate: true, request, lookups, caller, db, kept, address, cancellationToken)
            : throw Lookups.NotHost(StatusCodes.Status400BadRequest);

    /// <summary>A team's place, as shields.io reads it.</summary>
    public static async Task<IResult> BadgeAsync(int split, int team, Lookups lookups, CurrentUser caller, PalioDbContext db, KeptBoards kept, CancellationToken cancellationToken)
    {
        var found = await lookups.SplitAsync(split, cancellationToken);
        if (!await MaySeeAsync(found, lookups, cancellationToken))
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "Sorry, the leaderboard is not public!");
        }

        var query = new BoardQuery(found.Access.Challenge.Slug, found.Phase.Codename, split.ToString(CultureInfo.InvariantCulture)) { Limit = Most };
        var entries = (await GetLeaderboard.HandleAsync(query, caller, db, kept, cancellationToken)).Entries;
        var facts = await FactsAsync(entries, db, cancellationToken);
        var rank = entries.FirstOrDefault(entry => facts[entry.SubmissionId].TeamId == team && facts[entry.SubmissionId].Team == entry.Team)?.Rank; // not on an anonymous board
        return EvalAiResults.Json(new Dictionary<string, object>
        {
            ["schemaVersion"] = 1,
            ["label"] = "EvalAI",
            ["color"] = "blue",
            ["message"] = rank is { } place ? $"#{place} in {found.Access.Challenge.Title}, {found.Phase.Name}" : "Submission not found",
        });
    }

    private static async Task<IResult> ReadAsync(
        int split, bool withPrivate, HttpRequest request, Lookups lookups, CurrentUser caller, PalioDbContext db, KeptBoards kept, InstanceAddress address,
        CancellationToken cancellationToken)
    {
        var found = await lookups.SplitAsync(split, cancellationToken);
        if (!await MaySeeAsync(found, lookups, cancellationToken))
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "Sorry, the leaderboard is not public!");
        }

        var schema = EvalAiSchema.From(found.Split);
        var order = request.Query["order_by"].ToString();
        var query = new BoardQuery(found.Access.Challenge.Slug, found.Phase.Codename, found.Split.Id.ToString(CultureInfo.InvariantCulture))
        {
            Sort = schema.Labels.Contains(order) ? order : null,
            Limit = Most,
            WithPrivate = withPrivate,
        };
        var board = await GetLeaderboard.HandleAsync(query, caller, db, kept, cancellationToken);
        var size = EvalAiPaging.SizeAsked(request, EvalAiPaging.Usual, Most);
        var page = board.Entries.Page(request, address, size);
        var facts = await FactsAsync(page.Results, db, cancellationToken);
        var phase = ChallengeViews.Declaration(found.Phase.Current);
        return EvalAiResults.Json(page.Select(object (entry) =>
            EvalAiBoardRow.From(entry, facts[entry.SubmissionId], board, found.Split, schema, phase) is var row && (found.Split.ShowScores || found.Access.MayManage)
                ? row
                : row.WithoutScores()));
    }

    // A team sees its own rows of a board for owner and host; EvalAI shows those to nobody.
    private static async Task<bool> MaySeeAsync(FoundSplit found, Lookups lookups, CancellationToken cancellationToken) =>
        found.Access.MayManage || found.Split.Visibility == "public"
        || (found.Split.Visibility == "owner_and_host" && await lookups.ParticipationAsync(found.Access, cancellationToken) is not null);

    private static Task<Dictionary<int, BoardFacts>> FactsAsync(IReadOnlyList<LeaderboardEntry> entries, PalioDbContext db, CancellationToken cancellationToken)
    {
        var ids = entries.Select(entry => entry.SubmissionId).ToList();
        return db.Submissions.AsNoTracking().Where(s => ids.Contains(s.Id))
            .Select(s => new BoardFacts(s.Id, s.TeamId, s.Participation.Team.Name, s.Participation.Team.Url ?? "", s.IsPublic, s.IsVerified, s.Metadata))
            .ToDictionaryAsync(s => s.Id, cancellationToken);
    }
}

/// <summary>What a board's row tells of its submission beyond the native one.</summary>
internal sealed record BoardFacts(int Id, int TeamId, string Team, string TeamUrl, bool IsPublic, bool IsVerified, string Metadata);
