using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Challenges;

/// <summary>Stops or resumes a phase's submissions; what is queued already is still judged.</summary>
internal static class PausePhase
{
    public static async Task<ChallengeDetail> HandleAsync(
        string idOrSlug, string codenameOrId, bool pause, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(idOrSlug, caller, db, cancellationToken);
        if (!access.MayManage)
        {
            throw PalioException.Forbidden("Only the challenge's hosts may do that.", "Ask one of them.");
        }

        var phase = await ChallengeAccess.FindPhaseAsync(access, codenameOrId, db, cancellationToken);
        phase.IsSubmissionPaused = pause;
        await db.SaveChangesAsync(cancellationToken);
        return await GetChallenge.HandleAsync(idOrSlug, caller, db, address, time, cancellationToken);
    }
}
