using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>
/// Finds by EvalAI's numbers what the caller may see. A number must not be taken for a slug or codename, which may be digits too; what is
/// hidden and what is not there answer alike.
/// </summary>
internal sealed class Lookups(CurrentUser caller, PalioDbContext db)
{
    public async Task<AccessedChallenge> ChallengeAsync(int id, CancellationToken cancellationToken)
    {
        var slug = await db.Challenges.Where(c => c.Id == id).Select(c => c.Slug).FirstOrDefaultAsync(cancellationToken) ?? throw Missing("Challenge", id);
        try
        {
            return await ChallengeAccess.FindAsync(slug, caller, db, cancellationToken);
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.NotFound)
        {
            throw Missing("Challenge", id);
        }
    }

    /// <summary>The challenge, when the caller manages it.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="status">EvalAI's answer to others: 400, 401 or 403, by the address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AccessedChallenge> HostedAsync(int id, int status, CancellationToken cancellationToken)
    {
        var access = await ChallengeAsync(id, cancellationToken);
        return access.MayManage ? access : throw NotHost(status);
    }

    public async Task<FoundPhase> PhaseAsync(int challengeId, int id, CancellationToken cancellationToken)
    {
        var access = await ChallengeAsync(challengeId, cancellationToken);
        var phase = await db.Phases.Include(p => p.Current)
            .Where(p => p.Id == id && p.ChallengeId == challengeId && p.IsDeclared && (p.IsPublic || access.MayManage))
            .FirstOrDefaultAsync(cancellationToken) ?? throw Missing("ChallengePhase", id);
        return new FoundPhase(access, phase);
    }

    public async Task<FoundPhase> PhaseAsync(int id, CancellationToken cancellationToken)
    {
        var challenge = await db.Phases.Where(p => p.Id == id).Select(p => p.ChallengeId).FirstOrDefaultAsync(cancellationToken);
        try
        {
            return await PhaseAsync(challenge, id, cancellationToken);
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.NotFound)
        {
            throw Missing("ChallengePhase", id);
        }
    }

    public async Task<FoundSplit> SplitAsync(int id, CancellationToken cancellationToken)
    {
        var split = await db.PhaseSplits.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id && s.IsDeclared, cancellationToken) ?? throw Missing("ChallengePhaseSplit", id);
        try
        {
            var (access, phase) = await PhaseAsync(split.PhaseId, cancellationToken);
            return new FoundSplit(access, phase, split);
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.NotFound)
        {
            throw Missing("ChallengePhaseSplit", id);
        }
    }

    /// <summary>The caller's part in a challenge, unless it was disqualified; null when there is none.</summary>
    public Task<ChallengeParticipation?> ParticipationAsync(AccessedChallenge access, CancellationToken cancellationToken) =>
        ChallengeAccess.FindParticipationAsync(access.Challenge.Id, caller, db, cancellationToken);

    public static PalioException Missing(string model, int id) =>
        new(StatusCodes.Status404NotFound, RefusalCodes.NotFound, $"{model} {id} does not exist", "");

    public static PalioException NotHost(int status) =>
        new(status, RefusalCodes.Forbidden, "Sorry, you are not authorized to make this request!", "");
}

/// <summary>A phase as the caller meets it.</summary>
internal sealed record FoundPhase(AccessedChallenge Access, Phase Phase);

/// <summary>A phase split as the caller meets it. Whether the board may be seen is the board's to say.</summary>
internal sealed record FoundSplit(AccessedChallenge Access, Phase Phase, PhaseSplit Split);
