using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Limits;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Features.Submissions;

/// <summary>
/// Judges a submission once more, by the newest revision: a new evaluation. The earlier ones stay as they are. Hosts may; teams, where the
/// challenge says <c>allow_participants_resubmissions</c>, by the rules of a new submission.
/// </summary>
internal static class RerunSubmission
{
    public static async Task<SubmissionDetail> HandleAsync(
        int id, CurrentUser caller, PalioDbContext db, EvaluationQueue queue, SubmissionFeed feed, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        if (!await MayAsync(access, db, cancellationToken))
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

        if (submission.IsRemoved)
        {
            throw new PalioException(StatusCodes.Status400BadRequest, RefusalCodes.State, "It was deleted.", "Submit again.");
        }

        if (submission.Digest.Length == 0)
        {
            throw PalioException.Conflict(RefusalCodes.State, "Its file never came whole: there is nothing to evaluate.", "The team submits again.");
        }

        if (!access.MayManage)
        {
            await AskAsync(submission, caller, db, time, cancellationToken);
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

    /// <summary>Whether the caller may at all.</summary>
    public static async Task<bool> MayAsync(AccessedSubmission access, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (access.MayManage || !access.IsMember)
        {
            return access.MayManage;
        }

        var phase = access.Submission.PhaseId;
        var revision = await db.ChallengeRevisions.AsNoTracking().Where(r => r.Challenge.Phases.Any(p => p.Id == phase) && r.Number == r.Challenge.Revision).SingleAsync(cancellationToken);
        return ChallengeViews.Declaration(revision).AllowParticipantsResubmissions;
    }

    // A submission that counts already takes nothing more of the quota; one that failed for free takes its place again.
    private static async Task AskAsync(Submission submission, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var slug = await db.Challenges.Where(c => c.Id == submission.Phase.ChallengeId).Select(c => c.Slug).SingleAsync(cancellationToken);
        var entry = await SubmissionIntake.AskAsync(slug, submission.Phase.Codename, submission.FileName is not null, caller, db, time, cancellationToken);
        var facts = await SubmissionFactsReader.ReadAsync(entry.Access, entry.Phase, entry.Revision, entry.Participation, caller, db, time.GetUtcNow(), cancellationToken);
        var counts = SubmissionQuota.Counts(submission.Outcome, submission.Phase.FailedAreFree ? QuotaPolicy.FailedAreFree : QuotaPolicy.ByBlame);
        if (SubmissionRules.Check(facts).Refusal is { } refusal
            && !(counts && refusal.Reason is (RefusalReason.TotalLimit or RefusalReason.DayLimit or RefusalReason.MonthLimit)))
        {
            throw SubmissionRefusals.Of(refusal);
        }
    }
}
