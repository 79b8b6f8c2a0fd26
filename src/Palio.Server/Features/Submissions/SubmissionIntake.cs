using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Limits;
using Palio.Challenges.Metadata;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Leaderboards;

namespace Palio.Server.Features.Submissions;

/// <summary>What images and files have in common on their way into a phase: the rules, the quota's transaction, the queue.</summary>
internal static class SubmissionIntake
{
    /// <summary>The first statement of every submission's transaction. It changes nothing that a board shows.</summary>
    internal const string LockSql = """UPDATE "Participations" SET "Submissions" = "Submissions" + 1""";

    private const int LongestKey = 200;

    public static void CheckKey(string? key)
    {
        if (key is { Length: 0 or > LongestKey })
        {
            throw PalioException.Invalid("Idempotency-Key", $"The key has {key.Length} characters.", $"Write 1 to {LongestKey}, for example a UUID.");
        }
    }

    /// <summary>
    /// Asks the rules, which <see cref="StoreAsync"/> asks again in the transaction: here they spare a hopeless request the look at what
    /// is submitted. What is used up is left to the transaction: the same content again is no new submission.
    /// </summary>
    public static async Task<PhaseEntry> AskAsync(
        string challenge, string phaseName, bool isFile, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(challenge, caller, db, cancellationToken);
        var phase = await ChallengeAccess.FindPhaseAsync(access, phaseName, db, cancellationToken);
        var revision = phase.Current?.Revision ?? throw new InvalidOperationException("A declared phase is in the last revision.");
        var participation = await ChallengeAccess.FindParticipationAsync(access.Challenge.Id, caller, db, cancellationToken);
        if (participation?.Disqualified == true)
        {
            throw SubmissionRefusals.Disqualified();
        }

        var facts = await SubmissionFactsReader.ReadAsync(access, phase, revision, participation, caller, db, time.GetUtcNow(), cancellationToken, withCounts: false);
        if (SubmissionRules.Check(facts).Refusal is { } refusal
            && refusal.Reason is not (RefusalReason.TotalLimit or RefusalReason.DayLimit or RefusalReason.MonthLimit or RefusalReason.ConcurrentLimit))
        {
            throw SubmissionRefusals.Of(refusal);
        }

        var declaration = ChallengeViews.Declaration(phase.Current);
        if (declaration.TakesFiles != isFile)
        {
            throw SubmissionRefusals.OfInput(declaration);
        }

        var team = participation ?? throw new InvalidOperationException("The rules let a submission through without a team.");
        return new PhaseEntry(access, phase, revision, team, declaration, facts, new Dictionary<string, string>());
    }

    /// <summary>The rules, and what is asked beside image or file.</summary>
    public static async Task<PhaseEntry> PrepareAsync(
        EntryRequest request, bool isFile, CurrentUser caller, PalioDbContext db, EvaluationQueue queue, TimeProvider time, CancellationToken cancellationToken)
    {
        queue.Rush.Note();
        var entry = await AskAsync(request.Challenge, request.Phase, isFile, caller, db, time, cancellationToken);
        var answers = Answers(entry.Declaration, request.Metadata ?? new Dictionary<string, string>());
        if (!entry.Access.MayManage && request.Public is { } shown && !SubmissionRefusals.MayShow(entry.Declaration, shown))
        {
            throw SubmissionRefusals.VisibilityOfPhase(entry.Declaration);
        }

        return entry with { Answers = answers };
    }

    /// <summary>Stores and queues it, unless it is there already. Parallel submissions of a team are counted one after the other.</summary>
    /// <param name="entry">What was prepared.</param>
    /// <param name="content">What is submitted.</param>
    /// <param name="request">The texts beside it.</param>
    /// <param name="once">How repeats are known.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="db">Database.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(int Id, bool IsNew)> StoreAsync(
        PhaseEntry entry, EntryContent content, EntryRequest request, EntryOnce once, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        db.Database.AutoSavepointsEnabled = false; // whatever fails, all of it fails
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // Locks the team's row, on every database.
        var teamId = entry.Participation.TeamId;
        await db.Database.ExecuteSqlRawAsync(LockSql + """ WHERE "Id" = {0}""", [entry.Participation.Id], cancellationToken);
        if (await FindByKeyAsync(once, caller, db, cancellationToken) is { } repeated)
        {
            return (repeated, false);
        }

        if (!once.Again && await FindSameAsync(entry, content, db, cancellationToken) is { } same)
        {
            return (same, false);
        }

        var now = time.GetUtcNow();
        var present = await SubmissionFactsReader.CountAsync(entry.Phase, teamId, now, db, cancellationToken);
        if (SubmissionRules.Check(entry.Facts with { Now = now, Counts = present.Counts }).Refusal is { } refusal)
        {
            await content.RefusedAsync();
            throw SubmissionRefusals.Of(refusal);
        }

        var submission = NewSubmission(entry, content, request, caller, present.LastNumber + 1, now);
        db.Submissions.Add(submission);
        if (content.IsAwaited)
        {
            submission.AwaitFile();
        }
        else
        {
            submission.Evaluations.Add(QueueEvaluation.Create(submission, entry.Phase, entry.Access.Challenge.Id, now));
        }

        await db.SaveChangesAsync(cancellationToken);
        if (submission.IsPublic && entry.Declaration.IsRestrictedToSelectOneSubmission)
        {
            await submission.HideOthersAsync(db, cancellationToken);
            await BoardKeeping.RebuildPhaseAsync(submission.PhaseId, teamId, db, now, cancellationToken);
        }

        if (once.Key is { } key)
        {
            db.IdempotencyRecords.Add(new IdempotencyRecord { UserId = caller.Id, Key = key, RequestHash = once.Hash, SubmissionId = submission.Id, Created = now });
            await db.SaveChangesAsync(cancellationToken);
        }

        await content.StoredAsync();
        await transaction.CommitAsync(cancellationToken);
        return (submission.Id, true);
    }

    /// <summary>What the same key made before; null when it is new.</summary>
    public static async Task<int?> FindByKeyAsync(EntryOnce once, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var record = once.Key is null ? null
            : await db.IdempotencyRecords.AsNoTracking().FirstOrDefaultAsync(r => r.UserId == caller.Id && r.Key == once.Key, cancellationToken);
        return record is null || record.RequestHash == once.Hash
            ? record?.SubmissionId
            : throw PalioException.Conflict(
                RefusalCodes.IdempotencyConflict, "This Idempotency-Key was used for another request.", "Use a new key for a new request.");
    }

    private static Submission NewSubmission(PhaseEntry entry, EntryContent content, EntryRequest request, CurrentUser caller, int number, DateTimeOffset now) => new()
    {
        PhaseId = entry.Phase.Id,
        ParticipationId = entry.Participation.Id,
        TeamId = entry.Participation.TeamId,
        Number = number,
        SubmittedById = caller.Id,
        Submitted = now,
        Repository = content.Repository,
        Digest = content.Digest,
        ManifestDigest = content.ManifestDigest,
        FileName = content.FileName,
        FileBytes = content.FileBytes,
        MethodName = request.MethodName,
        MethodDescription = request.MethodDescription,
        ProjectUrl = request.ProjectUrl,
        PublicationUrl = request.PublicationUrl,
        Metadata = JsonSerializer.Serialize(entry.Answers),
        IsPublic = request.Public ?? entry.Declaration.IsSubmissionPublic,
    };

    // A failed or cancelled one is no answer to somebody who wants a score: that is submitted again.
    private static async Task<int?> FindSameAsync(PhaseEntry entry, EntryContent content, PalioDbContext db, CancellationToken cancellationToken) =>
        await db.Submissions
            .Where(s => s.TeamId == entry.Participation.TeamId && s.PhaseId == entry.Phase.Id && s.Digest == content.Digest)
            .Where(s => s.State == SubmissionState.Waiting || s.State == SubmissionState.Running || s.State == SubmissionState.Finished)
            .OrderByDescending(s => s.Id).Select(s => (int?)s.Id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>What was answered, by the phase's questions; refused when it does not fit them.</summary>
    public static IReadOnlyDictionary<string, string> Answers(PhaseDeclaration declaration, IReadOnlyDictionary<string, string> answers)
    {
        var reading = MetadataForm.Read(declaration.SubmissionMetaAttributes, answers);
        return reading.Problems.Count == 0
            ? reading.Answers
            : throw PalioException.Invalid(
                "metadata", string.Join(' ', reading.Problems.Select(problem => $"'{problem.Question}' {problem.Message}")),
                $"{string.Join(' ', reading.Problems.Select(problem => problem.Remedy).Distinct())} With the command line: --meta \"{reading.Problems[0].Question}=…\".");
    }
}

/// <summary>What is asked beside the image or file.</summary>
internal sealed record EntryRequest(
    string Challenge, string Phase, string? MethodName, string? MethodDescription, string? ProjectUrl, string? PublicationUrl, bool? Public,
    IReadOnlyDictionary<string, string>? Metadata)
{
    public static EntryRequest Of(SubmitRequest request) => new(
        request.Challenge, request.Phase, request.MethodName, request.MethodDescription, request.ProjectUrl, request.PublicationUrl, request.Public, request.Metadata);

    public static EntryRequest Of(SubmitFileRequest request) => new(
        request.Challenge, request.Phase, request.MethodName, request.MethodDescription, request.ProjectUrl, request.PublicationUrl, request.Public, request.Metadata);
}

/// <summary>What is submitted: an image, or a file of the content store.</summary>
internal sealed record EntryContent(string Repository, string Digest, string? FileName = null, long? FileBytes = null)
{
    /// <summary>Of the image itself, when <see cref="Digest"/> is an index's.</summary>
    public string? ManifestDigest { get; init; }

    /// <summary>Called in the transaction, once the submission has its id: what it stands for is kept.</summary>
    public Func<Task> StoredAsync { get; init; } = () => Task.CompletedTask;

    /// <summary>Called in the transaction, when the quota is used up.</summary>
    public Func<Task> RefusedAsync { get; init; } = () => Task.CompletedTask;

    /// <summary>A file that is still being sent.</summary>
    public bool IsAwaited => Digest.Length == 0;

    /// <summary>A file that will come in parts.</summary>
    public static EntryContent Awaited(string fileName) => new("", "", fileName);
}

/// <summary>How a repeated request is known.</summary>
/// <param name="Key">Idempotency key; null for none.</param>
/// <param name="Hash">Of the request that the key stands for.</param>
/// <param name="Again">The same content is a new submission.</param>
internal sealed record EntryOnce(string? Key, string Hash, bool Again);

/// <summary>A team before a phase that takes its submission, apart from what its quota says.</summary>
internal sealed record PhaseEntry(
    AccessedChallenge Access, Phase Phase, ChallengeRevision Revision, ChallengeParticipation Participation, PhaseDeclaration Declaration,
    SubmissionFacts Facts, IReadOnlyDictionary<string, string> Answers);
