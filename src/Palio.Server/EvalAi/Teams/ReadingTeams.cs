using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Teams;

/// <summary>The caller's teams. Others' are not shown: their members' addresses are in them.</summary>
internal static class ReadingTeams
{
    public static async Task<IResult> HostTeamsAsync(
        HttpRequest request, CurrentUser caller, PalioDbContext db, InstanceAddress address, CancellationToken cancellationToken) =>
        EvalAiResults.Json((await PageAsync(TeamKind.Host, request, caller, db, address, cancellationToken)).Select(EvalAiHostTeam.From));

    public static async Task<IResult> ParticipantTeamsAsync(
        HttpRequest request, CurrentUser caller, PalioDbContext db, InstanceAddress address, CancellationToken cancellationToken) =>
        EvalAiResults.Json((await PageAsync(TeamKind.Participant, request, caller, db, address, cancellationToken)).Select(EvalAiParticipantTeam.From));

    public static async Task<IResult> HostTeamAsync(int team, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        await FindAsync(team, TeamKind.Host, caller, db, cancellationToken) is { } row ? EvalAiResults.Json(EvalAiHostTeam.From(row)) : await RefusalAsync(team, TeamKind.Host, db, cancellationToken);

    public static async Task<IResult> ParticipantTeamAsync(int team, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        await FindAsync(team, TeamKind.Participant, caller, db, cancellationToken) is { } row
            ? EvalAiResults.Json(EvalAiParticipantTeam.From(row))
            : await RefusalAsync(team, TeamKind.Participant, db, cancellationToken);

    public static async Task<IResult> HostsAsync(
        int team, HttpRequest request, CurrentUser caller, PalioDbContext db, InstanceAddress address, CancellationToken cancellationToken) =>
        await FindAsync(team, TeamKind.Host, caller, db, cancellationToken) is { } row
            ? EvalAiResults.Json(EvalAiHostTeam.From(row).Members.Page(request, address, EvalAiPaging.Everything))
            : await RefusalAsync(team, TeamKind.Host, db, cancellationToken);

    public static async Task<IResult> HostAsync(int team, int member, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (await FindAsync(team, TeamKind.Host, caller, db, cancellationToken) is not { } row)
        {
            return await RefusalAsync(team, TeamKind.Host, db, cancellationToken);
        }

        return EvalAiHostTeam.From(row).Members.FirstOrDefault(host => host.Id == member) is { } found
            ? EvalAiResults.Json(found)
            : EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "ChallengeHost does not exist");
    }

    /// <summary>One of the caller's teams; null when the caller is not in it.</summary>
    public static Task<TeamRow?> FindAsync(int id, TeamKind kind, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var userId = caller.IdOrZero;
        return db.Teams.AsNoTracking().Where(team => team.Id == id && team.Kind == kind && team.Members.Any(member => member.UserId == userId))
            .Select(TeamRow.Of).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Why one of the caller's teams is not found: EvalAI tells those who are not in a team from those who ask for none.</summary>
    public static async Task<IResult> RefusalAsync(int id, TeamKind kind, PalioDbContext db, CancellationToken cancellationToken)
    {
        var exists = await db.Teams.AnyAsync(team => team.Id == id && team.Kind == kind, cancellationToken);
        return kind == TeamKind.Host
            ? EvalAiResults.Error(exists ? StatusCodes.Status403Forbidden : StatusCodes.Status406NotAcceptable, exists ? "Sorry, you do not belong to this Host Team!" : "ChallengeHostTeam does not exist")
            : EvalAiResults.Error(exists ? StatusCodes.Status403Forbidden : StatusCodes.Status406NotAcceptable, exists ? "Sorry, you do not belong to this Participant Team!" : "ParticipantTeam does not exist");
    }

    private static Task<EvalAiPage<TeamRow>> PageAsync(
        TeamKind kind, HttpRequest request, CurrentUser caller, PalioDbContext db, InstanceAddress address, CancellationToken cancellationToken)
    {
        var (userId, part) = (caller.Id, request.Query["team_name"].ToString().ToUpperInvariant());
        return db.Teams.AsNoTracking()
            .Where(team => team.Kind == kind && team.Members.Any(member => member.UserId == userId))
            .Where(team => part == "" || team.NormalizedName.Contains(part))
            .OrderByDescending(team => team.Id).Select(TeamRow.Of).PageAsync(request, address, EvalAiPaging.Everything, cancellationToken);
    }
}
