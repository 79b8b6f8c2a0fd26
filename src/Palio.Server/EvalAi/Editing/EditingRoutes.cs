using Microsoft.Extensions.Options;
using Palio.Server.Auth;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Editing;

/// <summary>EvalAI's addresses by which hosts change what they published, and those by which its wizard makes things that a bundle makes here.</summary>
internal static class EditingRoutes
{
    private const string ByBundle = "Challenges are made and extended by their bundle: send it to …/challenge_host_team/TEAM/zip_upload/, from the GitHub workflow, or with 'palio challenge publish'.";

    private static readonly string[] Changes = ["PUT", "PATCH"];

    public static void AddEvalAiEditing(this IServiceCollection services) => services.AddScoped<ChallengeEditing>();

    public static void MapEvalAiEditing(this IEndpointRouteBuilder api)
    {
        var host = api.MapGroup("/challenges").RequireAuthorization(Policies.Host)
            .WithMetadata(new UploadLimit(services => services.GetRequiredService<IOptions<ChallengeOptions>>().Value.MaxBundleBytes));
        MapChallenges(host);
        MapPhases(host);
        const string split = "/challenge/create/challenge_phase_split/{split:int}";
        api.MapGet("/challenges" + split, (int split, ChallengeEditing editing, CancellationToken aborted) => editing.SplitAsync(split, aborted)).AllowAnonymous();
        host.MapMethods(split, Changes, (int split, EvalAiBody body, ChallengeEditing editing, CancellationToken aborted) => editing.SplitAsync(split, body, aborted));
        foreach (var made in (string[])["/challenge_host_team/{team:int}/challenge", "/challenge/{challenge:int}/challenge_phase", "/challenge/create/leaderboard/step_2",
            "/challenge/create/dataset_split/step_4", "/challenge/create/challenge_phase_split/step_5"])
        {
            host.MapPost(made, () => EvalAiResults.Error(StatusCodes.Status406NotAcceptable, ByBundle));
        }
    }

    private static void MapChallenges(RouteGroupBuilder host)
    {
        const string one = "/challenge_host_team/{team:int}/challenge/{challenge:int}";
        host.MapMethods(one, Changes, (int team, int challenge, EvalAiBody body, ChallengeEditing editing, CancellationToken aborted) => editing.ChallengeAsync(team, challenge, body, aborted));
        host.MapDelete(one, (int team, int challenge, ChallengeEditing editing, CancellationToken aborted) => editing.DeleteAsync(team, challenge, aborted));
        host.MapPost("/challenge/{challenge:int}/disable", (int challenge, ChallengeEditing editing, CancellationToken aborted) => editing.DisableAsync(challenge, aborted));
        host.MapPatch(
            "/challenge/{challenge:int}/update_challenge_tags_and_domain",
            (int challenge, EvalAiBody body, ChallengeEditing editing, CancellationToken aborted) => editing.TagsAsync(challenge, body, aborted));
    }

    private static void MapPhases(RouteGroupBuilder host)
    {
        const string phase = "/challenge/{challenge:int}/challenge_phase/{phase:int}";
        host.MapMethods(phase, Changes, (int challenge, int phase, EvalAiBody body, ChallengeEditing editing, CancellationToken aborted) => editing.PhaseAsync(challenge, phase, body, aborted));
        host.MapDelete(phase, (int challenge, int phase, ChallengeEditing editing, CancellationToken aborted) => editing.DeletePhaseAsync(challenge, phase, aborted));
        const string emails = "/challenges/{challenge:int}/phases/{phase:int}/allowed_email_ids";
        host.MapPatch(emails, (int challenge, int phase, EvalAiBody body, ChallengeEditing editing, CancellationToken aborted) => editing.AllowedEmailsAsync(challenge, phase, body, adds: true, aborted));
        host.MapDelete(emails, (int challenge, int phase, EvalAiBody body, ChallengeEditing editing, CancellationToken aborted) => editing.AllowedEmailsAsync(challenge, phase, body, adds: false, aborted));
    }
}
