using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions.Uploads;

namespace Palio.Server.Features.Submissions;

/// <summary>Cancels what waits at once, and has what runs stopped.</summary>
internal static class CancelSubmission
{
    public static async Task<SubmissionDetail> HandleAsync(
        int id, CurrentUser caller, PalioDbContext db, SubmissionFeed feed, WorkerNudge nudge, FileUploads uploads, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var access = await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        if (access.Submission.State == SubmissionState.Uploading && await uploads.CancelAsync(id, cancellationToken))
        {
            return await GetSubmission.HandleAsync(id, caller, db, cancellationToken);
        }

        var run = await db.Evaluations.Include(e => e.Submission).Where(e => e.SubmissionId == id).OrderByDescending(e => e.Id)
            .FirstAsync(cancellationToken);
        if (run.IsOver)
        {
            throw PalioException.Conflict(RefusalCodes.State, "There is nothing to cancel: the submission has ended.", "Look at it: palio status.");
        }

        if (run.State == EvaluationState.Queued || run.Judging == Judging.Remote) // a host's worker learns it when it asks next
        {
            run.SetFault(Fault.Of(FaultCode.ParticipantCancelled, $"Cancelled by {caller.UserName} before it ended."));
            run.Cancel(time.GetUtcNow());
            run.Submission.Follow(run);
        }
        else
        {
            run.RequestCancel(time.GetUtcNow());
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw PalioException.Conflict(RefusalCodes.State, "The evaluation moved on at this very moment.", "Cancel again.");
        }

        nudge.Nudge(run.Id);
        feed.Publish(access.Submission.Id);
        return await GetSubmission.HandleAsync(id, caller, db, cancellationToken);
    }
}
