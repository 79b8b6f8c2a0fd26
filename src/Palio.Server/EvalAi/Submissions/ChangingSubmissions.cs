using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
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
        try
        {
            return isThere ? await ChangeAsync(submission, body, show, caller, db, time, cancellationToken) : throw Lookups.Missing("Submission", submission);
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.Forbidden)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, $"{refusal.Message} {refusal.Remedy}"); // a field that is the hosts', not a submission that is another's
        }
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

    /// <summary>Takes up what failed. EvalAI's hosts' own workers go on where they were; to them it is one more message of the queue.</summary>
    public static async Task<IResult> ResumeAsync(
        int submission, SubmissionShow show, CurrentUser caller, PalioDbContext db, EvaluationQueue queue, SubmissionFeed feed, TimeProvider time, CancellationToken cancellationToken)
    {
        var shown = await show.OneAsync(submission, cancellationToken);
        if (shown.Status != "failed")
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "Only failed submissions can be resumed");
        }

        var phase = shown.ChallengePhase;
        var revision = await db.ChallengeRevisions.AsNoTracking().Where(r => r.Challenge.Phases.Any(p => p.Id == phase) && r.Number == r.Challenge.Revision).SingleAsync(cancellationToken);
        if (ChallengeViews.Declaration(revision) is not { AllowResumingSubmissions: true })
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "The challenge does not let submissions be resumed: set allow_resuming_submissions, or run it again.");
        }

        await RerunSubmission.HandleAsync(submission, caller, db, queue, feed, time, cancellationToken);
        return EvalAiResults.Success("Submission is successfully resumed");
    }

    public static async Task<IResult> DeleteAsync(
        int submission, SubmissionShow show, CurrentUser caller, PalioDbContext db, SubmissionFeed feed, WorkerNudge nudge, FileUploads uploads, TimeProvider time, CancellationToken cancellationToken)
    {
        await show.OneAsync(submission, cancellationToken);
        await RemoveSubmission.HandleAsync(submission, caller, db, feed, nudge, uploads, time, cancellationToken);
        return EvalAiResults.Json((object)await show.OneAsync(submission, cancellationToken));
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
            Verified = body.Flag("is_verified_by_host"),
            Metadata = body.Has("submission_metadata") ? EvalAiAnswer.Read(body, await show.DeclarationOfAsync(submission, cancellationToken)) : null,
        });
        if (request != new UpdateSubmissionRequest())
        {
            await UpdateSubmission.HandleAsync(submission, request, caller, db, time, cancellationToken);
        }

        return EvalAiResults.Json(await show.OneAsync(submission, cancellationToken));
    }
}
