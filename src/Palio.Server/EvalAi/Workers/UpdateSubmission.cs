using Microsoft.Extensions.Options;
using Palio.Protocol.Evaluations;
using Palio.Server.Errors;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Storage;

namespace Palio.Server.EvalAi.Workers;

/// <summary>What a host's worker says of a submission: progress by PATCH, the end by PUT.</summary>
internal sealed class UpdateSubmission(WorkerAccess access, RemoteEvaluations evaluations, ContentStore store, IOptions<ScoringOptions> scoring)
{
    private const int LongestJobName = 253; // Kubernetes' own limit

    private const int LongestLog = 4 << 20;

    public async Task<IResult> PutAsync(int challenge, EvalAiBody body, bool isPartial, CancellationToken cancellationToken)
    {
        var run = await FindAsync(challenge, body, cancellationToken);
        var logs = new RemoteLogs(Log(body, "stdout"), Log(body, "stderr"), Environment(body));
        switch (body.Text("submission_status")?.ToLowerInvariant())
        {
            case "partially_evaluated" when isPartial:
                await evaluations.StorePartAsync(run, Result(body, logs), adds: false, isLast: false, access.Name, cancellationToken);
                break;
            case "finished":
                await evaluations.FinishAsync(run, Result(body, logs), access.Name, cancellationToken);
                break;
            case "failed":
                await evaluations.FailAsync(run, logs, access.Name, cancellationToken);
                break;
            case "cancelled":
                await evaluations.CancelAsync(run, cancellationToken);
                break;
            default:
                throw Refused("Sorry, submission status is invalid.", "Send finished, failed or cancelled.");
        }

        return EvalAiResults.Success("Submission request has been successfully updated");
    }

    public async Task<IResult> PatchAsync(int challenge, EvalAiBody body, CancellationToken cancellationToken)
    {
        var run = await FindAsync(challenge, body, cancellationToken);
        if (body.File("submission_input_file") is { } file)
        {
            return await KeepFileAsync(run, file, cancellationToken);
        }

        var state = body.Text("submission_status")?.ToLowerInvariant() switch
        {
            "queued" => EvaluationState.Preparing,
            "running" => EvaluationState.Running,
            _ => throw Refused("Sorry, submission status is invalid.", "Send queued or running; the end is sent by PUT."),
        };
        if (body.Filled("job_name") is { } job)
        {
            run.AddJobName(job.Length <= LongestJobName && !job.Contains('\n', StringComparison.Ordinal)
                ? job.ToLowerInvariant() : throw Refused("The job_name is no name of a Kubernetes job.", $"At most {LongestJobName} letters, digits, '-' and '.'."));
        }

        await evaluations.StartAsync(run, state, access.Name, cancellationToken);
        return EvalAiResults.Json(WorkerSubmission.Of(run));
    }

    // Static code upload: the host's cluster ran the image, and hands over what it wrote.
    private async Task<IResult> KeepFileAsync(EvaluationRun run, IFormFile file, CancellationToken cancellationToken)
    {
        if (!ChallengeViews.Declaration(run.PhaseRevision.Revision).IsStaticDatasetCodeUpload)
        {
            throw Refused("Only submissions of a static dataset code upload challenge take a submission_input_file.", "Set is_static_dataset_code_upload in the challenge's configuration.");
        }

        var most = Math.Min(ChallengeViews.Declaration(run.PhaseRevision).Evaluation?.MaxFileBytes ?? long.MaxValue, scoring.Value.MaxFileBytes);
        await using var content = file.OpenReadStream();
        using var staged = await store.StageAsync(content, most, cancellationToken);
        await evaluations.KeepFileAsync(run, staged.Content.Digest, ScoringJobs.PlainName(file.FileName), access.Name, staged.Keep, cancellationToken);
        return EvalAiResults.Json(WorkerSubmission.Of(run));
    }

    /// <summary>On the address for parts: further metrics join those that are there.</summary>
    public async Task<IResult> PatchPartAsync(int challenge, EvalAiBody body, CancellationToken cancellationToken)
    {
        var status = body.Text("submission_status")?.ToLowerInvariant();
        if (status is not ("partially_evaluated" or "finished"))
        {
            return await PatchAsync(challenge, body, cancellationToken);
        }

        var run = await FindAsync(challenge, body, cancellationToken);
        var logs = new RemoteLogs(Log(body, "stdout"), Log(body, "stderr"), Environment(body));
        await evaluations.StorePartAsync(run, Result(body, logs), adds: true, isLast: status == "finished", access.Name, cancellationToken);
        return EvalAiResults.Success("Submission request has been successfully updated");
    }

    /// <summary>EvalAI's jobs say so when their containers start.</summary>
    public async Task<IResult> StartedAsync(int submission, CancellationToken cancellationToken)
    {
        var run = await evaluations.FindAsync(submission, await access.ChallengeOfAsync(submission, cancellationToken), cancellationToken);
        await evaluations.StartAsync(run, EvaluationState.Preparing, access.Name, cancellationToken);
        return EvalAiResults.Json(WorkerSubmission.Of(run));
    }

    private async Task<EvaluationRun> FindAsync(int challenge, EvalAiBody body, CancellationToken cancellationToken)
    {
        await access.DemandAsync(challenge, cancellationToken);
        var submission = body.Number("submission") ?? throw Refused("The key `submission` is missing: which submission is meant?", "");
        var run = await evaluations.FindAsync(submission, challenge, cancellationToken);
        return body.Number("challenge_phase") is not { } phase || phase == run.PhaseId
            ? run
            : throw Refused($"Submission {submission} is not of phase {phase} but of phase {run.PhaseId}.", "Nothing was changed.");
    }

    private static RemoteResult Result(EvalAiBody body, RemoteLogs logs)
    {
        var reading = UpdateResult.Read(body.Filled("result") ?? throw Refused("The key `result` is missing.", "It is JSON as text."));
        return reading.Problems.Count == 0
            ? new RemoteResult(reading.Scores, reading.Hidden, logs)
            : throw Refused($"The result was not taken. {string.Join(' ', reading.Problems.Take(20))}", "");
    }

    // EvalAI keeps what it calls metadata in a file for hosts.
    private static string Environment(EvalAiBody body) =>
        body.Filled("metadata") is { } metadata ? $"{Log(body, "environment_log")}\nMetadata: {metadata[..Math.Min(metadata.Length, LongestLog)]}".TrimStart() : Log(body, "environment_log");

    private static string Log(EvalAiBody body, string name) => body.Text(name) is { } text ? text[Math.Max(0, text.Length - LongestLog)..] : "";

    private static PalioException Refused(string message, string remedy) => new(StatusCodes.Status400BadRequest, RefusalCodes.Validation, message, remedy);
}
