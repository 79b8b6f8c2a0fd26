using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Teams;

namespace Palio.Server.Features.Challenges;

/// <summary>Whose challenge a bundle becomes, and which.</summary>
/// <param name="TeamId">Host team; may be left out when the challenge exists or the caller has exactly one.</param>
/// <param name="Source">The repository it comes from, which is its identity then; null for none.</param>
/// <param name="TakesFreeName">When others have its name, it gets another: EvalAI's titles need not be unique.</param>
internal sealed record PublishInto(int? TeamId, string? Source = null, bool TakesFreeName = false)
{
    /// <summary>The challenge itself, whatever the bundle calls it; null when it is to be found.</summary>
    public int? ChallengeId { get; init; }
}

/// <summary>Finds the challenge that a bundle is a revision of.</summary>
internal static class PublishTarget
{
    private const int MostTries = 1000;

    /// <summary>The challenge's name, and the challenge when there is one; whether the caller may change it is not asked here.</summary>
    public static async Task<(string Slug, Challenge? Existing)> FindAsync(
        ChallengeBundle bundle, PublishInto into, EnvironmentImages images, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (into.ChallengeId is { } id)
        {
            var meant = await Whole(db).SingleAsync(c => c.Id == id, cancellationToken);
            return (meant.Slug, meant);
        }

        if (into.Source is not null && await FromSourceAsync(into, caller, db, cancellationToken) is { } known)
        {
            return (known.Slug, known);
        }

        var slug = images.SlugOf(bundle);
        var existing = await Whole(db).FirstOrDefaultAsync(c => c.Slug == slug, cancellationToken);
        if (!into.TakesFreeName || slug != CreateTeam.SlugOf(bundle.Challenge.Title) || IsMeant(existing, into))
        {
            return (slug, existing);
        }

        // A name counts as taken also before its challenge exists: by the push of an environment image.
        var start = slug + "-";
        var taken = (await db.Challenges.Where(c => c.Slug.StartsWith(start)).Select(c => c.Slug).ToListAsync(cancellationToken))
            .Concat(await db.RepositoryClaims.Where(c => c.Slug.StartsWith(start)).Select(c => c.Slug).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        return (Enumerable.Range(2, MostTries).Select(number => start + number.ToString(CultureInfo.InvariantCulture)).First(free => !taken.Contains(free)), null);
    }

    // The same team's, and from nowhere else: published by hand before.
    private static bool IsMeant(Challenge? existing, PublishInto into) =>
        existing is null || (existing.HostTeamId == into.TeamId && (existing.Source is null || into.Source is null));

    private static Task<Challenge?> FromSourceAsync(PublishInto into, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        Whole(db).Where(c => c.Source == into.Source && c.HostTeam.Members.Any(m => m.UserId == caller.Id))
            .OrderByDescending(c => c.HostTeamId == into.TeamId).ThenBy(c => c.Id).FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<Challenge> Whole(PalioDbContext db) =>
        db.Challenges.Include(c => c.Phases).ThenInclude(p => p.Splits).Include(c => c.Phases).ThenInclude(p => p.Current);
}
