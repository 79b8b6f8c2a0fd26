using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Challenges;

/// <summary>The administrator's word on a challenge.</summary>
internal static class ReviewChallenge
{
    public static async Task<ChallengeDetail> HandleAsync(
        string idOrSlug, ReviewRequest request, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!caller.IsAdministrator)
        {
            throw Errors.PalioException.Forbidden("Only administrators review challenges.", "Wait for the administrator.");
        }

        var access = await ChallengeAccess.FindAsync(idOrSlug, caller, db, cancellationToken);
        access.Challenge.Decide(request.Approve, request.Note, time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        return await GetChallenge.HandleAsync(idOrSlug, caller, db, address, time, cancellationToken);
    }
}
