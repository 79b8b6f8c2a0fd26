using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Teams;

namespace Palio.Server.Features.Challenges;

/// <summary>Publishes a bundle: all of it or nothing.</summary>
internal static class PublishChallenge
{
    /// <param name="archive">The zip.</param>
    /// <param name="into">Whose, and which.</param>
    /// <param name="dryRun">Only say what would happen.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="db">Database.</param>
    /// <param name="images">Looks environment images up.</param>
    /// <param name="store">Keeps the bundle's files.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PublishResult> HandleAsync(
        ReadOnlyMemory<byte> archive, PublishInto into, bool dryRun, CurrentUser caller, PalioDbContext db, EnvironmentImages images, BundleStore store,
        IOptions<ChallengeOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var limits = BundleLimits.Default with { MaxArchiveBytes = options.Value.MaxBundleBytes };
        var unpacked = BundleArchive.Read(archive, limits);
        if (unpacked.Files is not { } files || unpacked.HasErrors)
        {
            return Refused(unpacked.Problems);
        }

        var reading = BundleReader.Read(files, limits);
        var problems = reading.Problems.ToList();
        if (reading.Bundle is not { } bundle)
        {
            return Refused(problems);
        }

        var (slug, existing) = await PublishTarget.FindAsync(bundle, into, images, caller, db, cancellationToken);
        var team = into.ChallengeId is not null && existing is not null && caller.IsAdministrator
            ? await db.Teams.SingleAsync(t => t.Id == existing.HostTeamId, cancellationToken)
            : await TeamAsync(slug, existing, into.TeamId, caller, db, cancellationToken);
        var environments = await images.ResolveAsync(bundle, slug, problems, cancellationToken);
        problems.AddRange(InstanceRules.Check(bundle, options.Value));
        if (existing is not null)
        {
            problems.AddRange(RevisionRules.Check(existing, bundle, await PlayedAsync(existing, db, cancellationToken)));
        }

        if (problems.Any(problem => problem.Severity == BundleSeverity.Error))
        {
            return Refused(problems);
        }

        if (existing is not null && (into.Source ?? existing.Source) == existing.Source
            && await IsNewestAsync(existing, bundle, environments, db, cancellationToken))
        {
            return new PublishResult(Summary(existing, team, time), existing.Revision, false, Details(problems));
        }

        if (dryRun)
        {
            return new PublishResult(null, 0, true, Details(problems));
        }

        var scoring = await store.StoreScoringAsync(bundle, files, cancellationToken);
        var publication = new Publication(
            bundle, files, environments, scoring, team, slug, caller.Id, time.GetUtcNow(), options.Value.SelfService || caller.IsAdministrator)
        {
            HasScriptImage = images.HasScriptImage,
            Source = into.Source,
        };
        var challenge = await publication.StoreAsync(existing, archive, db, images, store, cancellationToken);
        return new PublishResult(Summary(challenge, team, time), challenge.Revision, true, Details(problems));
    }

    private static async Task<Team> TeamAsync(
        string slug, Challenge? existing, int? teamId, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var own = await db.Teams.Where(t => t.Kind == TeamKind.Host && t.Members.Any(m => m.UserId == caller.Id)).ToListAsync(cancellationToken);
        if (existing is not null)
        {
            return own.FirstOrDefault(t => t.Id == existing.HostTeamId) ?? throw Taken(slug);
        }

        var team = teamId is { } id
            ? own.FirstOrDefault(t => t.Id == id) ?? throw PalioException.NotFound("host team")
            : own.Count == 1 ? own[0]
            : throw PalioException.Invalid(
                "team", own.Count == 0 ? "You are in no host team." : "You are in several host teams.",
                own.Count == 0 ? "Make one: palio team create NAME --host" : $"Name one of them: {string.Join(", ", own.Select(t => $"{t.Id} ({t.Name})"))}.");
        var claim = await db.RepositoryClaims.FirstOrDefaultAsync(c => c.Slug == slug, cancellationToken);
        return claim is null || await db.TeamMembers.AnyAsync(m => m.TeamId == team.Id && m.UserId == claim.UserId, cancellationToken)
            ? team
            : throw Taken(slug);
    }

    private static async Task<HashSet<int>> PlayedAsync(Challenge challenge, PalioDbContext db, CancellationToken cancellationToken) =>
        [.. await db.Submissions.Where(s => s.Phase.ChallengeId == challenge.Id).Select(s => s.PhaseId).Distinct().ToListAsync(cancellationToken)];

    private static async Task<bool> IsNewestAsync(
        Challenge challenge, ChallengeBundle bundle, IReadOnlyDictionary<int, EnvironmentImage> environments, PalioDbContext db, CancellationToken cancellationToken)
    {
        var newest = await db.ChallengeRevisions.AsNoTracking().Include(r => r.Phases).ThenInclude(p => p.Phase)
            .FirstOrDefaultAsync(r => r.ChallengeId == challenge.Id && r.Number == challenge.Revision, cancellationToken);
        return newest?.BundleDigest == bundle.Digest
            && newest.Phases.All(phase => phase.EnvironmentDigest == environments.GetValueOrDefault(phase.Phase.BundleId)?.Digest);
    }

    private static ChallengeSummary Summary(Challenge challenge, Team team, TimeProvider time) =>
        ChallengeViews.Summary(challenge, team.Name, challenge.Revisions.LastOrDefault()?.LogoType is not null, 0, time.GetUtcNow());

    private static PublishResult Refused(IReadOnlyList<BundleProblem> problems) => new(null, 0, false, Details(problems));

    public static IReadOnlyList<BundleProblemDetail> Details(IEnumerable<BundleProblem> problems) =>
        [.. problems.Select(p => new BundleProblemDetail(
            p.Severity == BundleSeverity.Error ? "error" : "warning", p.File, p.Line, p.Column, p.Path, p.Message, p.Remedy))];

    private static PalioException Taken(string slug) => PalioException.Conflict(
        RefusalCodes.Taken, $"The name '{slug}' belongs to another host.", "Give the challenge another title, and its environment_image another first part.");
}
