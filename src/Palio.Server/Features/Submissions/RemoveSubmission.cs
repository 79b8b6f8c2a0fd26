using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Features.Submissions.Uploads;

namespace Palio.Server.Features.Submissions;

/// <summary>Takes a submission out of lists and off the boards, for its team and the hosts. The row stays, and counts as it did.</summary>
internal static class RemoveSubmission
{
    public static async Task HandleAsync(
        int id, CurrentUser caller, PalioDbContext db, SubmissionFeed feed, WorkerNudge nudge, FileUploads uploads, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        if (!access.Submission.IsOver)
        {
            await CancelSubmission.HandleAsync(id, caller, db, feed, nudge, uploads, time, cancellationToken);
            await db.Entry(access.Submission).ReloadAsync(cancellationToken);
        }

        if (!access.Submission.IsOver)
        {
            throw Errors.PalioException.Conflict(Errors.RefusalCodes.State, "It is being stopped.", "Remove it when it has ended.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        access.Submission.Remove();
        await db.BoardEntries.Where(entry => entry.SubmissionId == id).ExecuteDeleteAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await BoardKeeping.RebuildPhaseAsync(access.Submission.PhaseId, access.Submission.TeamId, db, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        feed.Publish(id);
    }
}
