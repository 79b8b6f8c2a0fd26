using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Teams;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>EvalAI's lists of challenges. Whatever is asked for, nobody finds what the native API would not show.</summary>
internal sealed class ChallengeLists(CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, IHttpContextAccessor accessor)
{
    private IQueryable<Challenge> Visible => db.Challenges.Where(ChallengeAccess.VisibleTo(caller)).Where(ChallengeRow.IsListed);

    public static async Task<IResult> ByTimeAsync(string time, string approved, string published, ChallengeLists lists, CancellationToken cancellationToken)
    {
        if (lists.In(time) is not { } window || Standing(approved, "approved", "unapproved") is not { } review || Standing(published, "public", "private") is not { } show)
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "Wrong url pattern!");
        }

        return await lists.PageAsync(lists.Visible.Where(window)
            .Where(c => review == Wanted.Either || (c.Review == ReviewState.Approved) == (review == Wanted.Yes))
            .Where(c => show == Wanted.Either || c.IsPublished == (show == Wanted.Yes)), cancellationToken);
    }

    /// <summary>What the administrator set apart.</summary>
    public static Task<IResult> FeaturedAsync(ChallengeLists lists, CancellationToken cancellationToken) =>
        lists.PageAsync(lists.Visible.Where(ChallengeRow.IsOpenToAll).Where(c => c.IsFeatured), cancellationToken);

    public static async Task<IResult> MineAsync(
        string? mode, int? participant_team, int? host_team, ChallengeLists lists, CancellationToken cancellationToken)
    {
        var open = lists.Visible.Where(ChallengeRow.IsOpenToAll);
        return (mode, participant_team, host_team) switch
        {
            ("participant", null, null) => await lists.PageAsync(open.Where(lists.IsJoined(null)), cancellationToken),
            ("host", null, null) => await lists.PageAsync(open.Where(lists.IsHosted()), cancellationToken),
            (null, { } team, null) => await lists.PageAsync(open.Where(lists.IsJoined(team)), cancellationToken),
            (null, null, { } team) => await lists.PageAsync(open.Where(c => c.HostTeamId == team), cancellationToken),
            _ => EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "Invalid url pattern!"),
        };
    }

    public static async Task<IResult> ParticipatedAsync(string time, ChallengeLists lists, CancellationToken cancellationToken) =>
        lists.In(time) is { } window
            ? await lists.PageAsync(lists.Visible.Where(window).Where(lists.IsJoined(null)), cancellationToken)
            : EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "Wrong url pattern!");

    public static async Task<IResult> OfHostTeamAsync(int team, ChallengeLists lists, CancellationToken cancellationToken) =>
        await lists.IsTeamAsync(team, TeamKind.Host, cancellationToken)
            ? await lists.PageAsync(lists.Visible.Where(c => c.HostTeamId == team), cancellationToken)
            : EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "ChallengeHostTeam does not exist");

    public static async Task<IResult> OfParticipantTeamAsync(int team, ChallengeLists lists, CancellationToken cancellationToken) =>
        await lists.IsTeamAsync(team, TeamKind.Participant, cancellationToken)
            ? await lists.PageAsync(lists.Visible.Where(lists.IsJoined(team)), cancellationToken)
            : throw Lookups.Missing("ParticipantTeam", team);

    public EvalAiChallenge Show(ChallengeRow row) => EvalAiChallenge.From(row, row.IsHost || caller.IsAdministrator, address.PublicUrl, time.GetUtcNow());

    private async Task<IResult> PageAsync(IQueryable<Challenge> challenges, CancellationToken cancellationToken)
    {
        var request = accessor.HttpContext?.Request ?? throw new InvalidOperationException("A list is asked for by a request.");
        var page = await ChallengeRow.Read(challenges.OrderByDescending(c => c.Id), caller).PageAsync(request, address, EvalAiPaging.Usual, cancellationToken);
        return EvalAiResults.Json(page.Select(Show));
    }

    // Only the caller's own: which team takes part where is told by the boards, and not before.
    private Expression<Func<Challenge, bool>> IsJoined(int? team)
    {
        var userId = caller.IdOrZero;
        return challenge => db.Participations.Any(p => p.ChallengeId == challenge.Id && (team == null || p.TeamId == team) && p.Team.Members.Any(m => m.UserId == userId));
    }

    private Expression<Func<Challenge, bool>> IsHosted()
    {
        var userId = caller.IdOrZero;
        return challenge => challenge.HostTeam.Members.Any(member => member.UserId == userId);
    }

    private Task<bool> IsTeamAsync(int id, TeamKind kind, CancellationToken cancellationToken) =>
        db.Teams.AnyAsync((Team team) => team.Id == id && team.Kind == kind, cancellationToken);

    private Expression<Func<Challenge, bool>>? In(string window)
    {
        var now = time.GetUtcNow();
        return window.ToLowerInvariant() switch
        {
            "all" => challenge => true,
            "future" => challenge => challenge.Starts > now,
            "past" => challenge => challenge.Ends < now,
            "present" => challenge => challenge.Starts < now && challenge.Ends > now,
            _ => null,
        };
    }

    private static Wanted? Standing(string text, string yes, string no) =>
        text.Equals("all", StringComparison.OrdinalIgnoreCase) ? Wanted.Either
        : text.Equals(yes, StringComparison.OrdinalIgnoreCase) ? Wanted.Yes
        : text.Equals(no, StringComparison.OrdinalIgnoreCase) ? Wanted.No
        : null;

    private enum Wanted
    {
        Either,
        Yes,
        No,
    }
}
