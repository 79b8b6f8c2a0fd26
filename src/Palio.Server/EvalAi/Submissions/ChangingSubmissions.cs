using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions;
using Palio.Server.Features.Submissions.Uploads;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>Visibility, method, baseline, flag, cancel, re-run. Who may do which is the use cases' to say; nothing else is taken.</summary>
internal static class ChangingSubmissions
{
    public static async Task<IResult> UpdateAsync(
        int challenge, int phase, int submission, EvalAiBody body, SubmissionShow show, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var isThere = await show.Visible.AnyAsync(s => s.Id == submission && s.PhaseId == phase && s.Phase.ChallengeId == challenge, cancellationToken);
        return isThere ? await ChangeAsync(submission, body, show, caller, db, time, cancellationToken) : throw Lookups.Missing("Submission", submission);
    }

    public static async Task<IResult> UpdateMetaAsync(
        int challenge, int submission, EvalAiBody body, SubmissionShow show, CurrentUser caller, PalioDbContext db, SubmissionFeed feed, WorkerNudge nudge, FileUploads uploads, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!await show.Visible.AnyAsync(s => s.Id == submission && s.Phase.ChallengeId == challenge, cancellationToken))
        {
            throw Lookups.Missing("Submission", submission);
        }

        if (body.Filled("status") is { } status)
        {
            if (!status.Equals("cancelled", StringComparison.OrdinalIgnoreCase))
            {
                return EvalAiResults.Invalid("status", "Only \"cancelled\" can be asked for: the other states are the evaluation's own.");
            }

            await CancelSubmission.HandleAsync(submission, caller, db, feed, nudge, uploads, time, cancellationToken);
        }

        return await ChangeAsync(submission, body, show, caller, db, time, cancellationToken);
    }

    public static async Task<IResult> RerunAsync(
        int submission, CurrentUser caller, PalioDbContext db, EvaluationQueue queue, SubmissionFeed feed, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await RerunSubmission.HandleAsync(submission, caller, db, queue, feed, time, cancellationToken);
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.NotFound)
        {
            throw Lookups.Missing("Submission", submission);
        }

        return EvalAiResults.Success("Submission is successfully re-running");
    }

    private static async Task<IResult> ChangeAsync(
        int submission, EvalAiBody body, SubmissionShow show, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = EvalAiBody.Checked(new UpdateSubmissionRequest
        {
            Public = body.Flag("is_public"),
            MethodName = body.Text("method_name"),
            MethodDescription = body.Text("method_description"),
            ProjectUrl = body.Text("project_url"),
            PublicationUrl = body.Text("publication_url"),
            Baseline = body.Flag("is_baseline"),
            Flagged = body.Flag("is_flagged"),
        });
        if (request != new UpdateSubmissionRequest())
        {
            await UpdateSubmission.HandleAsync(submission, request, caller, db, time, cancellationToken);
        }

        return EvalAiResults.Json(await show.OneAsync(submission, cancellationToken));
    }
}
