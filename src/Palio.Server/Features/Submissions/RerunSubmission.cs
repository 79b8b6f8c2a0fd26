using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Features.Submissions;

/// <summary>Judges a submission once more, by the newest revision: a new evaluation. The earlier ones stay as they are.</summary>
internal static class RerunSubmission
{
    public static async Task<SubmissionDetail> HandleAsync(
        int id, CurrentUser caller, PalioDbContext db, EvaluationQueue queue, SubmissionFeed feed, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        if (!access.MayManage)
        {
            throw PalioException.Forbidden("Only the challenge's hosts evaluate again.", "Ask one of them, or submit again.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Participations.Where(p => p.Id == access.Submission.ParticipationId)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Submissions, p => p.Submissions), cancellationToken); // locks the team's row
        var submission = await db.Submissions.Include(s => s.Phase).ThenInclude(p => p.Current).SingleAsync(s => s.Id == id, cancellationToken);
        await db.Entry(submission).ReloadAsync(cancellationToken);
        if (!submission.IsOver)
        {
            throw PalioException.Conflict(RefusalCodes.State, "It is being evaluated already.", "Wait for its end, or cancel it.");
        }

        var run = QueueEvaluation.Create(submission, submission.Phase, submission.Phase.ChallengeId, time.GetUtcNow());
        db.Evaluations.Add(run);
        submission.Follow(run);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Wake();
        feed.Publish(id);
        return await GetSubmission.HandleAsync(id, caller, db, cancellationToken);
    }
}
