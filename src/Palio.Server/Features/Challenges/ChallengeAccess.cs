using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;

namespace Palio.Server.Features.Challenges;

/// <summary>Who sees and who manages which challenge: the one place where it is decided. Other features ask here.</summary>
internal static class ChallengeAccess
{
    private static readonly CompiledQuery<Func<PalioDbContext, int, string, int, bool, CancellationToken, Task<Phase?>>> DeclaredPhase = new(() =>
        EF.CompileAsyncQuery((PalioDbContext db, int challenge, string codename, int id, bool all, CancellationToken _) => db.Phases.Include(phase => phase.Current!.Revision)
            .Where(phase => phase.ChallengeId == challenge && phase.IsDeclared && (phase.IsPublic || all))
            .Where(phase => phase.Codename == codename || phase.Id == id)
            .OrderByDescending(phase => phase.Codename == codename)
            .FirstOrDefault()));

    private static readonly CompiledQuery<Func<PalioDbContext, int, string, int, bool, CancellationToken, Task<Phase?>>> PhaseAlone = new(() =>
        EF.CompileAsyncQuery((PalioDbContext db, int challenge, string codename, int id, bool all, CancellationToken _) => db.Phases
            .Where(phase => phase.ChallengeId == challenge && phase.IsDeclared && (phase.IsPublic || all))
            .Where(phase => phase.Codename == codename || phase.Id == id)
            .OrderByDescending(phase => phase.Codename == codename)
            .FirstOrDefault()));

    private static readonly CompiledQuery<Func<PalioDbContext, int, int, CancellationToken, Task<ChallengeRevision>>> RevisionOf = new(() =>
        EF.CompileAsyncQuery((PalioDbContext db, int challenge, int number, CancellationToken _) =>
            db.ChallengeRevisions.AsNoTracking().Single(revision => revision.ChallengeId == challenge && revision.Number == number)));

    private static readonly CompiledQuery<Func<PalioDbContext, int, int, CancellationToken, Task<ChallengeParticipation?>>> PartOf = new(() =>
        EF.CompileAsyncQuery((PalioDbContext db, int challenge, int user, CancellationToken _) => db.Participations.Include(participation => participation.Team)
            .Where(participation => participation.ChallengeId == challenge && participation.Team.Members.Any(member => member.UserId == user))
            .OrderBy(participation => participation.Disqualified).ThenBy(participation => participation.Id)
            .FirstOrDefault()));

    // One has the name, another may have it for its number: a hidden one never stands before one that is seen.
    private static readonly CompiledQuery<Func<PalioDbContext, string, int, int, IAsyncEnumerable<NamedChallenge>>> Named = new(() =>
        EF.CompileAsyncQuery((PalioDbContext db, string slug, int id, int user) => db.Challenges.Where(challenge => challenge.Slug == slug || challenge.Id == id)
            .OrderByDescending(challenge => challenge.Slug == slug)
            .Select(challenge => new NamedChallenge(challenge, challenge.HostTeam.Members.Any(member => member.UserId == user)))));

    /// <summary>Approved and published; or the caller is one of its hosts or their worker, or an administrator.</summary>
    public static Expression<Func<Challenge, bool>> VisibleTo(CurrentUser caller)
    {
        var (id, all, worksFor) = (caller.IdOrZero, caller.IsAdministrator, caller.WorksFor ?? 0);
        return challenge => all
            || challenge.Id == worksFor
            || (challenge.Review == ReviewState.Approved && challenge.IsPublished)
            || challenge.HostTeam.Members.Any(member => member.UserId == id);
    }

    // VisibleTo, of one that was read.
    private static bool IsVisible(NamedChallenge found, CurrentUser caller) =>
        caller.IsAdministrator
        || found.Challenge.Id == caller.WorksFor
        || found.Challenge is { Review: ReviewState.Approved, IsPublished: true }
        || found.IsHost;

    /// <summary>The challenge, when the caller may see it.</summary>
    public static async Task<AccessedChallenge> FindAsync(string idOrSlug, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var number = int.TryParse(idOrSlug, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        await foreach (var found in Named.On(db)(db, idOrSlug, number, caller.IdOrZero).WithCancellation(cancellationToken))
        {
            if (IsVisible(found, caller))
            {
                return new AccessedChallenge(found.Challenge, found.IsHost || caller.IsAdministrator, found.IsHost);
            }
        }

        throw PalioException.NotFound("challenge");
    }

    /// <summary>The challenge, when the caller is one of its hosts or an administrator.</summary>
    public static async Task<Challenge> FindHostedAsync(string idOrSlug, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var found = await FindAsync(idOrSlug, caller, db, cancellationToken);
        return found.MayManage
            ? found.Challenge
            : throw PalioException.Forbidden("Only the challenge's hosts may do that.", "Ask one of them.");
    }

    /// <summary>The phase by codename or id, when the caller may see it; with its declaration and the challenge's, unless they are not wanted.</summary>
    public static async Task<Phase> FindPhaseAsync(
        AccessedChallenge challenge, string codenameOrId, PalioDbContext db, CancellationToken cancellationToken, bool withRevision = true)
    {
        var number = int.TryParse(codenameOrId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        return await (withRevision ? DeclaredPhase : PhaseAlone).On(db)(db, challenge.Challenge.Id, codenameOrId, number, challenge.MayManage, cancellationToken)
            ?? throw PalioException.NotFound("phase");
    }

    /// <summary>The challenge as it was published last.</summary>
    public static Task<ChallengeRevision> RevisionAsync(Challenge challenge, PalioDbContext db, CancellationToken cancellationToken) =>
        RevisionOf.On(db)(db, challenge.Id, challenge.Revision, cancellationToken);

    /// <summary>The caller's part in a challenge; null when there is none. A disqualified team's is found too.</summary>
    public static Task<ChallengeParticipation?> FindParticipationAsync(
        int challengeId, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        PartOf.On(db)(db, challengeId, caller.IdOrZero, cancellationToken);

    private sealed record NamedChallenge(Challenge Challenge, bool IsHost);
}

/// <summary>A challenge as the caller meets it.</summary>
/// <param name="Challenge">The challenge.</param>
/// <param name="MayManage">The caller is a host or an administrator.</param>
/// <param name="IsHost">The caller is one of its hosts.</param>
internal sealed record AccessedChallenge(Challenge Challenge, bool MayManage, bool IsHost);
