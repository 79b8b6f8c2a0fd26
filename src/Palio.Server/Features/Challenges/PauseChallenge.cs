using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Challenges;

/// <summary>Stops or resumes the submissions to all phases of a challenge; what is queued already is still judged.</summary>
internal static class PauseChallenge
{
    public static async Task HandleAsync(string idOrSlug, bool pause, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var challenge = await ChallengeAccess.FindHostedAsync(idOrSlug, caller, db, cancellationToken);
        challenge.IsSubmissionPaused = pause;
        await db.SaveChangesAsync(cancellationToken);
    }
}
