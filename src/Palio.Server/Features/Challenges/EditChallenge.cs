using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Challenges.Bundles;
using Palio.Challenges.Bundles.Editing;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Challenges;

/// <summary>
/// Changes single values of a published challenge: its newest bundle with the edits made is published again, as a revision, by the rules of
/// every other. What was decided since the last one, and the images that tags stood for then, stay.
/// </summary>
internal sealed class EditChallenge(
    CurrentUser caller, PalioDbContext db, EnvironmentImages images, BundleStore store, IOptions<ChallengeOptions> options, TimeProvider time)
{
    /// <param name="challenge">One that the caller hosts.</param>
    /// <param name="edits">What changes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PublishResult> HandleAsync(Challenge challenge, BundleEdits edits, CancellationToken cancellationToken)
    {
        var limits = BundleLimits.Default with { MaxArchiveBytes = options.Value.MaxBundleBytes };
        var files = BundleArchive.Read(await store.ReadAsync(challenge.Slug, challenge.Revision, cancellationToken), limits).Files ?? throw Unreadable(challenge);
        var bundle = BundleReader.Read(files, limits).Bundle ?? throw Unreadable(challenge);
        var present = await db.Phases.AsNoTracking().Include(p => p.Current).Where(p => p.ChallengeId == challenge.Id && p.IsDeclared).ToListAsync(cancellationToken);
        var whole = edits with { Values = [.. Decided(challenge, bundle, present), .. edits.Values] };
        var edited = BundleEditor.Apply(bundle, files, whole, limits);
        if (edited.Files is not { } changed || edited.HasErrors)
        {
            return new PublishResult(null, 0, false, PublishChallenge.Details(edited.Problems));
        }

        return await PublishChallenge.HandleAsync(
            BundleArchive.Write(changed), new PublishInto(challenge.HostTeamId, challenge.Source) { ChallengeId = challenge.Id }, dryRun: false, caller, db, images, store, options, time,
            cancellationToken);
    }

    // A bundle's first word on these is not the last one.
    private static IEnumerable<BundleEdit> Decided(Challenge challenge, ChallengeBundle bundle, IReadOnlyList<Phase> phases)
    {
        if (bundle.Challenge.IsSubmissionPaused != challenge.IsSubmissionPaused)
        {
            yield return new BundleEdit(null, "is_submission_paused", JsonValue.Create(challenge.IsSubmissionPaused));
        }

        foreach (var phase in phases)
        {
            var declaration = bundle.Phases.FirstOrDefault(p => p.Id == phase.BundleId);
            if (declaration is not null && declaration.IsSubmissionPaused != phase.IsSubmissionPaused)
            {
                yield return new BundleEdit(BundleItem.Phase(phase.BundleId), "is_submission_paused", JsonValue.Create(phase.IsSubmissionPaused));
            }

            if (declaration is not null && phase.Current is { EnvironmentRepository: { } repository, EnvironmentDigest: { } digest })
            {
                var key = declaration.Judging is Judging.Play or Judging.Environment ? "environment_image" : "evaluation.image";
                if (key == "environment_image" || declaration.Evaluation?.Image is not null)
                {
                    yield return new BundleEdit(BundleItem.Phase(phase.BundleId), key, JsonValue.Create($"{repository}@{digest}"));
                }
            }
        }
    }

    private static InvalidOperationException Unreadable(Challenge challenge) => new($"The bundle of {challenge.Slug} revision {challenge.Revision} cannot be read.");
}
