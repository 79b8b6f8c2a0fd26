using Palio.Protocol.Api;
using Palio.Server.Auth;

// The handlers that know the kind of a team are made here: these few endpoints are made at run time.
#pragma warning disable RDG002

namespace Palio.Server.EvalAi.Teams;

/// <summary>EvalAI's addresses of host teams and participant teams.</summary>
internal static class TeamRoutes
{
    public static void MapEvalAiTeams(this IEndpointRouteBuilder api)
    {
        MapHostTeams(api.MapGroup("/hosts"));
        MapParticipantTeams(api.MapGroup("/participants"));
    }

    private static void MapHostTeams(RouteGroupBuilder hosts)
    {
        hosts.MapGet("/challenge_host_team", ReadingTeams.HostTeamsAsync);
        hosts.MapPost("/challenge_host_team", ChangingTeams.Create(TeamKind.Host)).RequireAuthorization(Policies.Submit);
        hosts.MapPost("/create_challenge_host_team", ChangingTeams.Create(TeamKind.Host)).RequireAuthorization(Policies.Submit);
        hosts.MapGet("/challenge_host_team/{team:int}", ReadingTeams.HostTeamAsync);
        hosts.MapMethods("/challenge_host_team/{team:int}", ["PUT", "PATCH"], ChangingTeams.Update(TeamKind.Host)).RequireAuthorization(Policies.Submit);
        hosts.MapGet("/challenge_host_team/{team:int}/challenge_host", ReadingTeams.HostsAsync);
        hosts.MapGet("/challenge_host_team/{team:int}/challenge_host/{member:int}", ReadingTeams.HostAsync);
        hosts.MapDelete("/challenge_host_team/{team:int}/challenge_host/{member:int}", ChangingTeams.Remove(TeamKind.Host)).RequireAuthorization(Policies.Submit);
        hosts.MapDelete("/remove_self_from_challenge_host/{team:int}", ChangingTeams.Leave(TeamKind.Host)).RequireAuthorization(Policies.Submit);
        hosts.MapPost("/challenge_host_teams/{team:int}/invite", ChangingTeams.Invite(TeamKind.Host)).RequireAuthorization(Policies.Submit);
    }

    private static void MapParticipantTeams(RouteGroupBuilder participants)
    {
        participants.MapGet("/participant_team", ReadingTeams.ParticipantTeamsAsync);
        participants.MapPost("/participant_team", ChangingTeams.Create(TeamKind.Participant)).RequireAuthorization(Policies.Submit);
        participants.MapGet("/participant_team/{team:int}", ReadingTeams.ParticipantTeamAsync);
        participants.MapMethods("/participant_team/{team:int}", ["PUT", "PATCH"], ChangingTeams.Update(TeamKind.Participant)).RequireAuthorization(Policies.Submit);
        participants.MapPost("/participant_team/{team:int}/invite", ChangingTeams.Invite(TeamKind.Participant)).RequireAuthorization(Policies.Submit);
        participants.MapDelete("/participant_team/{team:int}/participant/{member:int}", ChangingTeams.Remove(TeamKind.Participant)).RequireAuthorization(Policies.Submit);
        participants.MapDelete("/remove_self_from_participant_team/{team:int}", ChangingTeams.Leave(TeamKind.Participant)).RequireAuthorization(Policies.Submit);
    }
}
