using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Workers;

/// <summary>A challenge's queue, as Amazon's would be: one message at a time, handed out again until it is deleted.</summary>
internal sealed class ChallengeQueue(PalioDbContext db, WorkerAccess access, InstanceAddress address, TimeProvider time)
{
    private const int MostTries = 5; // against other workers of the same queue

    public async Task<IResult> ReceiveAsync(string queue, CancellationToken cancellationToken)
    {
        var challenge = await access.OfQueueAsync(queue, cancellationToken);
        for (var i = 0; i < MostTries; i++)
        {
            if (await NextAsync(challenge.Id, cancellationToken) is not { } next)
            {
                break;
            }

            if (await HandOutAsync(next, cancellationToken) is { } receipt)
            {
                return EvalAiResults.Json(new { body = Body(next), receipt_handle = receipt });
            }
        }

        return EvalAiResults.Json(new { body = (object?)null, receipt_handle = (string?)null });
    }

    public async Task<IResult> DeleteAsync(string queue, EvalAiBody body, CancellationToken cancellationToken)
    {
        var challenge = await access.OfQueueAsync(queue, cancellationToken);
        if (body.Filled("receipt_handle") is not { } receipt)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "Missing receipt_handle: send the one that the message came with.");
        }

        var deleted = await db.QueueMessages
            .Where(m => m.Receipt == receipt && db.Evaluations.Any(e => e.Id == m.EvaluationId && e.ChallengeId == challenge.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.IsDeleted, true), cancellationToken);
        return deleted == 1
            ? EvalAiResults.Success("Message deleted successfully from the queue")
            : EvalAiResults.Error(StatusCodes.Status400BadRequest, "No message of this queue has that receipt_handle; it was handed out again since, under another one.");
    }

    // The newest evaluation of a submission counts. Those that ended come last: they are handed out so that workers tidy up after them.
    private Task<Waiting?> NextAsync(int challengeId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return db.Evaluations.Where(e => e.ChallengeId == challengeId && e.Judging == Judging.Remote)
            .Where(e => !db.Evaluations.Any(newer => newer.SubmissionId == e.SubmissionId && newer.Id > e.Id))
            .LeftJoin(db.QueueMessages, e => e.Id, m => m.EvaluationId, (e, m) => new
            {
                Run = e,
                Message = m,
                IsOver = e.State == EvaluationState.Finished || e.State == EvaluationState.Failed || e.State == EvaluationState.Cancelled,
            })
            .Where(e => (e.Message == null && !e.IsOver) || (e.Message != null && !e.Message.IsDeleted && e.Message.VisibleAt <= now))
            .OrderBy(e => e.IsOver).ThenBy(e => e.Run.Queued).ThenBy(e => e.Run.Id)
            .Select(e => new Waiting(
                e.Run.Id, e.Run.ChallengeId, e.Run.PhaseId, e.Run.SubmissionId, e.Run.Submission.Repository, e.Run.Submission.Digest, e.Message == null ? null : e.Message.Receipt,
                e.Run.PhaseRevision.Revision.Declaration, e.Run.FileDigest != null && !e.IsOver))
            .FirstOrDefaultAsync(cancellationToken);
    }

    // Null when another worker was faster: the receipt seen, or that there was none, is checked by the change itself.
    private async Task<string?> HandOutAsync(Waiting next, CancellationToken cancellationToken)
    {
        var (receipt, visible) = (Secrets.NewCode(), time.GetUtcNow() + QueueMessage.Hidden);
        if (next.Receipt is { } seen)
        {
            var changed = await db.QueueMessages.Where(m => m.EvaluationId == next.Id && m.Receipt == seen && !m.IsDeleted)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Receipt, receipt).SetProperty(m => m.VisibleAt, visible), cancellationToken);
            return changed == 1 ? receipt : null;
        }

        var made = db.QueueMessages.Add(new QueueMessage { EvaluationId = next.Id, Receipt = receipt, VisibleAt = visible });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return receipt;
        }
        catch (DbUpdateException)
        {
            made.State = EntityState.Detached;
            return null;
        }
    }

    private Dictionary<string, object> Body(Waiting next)
    {
        var body = new Dictionary<string, object> { ["challenge_pk"] = next.ChallengeId, ["phase_pk"] = next.PhaseId, ["submission_pk"] = next.SubmissionId };
        if (next.Repository.Length > 0)
        {
            body["submitted_image_uri"] = $"{address.RegistryHost}/{next.Repository}@{next.Digest}"; // what was submitted, whatever a tag says now

            // EvalAI has a worker for each of the two stages, which leave each other's messages alone. When all is over it is the first's
            // again: it tidies up its job.
            body["is_static_dataset_code_upload_submission"] = !next.HasFileToScore
                && JsonSerializer.Deserialize<ChallengeDeclaration>(next.Declaration) is { IsStaticDatasetCodeUpload: true };
        }

        return body;
    }

    private sealed record Waiting(long Id, int ChallengeId, int PhaseId, int SubmissionId, string Repository, string Digest, string? Receipt, string Declaration, bool HasFileToScore);
}
