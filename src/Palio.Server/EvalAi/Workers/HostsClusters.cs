using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Workers;

/// <summary>
/// EvalAI keeps the address of a challenge's Amazon cluster, and makes its tokens from the host's keys. Palio keeps no keys of anybody's:
/// it answers what EvalAI does for a challenge without a cluster, and says why.
/// </summary>
internal static class HostsClusters
{
    public static async Task<IResult> NoneAsync(int challenge, WorkerAccess access, PalioDbContext db, CancellationToken cancellationToken)
    {
        await access.DemandAsync(challenge, cancellationToken);
        var revision = await db.Challenges.AsNoTracking().Where(c => c.Id == challenge)
            .Select(c => c.Revisions.OrderByDescending(r => r.Number).FirstOrDefault()).SingleOrDefaultAsync(cancellationToken);
        return revision is not null && !ChallengeViews.Declaration(revision).IsCodeUpload
            ? EvalAiResults.Error(StatusCodes.Status400BadRequest, "This challenge takes no images, so it has no evaluation cluster.")
            : EvalAiResults.Error(
                StatusCodes.Status404NotFound,
                "This challenge has no evaluation cluster: Palio keeps no keys of clusters. A worker that runs images on a cluster of its own needs its address and token set where it runs.");
    }
}
