using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Features.Submissions;

/// <summary>Takes a pushed image as a team's entry to a phase. Repeating it, by key or by digest, changes nothing.</summary>
internal static class CreateSubmission
{
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
        SubmissionIntake.CheckKey(key);
        await using var connection = await db.OpenAsync(cancellationToken);
        var once = new EntryOnce(key, Secrets.Hash(JsonSerializer.Serialize(request, ApiJsonContext.Default.SubmitRequest)), again);
        if (await SubmissionIntake.FindByKeyAsync(once, caller, db, cancellationToken) is { } repeated)
        {
            return (await SubmissionViews.SummaryAsync(repeated, db, cancellationToken), false);
        }

        var texts = EntryRequest.Of(request);
        var entry = await SubmissionIntake.PrepareAsync(texts, isFile: false, caller, db, queue, time, cancellationToken);
        var (repository, digest, manifest) = await LookAsync(entry, request, catalog, cancellationToken);
        await PinAsync(); // a write to the disk, for which no other submission should wait
        var content = new EntryContent(repository.Value, digest.ToString()) { ManifestDigest = manifest?.ToString(), StoredAsync = PinAsync, RefusedAsync = UnpinAsync };
        var (id, isNew) = await SubmissionIntake.StoreAsync(entry, content, texts, once, caller, db, time, cancellationToken);
        if (isNew)
        {
            queue.Wake();
        }

        return (await SubmissionViews.SummaryAsync(id, db, cancellationToken), isNew);

        // Again within the transaction, where as a rule it only looks: a crash in between leaves a pin too many, never a submission whose image
        // may vanish. One pin for all of a phase's submissions of the same image: a file written once, not with each of them.
        async Task PinAsync()
        {
            if (!await catalog.PinAsync(repository, digest, PinOf(entry), cancellationToken))
            {
                throw SubmissionRefusals.OfImage(new ImageInspection.Missing(), repository.Value, request.Digest, 0)!; // missing is always refused
            }
        }

        // Within the transaction, which keeps the team's other submissions out: none may count on the pin that is taken away here.
        async Task UnpinAsync()
        {
            var image = digest.ToString();
            if (!await db.Submissions.AnyAsync(s => s.PhaseId == entry.Phase.Id && s.TeamId == entry.Participation.TeamId && s.Digest == image, cancellationToken))
            {
                await catalog.UnpinAsync(repository, digest, PinOf(entry), cancellationToken);
            }
        }
    }

    private static string PinOf(PhaseEntry entry) => $"submitted to phase {entry.Phase.Id}";

    private static async Task<(RepositoryName Repository, Digest Digest, Digest? Manifest)> LookAsync(
        PhaseEntry entry, SubmitRequest request, IImageCatalog catalog, CancellationToken cancellationToken)
    {
        var repository = RepositoryName.Parse($"{entry.Access.Challenge.Slug}/{entry.Participation.Team.Slug}");
        if (!Digest.TryParse(request.Digest, out var digest))
        {
            throw PalioException.Invalid("digest", $"'{request.Digest}' is not a digest.", "Write sha256: and 64 hexadecimal digits, as docker push prints it.");
        }

        var inspection = await catalog.InspectAsync(repository, digest, EnvironmentImages.Platform, cancellationToken);
        var limit = ChallengeViews.Declaration(entry.Revision).MaxDockerImageSize;
        return SubmissionRefusals.OfImage(inspection, repository.Value, request.Digest, limit) is { } unusable
            ? throw unusable
            : (repository, digest, (inspection as ImageInspection.Found)?.Image.ManifestDigest);
    }
}
