using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Teams;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Teams;

/// <summary>Makes and changes teams of either kind.</summary>
internal static class ChangingTeams
{
    private static readonly (string, string)[] Names = [("name", "team_name"), ("url", "team_url")];

    public static Delegate Create(TeamKind kind) => async (
        EvalAiBody body, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
    {
        if (body.Filled("team_name") is not { } name)
        {
            return EvalAiResults.Invalid("team_name", "This field is required.");
        }

        var request = EvalAiBody.Checked(new CreateTeamRequest { Name = name, Kind = kind, Url = body.Filled("team_url") }, Names);
        return await NamedAsync(kind, async () =>
        {
            var made = await CreateTeam.HandleAsync(request, caller, db, time, cancellationToken);
            return EvalAiResults.Created(new EvalAiTeam(made.Id, made.Name, caller.UserName, request.Url ?? ""));
        });
    };

    public static Delegate Update(TeamKind kind) => async (
        int team, EvalAiBody body, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
    {
        if (await ReadingTeams.FindAsync(team, kind, caller, db, cancellationToken) is not { } present)
        {
            return await ReadingTeams.RefusalAsync(team, kind, db, cancellationToken);
        }

        var request = EvalAiBody.Checked(
            new CreateTeamRequest { Name = body.Filled("team_name") ?? present.Name, Kind = kind, Url = body.Has("team_url") ? body.Filled("team_url") : present.Url }, Names);
        return await NamedAsync(kind, async () =>
        {
            await UpdateTeam.HandleAsync(team, request, caller, db, time, cancellationToken);
            return EvalAiResults.Json(new EvalAiTeam(team, request.Name.Trim(), present.CreatedBy, request.Url ?? ""));
        });
    };

    /// <summary>Nobody enters a team without wanting to: the answer is a link for the one who is invited.</summary>
    public static Delegate Invite(TeamKind kind) => async (
        int team, EvalAiBody body, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken) =>
    {
        if (await ReadingTeams.FindAsync(team, kind, caller, db, cancellationToken) is not { } present)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "You are not a member of this team!");
        }

        var email = body.Filled("email") ?? "";
        if (present.Members.Any(member => string.Equals(member.Email, email, StringComparison.OrdinalIgnoreCase)))
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "User is already part of the team!");
        }

        var invitation = await InviteMember.HandleAsync(kind, team, caller, db, address, time, cancellationToken);
        return EvalAiResults.Json(new { message = $"Give this link to {(email.Length == 0 ? "one person" : email)}: {invitation.Link}" }, StatusCodes.Status202Accepted);
    };

    public static Delegate Remove(TeamKind kind) => async (
        int team, int member, CurrentUser caller, ILookupNormalizer names, PalioDbContext db, CancellationToken cancellationToken) =>
    {
        var userName = await db.TeamMembers.Where(m => m.TeamId == team && m.UserId == member).Select(m => m.User.UserName).FirstOrDefaultAsync(cancellationToken)
            ?? throw PalioException.NotFound("member of this team");
        await RemoveMember.HandleAsync(kind, team, userName, caller, names, db, cancellationToken);
        return Results.NoContent();
    };

    public static Delegate Leave(TeamKind kind) => async (
        int team, CurrentUser caller, ILookupNormalizer names, PalioDbContext db, CancellationToken cancellationToken) =>
    {
        await RemoveMember.HandleAsync(kind, team, caller.UserName, caller, names, db, cancellationToken);
        return Results.NoContent();
    };

    private static async Task<IResult> NamedAsync(TeamKind kind, Func<Task<IResult>> change)
    {
        try
        {
            return await change();
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.Taken)
        {
            return EvalAiResults.Invalid("team_name", $"{(kind == TeamKind.Host ? "challenge host team" : "participant team")} with this team name already exists.");
        }
        catch (PalioException refusal) when (refusal.Fields is not null)
        {
            throw refusal.Renamed(Names);
        }
    }
}
