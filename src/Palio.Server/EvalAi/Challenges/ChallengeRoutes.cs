using Palio.Server.Auth;
using Palio.Server.EvalAi.Wire;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>EvalAI's addresses of challenges, phases, splits and participation.</summary>
internal static class ChallengeRoutes
{
    public static void AddEvalAiChallenges(this IServiceCollection services)
    {
        services.AddScoped<Lookups>();
        services.AddScoped<ChallengeLists>();
        services.AddScoped<PhaseSlugs>();
    }

    public static void MapEvalAiChallenges(this IEndpointRouteBuilder api)
    {
        MapLists(api);
        MapReading(api.MapGroup("/challenges"));
        MapParticipation(api);
        MapStars(api.MapGroup("/challenges"));
        MapManaging(api.MapGroup("/challenges"));
        MapCounts(api.MapGroup("/analytics"));
    }

    private static void MapLists(IEndpointRouteBuilder api)
    {
        api.MapGet("/challenges/challenge/{time:alpha}/{approved}/{published}", ChallengeLists.ByTimeAsync).AllowAnonymous();
        api.MapGet("/challenges/featured", ChallengeLists.FeaturedAsync).AllowAnonymous();
        api.MapGet("/challenges/challenge", ChallengeLists.MineAsync);
        api.MapGet("/challenges/challenges/participated/{time}", ChallengeLists.ParticipatedAsync);
        api.MapGet("/challenges/challenge_host_team/{team:int}/challenge", ChallengeLists.OfHostTeamAsync);
        api.MapGet("/participants/participant_team/{team:int}/challenge", ChallengeLists.OfParticipantTeamAsync);
    }

    private static void MapReading(RouteGroupBuilder challenges)
    {
        challenges.MapGet("/challenge/{challenge:int}", ReadingChallenges.ChallengeAsync).AllowAnonymous();
        challenges.MapGet("/challenge_host_team/{team:int}/challenge/{challenge:int}", ReadingChallenges.OfTeamAsync);
        challenges.MapGet("/challenge/{challenge:int}/challenge_phase", ReadingChallenges.PhasesAsync).AllowAnonymous();
        challenges.MapGet("/challenge/{challenge:int}/challenge_phase/{phase:int}", ReadingChallenges.PhaseAsync).AllowAnonymous();
        challenges.MapGet("/challenge/phase/{phase:int}", ReadingChallenges.PhaseAloneAsync).AllowAnonymous();
        challenges.MapGet("/phase/environment/{slug}", ReadingChallenges.EnvironmentAsync);
        challenges.MapGet("/phase/{slug}", ReadingChallenges.PhaseBySlugAsync).AllowAnonymous();
        challenges.MapGet("/{challenge:int}/phases", ReadingChallenges.AllPhasesAsync);
        challenges.MapGet("/{challenge:int}/challenge_phase_split", ReadingChallenges.SplitsAsync).AllowAnonymous();
        challenges.MapGet("/challenge/{challenge:int}/prizes", ReadingChallenges.PrizesAsync).AllowAnonymous();
        challenges.MapGet("/challenge/{challenge:int}/sponsors", ReadingChallenges.SponsorsAsync).AllowAnonymous();
        challenges.MapGet("/challenges/{challenge:int}/phases/{phase:int}/allowed_email_ids", ReadingChallenges.AllowedEmailsAsync);
        challenges.MapGet("/challenge/get_domain_choices", () => EvalAiResults.Json(Domains.All)).AllowAnonymous();
    }

    private static void MapStars(RouteGroupBuilder challenges)
    {
        challenges.MapGet("/{challenge:int}", Stars.GetAsync).AllowAnonymous();
        challenges.MapPost("/{challenge:int}", Stars.ToggleAsync).RequireAuthorization(Policies.Submit);
    }

    private static void MapParticipation(IEndpointRouteBuilder api)
    {
        api.MapPost("/challenges/challenge/{challenge:int}/participant_team/{team:int}", Participating.JoinAsync).RequireAuthorization(Policies.Submit);
        api.MapPost("/challenges/challenge/{challenge:int}/deregister", Participating.LeaveAsync).RequireAuthorization(Policies.Submit);
        api.MapPost("/participants/challenges/{challenge:int}/team/{team:int}/remove_participant_team", Participating.RemoveTeamAsync).RequireAuthorization(Policies.Submit);
        api.MapGet("/participants/challenges/{challenge:int}/team_details", Participating.TeamAsync);
        api.MapGet("/challenges/{challenge:int}/participant_team/team_detail", Participating.TeamDetailAsync);
        api.MapGet("/participants/participant_teams/challenges/{challenge:int}/user", Participating.MineAsync);
    }

    private static void MapManaging(RouteGroupBuilder challenges)
    {
        challenges.MapGet("/challenge/{challenge:int}/get_participant_teams", ManagingChallenges.TeamsAsync);
        challenges.MapPost("/challenge/{challenge:int}/approve_participant_team/{team:int}", ManagingChallenges.ApproveAsync).RequireAuthorization(Policies.Host);
        challenges.MapPost("/challenge/{challenge:int}/disapprove_participant_team/{team:int}", ManagingChallenges.DisapproveAsync).RequireAuthorization(Policies.Host);
        challenges.MapPost("/challenge/{challenge:int}/pause_submissions", ManagingChallenges.PauseAsync).RequireAuthorization(Policies.Host);
        challenges.MapPost("/challenge/{challenge:int}/challenge_phase/{phase:int}/pause_submissions", ManagingChallenges.PausePhaseAsync).RequireAuthorization(Policies.Host);
        challenges.MapGet("/{challenge:int}/request_approval", ManagingChallenges.RequestApprovalAsync);
        challenges.MapPost("/challenge/update_challenge_approval", ManagingChallenges.ReviewAsync);
    }

    private static void MapCounts(RouteGroupBuilder analytics)
    {
        analytics.MapGet("/challenge/{challenge:int}/team/count", Counts.TeamsAsync);
        analytics.MapGet("/challenge/{challenge:int}/participant/count", Counts.ParticipantsAsync);
        analytics.MapGet("/challenge/{challenge:int}/submission/{duration}/count", Counts.SubmissionsAsync);
        analytics.MapGet("/challenge/{challenge:int}/challenge_phase/{phase:int}/analytics", Counts.PhaseAsync);
        analytics.MapGet("/challenge/{challenge:int}/challenge_phase/{phase:int}/count", OwnCounts.SubmissionsAsync);
        analytics.MapGet("/challenge/{challenge:int}/challenge_phase/{phase:int}/last_submission/user", OwnCounts.LastAsync);
        analytics.MapGet("/challenge/{challenge:int}/challenge_phase/{phase:int}/last_submission_datetime_analysis", OwnCounts.LastOfAllAsync);
        analytics.MapGet("/challenges/{challenge:int}/download_all_participants", Counts.DownloadAsync);
    }
}
