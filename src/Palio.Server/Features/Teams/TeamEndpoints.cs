using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Teams;

/// <summary>Routes of teams and invitations.</summary>
internal static class TeamEndpoints
{
    public static void MapTeams(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Teams");
        group.MapGet("/teams", ListAsync).WithName("ListTeams").RequireAuthorization(Policies.Read);
        group.MapPost("/teams", CreateAsync).WithName("CreateTeam").RequireAuthorization(Policies.Submit);
        group.MapGet("/teams/{kind}/{id:int}", GetAsync).WithName("GetTeam").RequireAuthorization(Policies.Read);
        group.MapPost("/teams/{kind}/{id:int}/invitations", InviteAsync).WithName("InviteMember").RequireAuthorization(Policies.Submit);
        group.MapDelete("/teams/{kind}/{id:int}/members/{userName}", RemoveAsync).WithName("RemoveMember").RequireAuthorization(Policies.Submit);
        group.MapPost("/invitations/{code}/accept", AcceptInvitation.HandleAsync).WithName("AcceptInvitation").RequireAuthorization(Policies.Submit);
    }

    private static Task<IReadOnlyList<TeamSummary>> ListAsync(string? kind, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        ListTeams.HandleAsync(kind is null ? null : Kind(kind), caller, db, cancellationToken);

    private static async Task<Created<TeamSummary>> CreateAsync(
        CreateTeamRequest request, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var team = await CreateTeam.HandleAsync(request, caller, db, time, cancellationToken);
        return TypedResults.Created($"/api/v1/teams/{team.Kind.ToString().ToLowerInvariant()}/{team.Id}", team);
    }

    private static async Task<TeamSummary> GetAsync(string kind, int id, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        await ListTeams.FindAsync(Kind(kind), id, caller, db, cancellationToken) ?? throw PalioException.NotFound("team");

    private static async Task<Created<TeamInvitation>> InviteAsync(
        string kind, int id, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var invitation = await InviteMember.HandleAsync(Kind(kind), id, caller, db, address, time, cancellationToken);
        return TypedResults.Created(invitation.Link, invitation);
    }

    private static async Task<NoContent> RemoveAsync(
        string kind, int id, string userName, CurrentUser caller, ILookupNormalizer names, PalioDbContext db, CancellationToken cancellationToken)
    {
        await RemoveMember.HandleAsync(Kind(kind), id, userName, caller, names, db, cancellationToken);
        return TypedResults.NoContent();
    }

    private static TeamKind Kind(string text) => Enum.TryParse<TeamKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
        ? kind
        : throw PalioException.Invalid("kind", $"'{text}' is no kind of team.", "Write participant or host.");
}
