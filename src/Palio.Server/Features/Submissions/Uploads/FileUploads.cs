using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions.Uploads;

/// <summary>
/// A submission whose file comes in parts. It is there, and counted, from the first word; it is queued when its file is whole, and failed
/// when it will not become so. Parts are taken by whoever has their sealed address: the door makes those.
/// </summary>
internal sealed class FileUploads(
    CurrentUser caller, PalioDbContext db, PartStore parts, ContentStore store, EvaluationQueue queue, SubmissionFeed feed, IOptions<ScoringOptions> options, TimeProvider time)
{
    private const string Prefix = "submission-";

    /// <summary>The upload's name in the store of parts.</summary>
    public static string NameOf(int submission) => Prefix + submission.ToString(CultureInfo.InvariantCulture);

    /// <summary>The submission of an upload's name; null for another kind of upload.</summary>
    public static int? SubmissionOf(string upload) =>
        upload.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(upload.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Makes the submission, by all the rules of one that is sent whole.</summary>
    /// <param name="request">What is submitted, apart from the file.</param>
    /// <param name="fileName">The file's name, as it was sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BegunUpload> BeginAsync(SubmitFileRequest request, string fileName, CancellationToken cancellationToken)
    {
        var texts = EntryRequest.Of(request);
        var entry = await SubmissionIntake.PrepareAsync(texts, isFile: true, caller, db, queue, time, cancellationToken);
        var name = UploadedFile.NameOf(fileName);
        CreateFileSubmission.CheckName(name, entry.Declaration);
        var (id, _) = await SubmissionIntake.StoreAsync(
            entry, EntryContent.Awaited(name), texts, new EntryOnce(null, "", Again: true), caller, db, time, cancellationToken);
        return new BegunUpload(id, CreateFileSubmission.MostBytes(entry.Declaration, options.Value));
    }

    /// <summary>Whether parts of a submission's file are still taken.</summary>
    public Task<bool> IsOpenAsync(int submission, CancellationToken cancellationToken) =>
        db.Submissions.AnyAsync(s => s.Id == submission && s.State == SubmissionState.Uploading, cancellationToken);

    /// <summary>Puts the parts together and queues the submission. The same again changes nothing.</summary>
    /// <param name="submission">One of the caller's team.</param>
    /// <param name="sent">The parts as the sender knows them.</param>
    /// <param name="cancellationToken">Gives up; the parts stay.</param>
    public async Task FinishAsync(int submission, IReadOnlyList<SentPart> sent, CancellationToken cancellationToken)
    {
        if (await EndedAsync(submission, cancellationToken))
        {
            return;
        }

        var name = NameOf(submission);
        var whole = SentPart.Match(sent, parts.List(name));
        await using var source = PartStore.Open(whole);
        using var staged = await store.StageAsync(source, options.Value.MaxFileBytes, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = await LockAsync(submission, cancellationToken);
        if (row.State != SubmissionState.Uploading)
        {
            throw PalioException.Conflict(RefusalCodes.State, $"Submission {submission} moved on at this very moment.", "Look at it.");
        }

        CreateFileSubmission.CheckSize(staged.Content.Bytes, ChallengeViews.Declaration(row.Phase.Current), options.Value);
        row.Receive(staged.Content);
        Follow(row);
        await db.SaveChangesAsync(cancellationToken);
        staged.Keep();
        await transaction.CommitAsync(cancellationToken);
        parts.Remove(name);
        queue.Wake();
        feed.Publish(submission);
    }

    /// <summary>
    /// The sender has nothing more to send. A submission whose file is not whole fails now, with words for the sender; a queued one is as it was.
    /// </summary>
    public async Task CloseAsync(int submission, CancellationToken cancellationToken)
    {
        var came = parts.List(NameOf(submission));
        var phase = ChallengeViews.Declaration(await db.Submissions.AsNoTracking().Where(s => s.Id == submission).Select(s => s.Phase.Current).SingleAsync(cancellationToken));
        await AbandonAsync(
            submission,
            $"The file did not come whole: {came.Count} {(came.Count == 1 ? "part" : "parts")} of it came, {came.Sum(part => part.Bytes)} bytes. "
                + $"The phase takes at most {CreateFileSubmission.MostBytes(phase, options.Value)}.",
            cancellationToken);
        var fault = await db.Evaluations.Where(e => e.SubmissionId == submission).OrderByDescending(e => e.Id)
            .Select(e => e.FaultCode == FaultCode.ParticipantUploadUnfinished ? e.FaultJson : null).FirstOrDefaultAsync(cancellationToken);
        if (fault is not null && System.Text.Json.JsonSerializer.Deserialize(fault, EvaluationJsonContext.Default.Fault) is { } why)
        {
            throw new PalioException(StatusCodes.Status422UnprocessableEntity, RefusalCodes.State, $"Submission {submission} has failed. {why.Message}", why.Remedy);
        }
    }

    /// <summary>Fails a submission whose file will not come any more; one that moved on is left alone.</summary>
    public async Task AbandonAsync(int submission, string why, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = await LockAsync(submission, cancellationToken);
        if (row.State != SubmissionState.Uploading)
        {
            return;
        }

        var run = Run(row);
        run.Fail(Fault.Of(FaultCode.ParticipantUploadUnfinished, why), time.GetUtcNow());
        await EndAsync(row, run, transaction, cancellationToken);
    }

    /// <summary>Cancels a submission whose file is still being sent; false when it moved on.</summary>
    public async Task<bool> CancelAsync(int submission, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = await LockAsync(submission, cancellationToken);
        if (row.State != SubmissionState.Uploading)
        {
            return false;
        }

        var run = Run(row);
        run.SetFault(Fault.Of(FaultCode.ParticipantCancelled, $"Cancelled by {caller.UserName} before its file was whole."));
        run.Cancel(time.GetUtcNow());
        await EndAsync(row, run, transaction, cancellationToken);
        return true;
    }

    private async Task EndAsync(
        Submission row, EvaluationRun run, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        row.Follow(run);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        parts.Remove(NameOf(row.Id));
        feed.Publish(row.Id);
    }

    // True when it is queued or further; refused when it has failed or was cancelled for want of its file.
    private async Task<bool> EndedAsync(int submission, CancellationToken cancellationToken)
    {
        var row = await db.Submissions.AsNoTracking().Where(s => s.Id == submission).Select(s => new { s.State, s.Digest }).SingleAsync(cancellationToken);
        return row.State == SubmissionState.Uploading ? false
            : row.Digest.Length > 0 ? true
            : throw PalioException.Conflict(RefusalCodes.State, $"Submission {submission} has ended without its file.", "Submit again.");
    }

    private async Task<Submission> LockAsync(int submission, CancellationToken cancellationToken)
    {
        var participation = await db.Submissions.Where(s => s.Id == submission).Select(s => s.ParticipationId).SingleAsync(cancellationToken);
        await db.Participations.Where(p => p.Id == participation)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Submissions, p => p.Submissions), cancellationToken); // locks the team's row
        var row = await db.Submissions.Include(s => s.Phase).ThenInclude(p => p.Current).SingleAsync(s => s.Id == submission, cancellationToken);
        await db.Entry(row).ReloadAsync(cancellationToken);
        return row;
    }

    private void Follow(Submission row) => row.Follow(Run(row));

    private EvaluationRun Run(Submission row)
    {
        var run = QueueEvaluation.Create(row, row.Phase, row.Phase.ChallengeId, time.GetUtcNow());
        db.Evaluations.Add(run);
        return run;
    }
}

/// <summary>What a sender must know of an upload.</summary>
internal sealed record BegunUpload(int Submission, long MostBytes);
