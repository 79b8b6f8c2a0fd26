using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>A challenge, its phases and its splits.</summary>
internal static class ReadingChallenges
{
    public static async Task<IResult> ChallengeAsync(
        int challenge, Lookups lookups, ChallengeLists lists, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        return EvalAiResults.Json(lists.Show(await ChallengeRow.ReadAsync(access.Challenge.Id, caller, db, cancellationToken)));
    }

    public static async Task<IResult> OfTeamAsync(
        int team, int challenge, Lookups lookups, ChallengeLists lists, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        return access.Challenge.HostTeamId == team
            ? EvalAiResults.Json(lists.Show(await ChallengeRow.ReadAsync(access.Challenge.Id, caller, db, cancellationToken)))
            : throw Lookups.Missing("Challenge", challenge);
    }

    public static async Task<IResult> PhasesAsync(
        int challenge, HttpRequest request, Lookups lookups, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        var phases = await ReadPhasesAsync(access, db, cancellationToken);
        return EvalAiResults.Json(phases.Page(request, address, EvalAiPaging.Usual).Select(object (phase) => EvalAiPhase.From(phase, access, address.RegistryHost, time.GetUtcNow())));
    }

    /// <summary>For hosts, without the envelope.</summary>
    public static async Task<IResult> AllPhasesAsync(
        int challenge, Lookups lookups, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await lookups.HostedAsync(challenge, StatusCodes.Status401Unauthorized, cancellationToken);
        var phases = await ReadPhasesAsync(access, db, cancellationToken);
        return EvalAiResults.Json(phases.Select(object (phase) => EvalAiPhase.From(phase, access, address.RegistryHost, time.GetUtcNow())));
    }

    public static async Task<IResult> PhaseAsync(
        int challenge, int phase, Lookups lookups, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        return EvalAiResults.Json(EvalAiPhase.From(found.Phase, found.Access, address.RegistryHost, time.GetUtcNow()));
    }

    public static async Task<IResult> PhaseAloneAsync(int phase, Lookups lookups, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(phase, cancellationToken);
        return EvalAiResults.Json(EvalAiPhase.From(found.Phase, found.Access, address.RegistryHost, time.GetUtcNow()));
    }

    public static async Task<IResult> PhaseBySlugAsync(
        string slug, PhaseSlugs slugs, Lookups lookups, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken) =>
        await PhaseAloneAsync(await slugs.ResolveAsync(slug, cancellationToken), lookups, address, time, cancellationToken);

    /// <summary>For hosts: the phase's environment image.</summary>
    public static async Task<IResult> EnvironmentAsync(
        string slug, PhaseSlugs slugs, Lookups lookups, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(await slugs.ResolveAsync(slug, cancellationToken), cancellationToken);
        return EvalAiPhase.From(found.Phase, found.Access, address.RegistryHost, time.GetUtcNow()) is EvalAiHostPhase shown
            ? EvalAiResults.Json(new { EnvironmentUrl = shown.EnvironmentImage })
            : throw Lookups.NotHost(StatusCodes.Status400BadRequest);
    }

    public static async Task<IResult> SplitsAsync(int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);

        // A team sees its own rows of a board that is not public: those who take part find it in the list.
        var takesPart = await lookups.ParticipationAsync(access, cancellationToken) is not null;
        var splits = await db.PhaseSplits.AsNoTracking().Include(s => s.Phase)
            .Where(s => s.Phase.ChallengeId == challenge && s.IsDeclared && s.Phase.IsDeclared && (s.Phase.IsPublic || access.MayManage))
            .Where(s => access.MayManage || s.Visibility == "public" || (takesPart && s.Visibility == "owner_and_host"))
            .OrderBy(s => s.Phase.Position).ThenBy(s => s.Position).ToListAsync(cancellationToken);
        return EvalAiResults.Json(splits.Select(split => EvalAiPhaseSplit.From(split, split.Phase)));
    }

    public static async Task<IResult> PrizesAsync(int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken) =>
        EvalAiResults.Json((await DeclarationAsync(challenge, lookups, db, cancellationToken)).Prizes
            .Select(prize => new { Challenge = challenge, prize.Amount, prize.Rank, prize.Description }));

    public static async Task<IResult> SponsorsAsync(int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken) =>
        EvalAiResults.Json((await DeclarationAsync(challenge, lookups, db, cancellationToken)).Sponsors
            .Select(sponsor => new { Challenge = challenge, sponsor.Name, sponsor.Website }));

    public static async Task<IResult> AllowedEmailsAsync(int challenge, int phase, Lookups lookups, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        return EvalAiResults.Json(new { ChallengeViews.Declaration(found.Phase.Current).AllowedEmailIds });
    }

    private static async Task<Palio.Challenges.Bundles.ChallengeDeclaration> DeclarationAsync(
        int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        var found = (await lookups.ChallengeAsync(challenge, cancellationToken)).Challenge;
        return ChallengeViews.Declaration(await ChallengeAccess.RevisionAsync(found, db, cancellationToken));
    }

    private static Task<List<Phase>> ReadPhasesAsync(AccessedChallenge access, PalioDbContext db, CancellationToken cancellationToken) =>
        db.Phases.AsNoTracking().Include(p => p.Current)
            .Where(p => p.ChallengeId == access.Challenge.Id && p.IsDeclared && (p.IsPublic || access.MayManage)).OrderBy(p => p.Position).ToListAsync(cancellationToken);
}
