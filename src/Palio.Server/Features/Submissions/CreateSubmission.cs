using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Limits;
using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Leaderboards;

namespace Palio.Server.Features.Submissions;

/// <summary>Takes a pushed image as a team's entry to a phase. Repeating it, by key or by digest, changes nothing.</summary>
internal static class CreateSubmission
{
    private const int LongestKey = 200;

    /// <summary>The submission, and whether it was made just now.</summary>
    /// <param name="request">What is submitted.</param>
    /// <param name="key">Idempotency key; null for none.</param>
    /// <param name="again">Submit although the same digest is there already.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="db">Database.</param>
    /// <param name="catalog">Looks at the image.</param>
    /// <param name="queue">Is woken.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(SubmissionSummary Submission, bool IsNew)> HandleAsync(
        SubmitRequest request, string? key, bool again, CurrentUser caller, PalioDbContext db, IImageCatalog catalog, EvaluationQueue queue, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (key is { Length: 0 or > LongestKey })
        {
            throw PalioException.Invalid("Idempotency-Key", $"The key has {key.Length} characters.", $"Write 1 to {LongestKey}, for example a UUID.");
        }

        var hash = Secrets.Hash(JsonSerializer.Serialize(request, ApiJsonContext.Default.SubmitRequest));
        if (key is not null && await FindByKeyAsync(key, hash, caller, db, cancellationToken) is { } repeated)
        {
            return (await SubmissionViews.SummaryAsync(repeated, db, cancellationToken), false);
        }

        var entry = await PrepareAsync(request, caller, db, catalog, time, cancellationToken);
        var (id, isNew) = await StoreAsync(entry, request, key, hash, again, caller, db, catalog, time, cancellationToken);
        if (isNew)
        {
            queue.Wake();
        }

        return (await SubmissionViews.SummaryAsync(id, db, cancellationToken), isNew);
    }

    private static async Task<Entry> PrepareAsync(
        SubmitRequest request, CurrentUser caller, PalioDbContext db, IImageCatalog catalog, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(request.Challenge, caller, db, cancellationToken);
        var phase = await ChallengeAccess.FindPhaseAsync(access, request.Phase, db, cancellationToken);
        var revision = await db.ChallengeRevisions.AsNoTracking()
            .SingleAsync(r => r.ChallengeId == access.Challenge.Id && r.Number == access.Challenge.Revision, cancellationToken);
        var participation = await ChallengeAccess.FindParticipationAsync(access.Challenge.Id, caller, db, cancellationToken);
        if (participation?.Disqualified == true)
        {
            throw SubmissionRefusals.Disqualified();
        }

        // The rules are asked again in the transaction; here they spare a hopeless request the look at the image. What is used up is
        // left to the transaction: the same digest again is no new submission.
        var facts = await SubmissionFactsReader.ReadAsync(access, phase, revision, participation, caller, db, time.GetUtcNow(), cancellationToken);
        if (SubmissionRules.Check(facts).Refusal is { } refusal
            && refusal.Reason is not (RefusalReason.TotalLimit or RefusalReason.DayLimit or RefusalReason.MonthLimit or RefusalReason.ConcurrentLimit))
        {
            throw SubmissionRefusals.Of(refusal);
        }

        var declaration = ChallengeViews.Declaration(phase.Current);
        CheckMetadata(declaration, request);
        if (!access.MayManage && request.Public is { } shown && !SubmissionRefusals.MayShow(declaration, shown))
        {
            throw SubmissionRefusals.VisibilityOfPhase(declaration);
        }

        var team = participation ?? throw new InvalidOperationException("The rules let a submission through without a team.");
        var repository = RepositoryName.Parse($"{access.Challenge.Slug}/{team.Team.Slug}");
        if (!Digest.TryParse(request.Digest, out var digest))
        {
            throw PalioException.Invalid("digest", $"'{request.Digest}' is not a digest.", "Write sha256: and 64 hexadecimal digits, as docker push prints it.");
        }

        var inspection = await catalog.InspectAsync(repository, digest, EnvironmentImages.Platform, cancellationToken);
        if (SubmissionRefusals.OfImage(inspection, repository.Value, request.Digest, ChallengeViews.Declaration(revision).MaxDockerImageSize) is { } unusable)
        {
            throw unusable;
        }

        var manifest = (inspection as ImageInspection.Found)?.Image.ManifestDigest;
        return new Entry(access, phase, revision, team, repository, digest, manifest, declaration);
    }

    private static async Task<(int Id, bool IsNew)> StoreAsync(
        Entry entry, SubmitRequest request, string? key, string hash, bool again, CurrentUser caller, PalioDbContext db, IImageCatalog catalog, TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // The first statement locks the team's row: parallel submissions of a team are counted one after the other, on every database.
        var teamId = entry.Participation.TeamId;
        await db.Participations.Where(p => p.Id == entry.Participation.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Submissions, p => p.Submissions + 1), cancellationToken);
        if (key is not null && await FindByKeyAsync(key, hash, caller, db, cancellationToken) is { } repeated)
        {
            return (repeated, false);
        }

        if (!again && await FindSameAsync(entry, db, cancellationToken) is { } same)
        {
            return (same, false);
        }

        var now = time.GetUtcNow();
        var facts = await SubmissionFactsReader.ReadAsync(
            entry.Access, entry.Phase, entry.Revision, entry.Participation, caller, db, now, cancellationToken);
        if (SubmissionRules.Check(facts).Refusal is { } refusal)
        {
            throw SubmissionRefusals.Of(refusal);
        }

        var last = await db.Submissions.Where(s => s.PhaseId == entry.Phase.Id && s.TeamId == teamId).MaxAsync(s => (int?)s.Number, cancellationToken) ?? 0;
        var submission = NewSubmission(entry, request, caller, last + 1, now);
        db.Submissions.Add(submission);
        submission.Evaluations.Add(QueueEvaluation.Create(submission, entry.Phase, entry.Access.Challenge.Id, now));
        await db.SaveChangesAsync(cancellationToken);
        if (submission.IsPublic && entry.Declaration.IsRestrictedToSelectOneSubmission)
        {
            await submission.HideOthersAsync(db, cancellationToken);
            await BoardKeeping.RebuildPhaseAsync(submission.PhaseId, teamId, db, now, cancellationToken);
        }

        if (key is not null)
        {
            db.IdempotencyRecords.Add(new IdempotencyRecord { UserId = caller.Id, Key = key, RequestHash = hash, SubmissionId = submission.Id, Created = now });
            await db.SaveChangesAsync(cancellationToken);
        }

        // Within the transaction: a crash in between leaves a pin too many, never a submission whose image may vanish.
        if (!await catalog.PinAsync(entry.Repository, entry.Digest, $"submission {submission.Id}", cancellationToken))
        {
            throw SubmissionRefusals.OfImage(new ImageInspection.Missing(), entry.Repository.Value, request.Digest, 0)!; // missing is always refused
        }

        await transaction.CommitAsync(cancellationToken);
        return (submission.Id, true);
    }

    private static Submission NewSubmission(Entry entry, SubmitRequest request, CurrentUser caller, int number, DateTimeOffset now) => new()
    {
        PhaseId = entry.Phase.Id,
        ParticipationId = entry.Participation.Id,
        TeamId = entry.Participation.TeamId,
        Number = number,
        SubmittedById = caller.Id,
        Submitted = now,
        Repository = entry.Repository.Value,
        Digest = entry.Digest.ToString(),
        ManifestDigest = entry.Manifest?.ToString(),
        MethodName = request.MethodName,
        MethodDescription = request.MethodDescription,
        ProjectUrl = request.ProjectUrl,
        PublicationUrl = request.PublicationUrl,
        Metadata = JsonSerializer.Serialize(request.Metadata ?? new Dictionary<string, string>()),
        IsPublic = request.Public ?? entry.Declaration.IsSubmissionPublic,
    };

    private static async Task<int?> FindByKeyAsync(string key, string hash, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var record = await db.IdempotencyRecords.AsNoTracking().FirstOrDefaultAsync(r => r.UserId == caller.Id && r.Key == key, cancellationToken);
        return record is null || record.RequestHash == hash
            ? record?.SubmissionId
            : throw PalioException.Conflict(
                RefusalCodes.IdempotencyConflict, "This Idempotency-Key was used for another request.", "Use a new key for a new request.");
    }

    // A failed or cancelled one is no answer to somebody who wants a score: that is submitted again.
    private static async Task<int?> FindSameAsync(Entry entry, PalioDbContext db, CancellationToken cancellationToken)
    {
        var digest = entry.Digest.ToString();
        return await db.Submissions
            .Where(s => s.TeamId == entry.Participation.TeamId && s.PhaseId == entry.Phase.Id && s.Digest == digest)
            .Where(s => s.State == SubmissionState.Waiting || s.State == SubmissionState.Running || s.State == SubmissionState.Finished)
            .OrderByDescending(s => s.Id).Select(s => (int?)s.Id).FirstOrDefaultAsync(cancellationToken);
    }

    private static void CheckMetadata(PhaseDeclaration declaration, SubmitRequest request)
    {
        var answers = request.Metadata ?? new Dictionary<string, string>();
        if (answers.Count > 100 || answers.Any(answer => answer.Key.Length > 500 || answer.Value.Length > 5000))
        {
            throw PalioException.Invalid("metadata", "There are too many answers, or one is too long.", "At most 100 answers of 5000 characters.");
        }

        var missing = declaration.SubmissionMetaAttributes.FirstOrDefault(question =>
            question.IsRequired && string.IsNullOrWhiteSpace(answers.GetValueOrDefault(question.Name)));
        if (missing is not null)
        {
            throw PalioException.Invalid("metadata", $"'{missing.Name}' must be answered.", $"Add it: --meta \"{missing.Name}=…\".");
        }
    }

    private sealed record Entry(
        AccessedChallenge Access, Phase Phase, ChallengeRevision Revision, ChallengeParticipation Participation, RepositoryName Repository, Digest Digest,
        Digest? Manifest, PhaseDeclaration Declaration);
}
