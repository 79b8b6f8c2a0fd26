using Microsoft.Extensions.Options;
using Palio.Server.Auth;
using Palio.Server.EvalAi.Submissions;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Workers;

/// <summary>Addresses that a host's own workers use. Their challenge's token is enough for them.</summary>
internal static class WorkerRoutes
{
    public static void AddEvalAiWorkers(this IServiceCollection services) =>
        services.AddScoped<WorkerAccess>().AddScoped<ChallengeQueue>().AddScoped<UpdateSubmission>();

    public static void MapEvalAiWorkers(this IEndpointRouteBuilder all)
    {
        var work = all.MapGroup("").RequireAuthorization(Policies.Work);
        work.MapGet("/jobs/challenge/queues/{queue}", (string queue, ChallengeQueue messages, CancellationToken aborted) => messages.ReceiveAsync(queue, aborted));
        work.MapPost("/jobs/queues/{queue}", (string queue, EvalAiBody body, ChallengeQueue messages, CancellationToken aborted) => messages.DeleteAsync(queue, body, aborted));
        work.MapPatch("/jobs/submission/{submission:int}/update_started_at", (int submission, UpdateSubmission update, CancellationToken aborted) => update.StartedAsync(submission, aborted));

        work.MapGet("/challenges/challenge/queues/{queue}", WorkerChallenge.ReadAsync);
        work.MapGet("/challenges/{challenge:int}/evaluation_cluster", HostsClusters.NoneAsync);
        work.MapGet("/jobs/challenge/{challenge:int}/eks_bearer_token", HostsClusters.NoneAsync);

        // People read it, too.
        all.MapGet("/jobs/submission/{submission:int}", ReadingSubmissions.OneAsync).RequireAuthorization(Policies.ReadOrWork);

        const string whole = "/jobs/challenge/{challenge:int}/update_submission";
        work.MapPut(whole, (int challenge, EvalAiBody body, UpdateSubmission update, CancellationToken aborted) => update.PutAsync(challenge, body, isPartial: false, aborted));
        work.MapPatch(whole, (int challenge, EvalAiBody body, UpdateSubmission update, CancellationToken aborted) => update.PatchAsync(challenge, body, aborted))
            .WithMetadata(new UploadLimit(services => services.GetRequiredService<IOptions<ScoringOptions>>().Value.MaxFileBytes));

        const string parts = "/jobs/challenges/{challenge:int}/update_partially_evaluated_submission";
        work.MapPut(parts, (int challenge, EvalAiBody body, UpdateSubmission update, CancellationToken aborted) => update.PutAsync(challenge, body, isPartial: true, aborted));
        work.MapPatch(parts, (int challenge, EvalAiBody body, UpdateSubmission update, CancellationToken aborted) => update.PatchPartAsync(challenge, body, aborted));
    }
}
