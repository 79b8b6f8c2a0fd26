using Palio.Server.Auth;
using Palio.Server.EvalAi.Wire;

namespace Palio.Server.EvalAi.Administration;

/// <summary>EvalAI's addresses for its staff. Who asks is looked at inside: EvalAI answers others 401 or 403, by the address.</summary>
internal static class AdministrationRoutes
{
    public static void AddEvalAiAdministration(this IServiceCollection services) => services.AddScoped<Administering>();

    public static void MapEvalAiAdministration(this IEndpointRouteBuilder api)
    {
        var challenges = api.MapGroup("/challenges");
        challenges.MapPost("/challenge/update_challenge_attributes", (EvalAiBody body, Administering staff, CancellationToken aborted) => staff.AttributesAsync(body, aborted));
        challenges.MapGet("/challenge/get_submission_metrics", (Administering staff, CancellationToken aborted) => staff.MetricsAsync(aborted));
        challenges.MapGet("/challenge/get_submission_metrics_by_pk/{challenge:int}", (int challenge, Administering staff, CancellationToken aborted) => staff.MetricsAsync(challenge, aborted));
        challenges.MapGet("/get_broker_urls", (Administering staff, CancellationToken aborted) => staff.QueuesAsync(null, aborted));
        challenges.MapGet("/get_broker_url/{challenge:int}", (int challenge, Administering staff, CancellationToken aborted) => staff.QueuesAsync(challenge, aborted));
        challenges.MapGet("/challenge/{split:int}/get_leaderboard_data", (int split, Administering staff, CancellationToken aborted) => staff.BoardAsync(split, aborted));
        challenges.MapPut("/challenge/modify_leaderboard_data", (EvalAiBody body, Administering staff, CancellationToken aborted) => staff.DisableRowAsync(body, aborted))
            .RequireAuthorization(Policies.Submit);
        challenges.MapGet("/get_all_challenge_templates", () => EvalAiResults.Json(Array.Empty<object>())); // starters are the command line's
        challenges.MapGet("/pwc_task_dataset", () => EvalAiResults.Json(Array.Empty<object>()));
    }
}
