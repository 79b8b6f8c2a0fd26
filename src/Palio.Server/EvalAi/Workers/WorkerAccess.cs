using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Workers;

/// <summary>For which challenge the caller may work: as one of its hosts, an administrator, or with a token made for its workers.</summary>
internal sealed class WorkerAccess(CurrentUser caller, PalioDbContext db)
{
    public string Name => caller.UserName;

    public async Task<Challenge> OfQueueAsync(string queue, CancellationToken cancellationToken)
    {
        var challenge = await db.Challenges.AsNoTracking().FirstOrDefaultAsync(c => c.Queue == queue, cancellationToken)
            ?? throw new PalioException(
                StatusCodes.Status400BadRequest, RefusalCodes.NotFound, "Please enter a valid queue name.", "The challenge's page for its hosts shows it.");
        return await MayAsync(challenge.Id, cancellationToken)
            ? challenge
            : throw new PalioException(
                StatusCodes.Status401Unauthorized, RefusalCodes.Forbidden, "Sorry, you are not authorized to use the queue of this challenge.", "Only its hosts' workers are.");
    }

    /// <summary>Refuses all others than the challenge's hosts.</summary>
    public async Task DemandAsync(int challengeId, CancellationToken cancellationToken)
    {
        if (!await MayAsync(challengeId, cancellationToken))
        {
            throw new PalioException(
                StatusCodes.Status400BadRequest, RefusalCodes.Forbidden, $"Sorry, you are not authorized to change submissions of challenge {challengeId}.",
                "Use the token of one of its hosts.");
        }
    }

    /// <summary>The challenge of a submission, when the caller works for it.</summary>
    public async Task<int> ChallengeOfAsync(int submission, CancellationToken cancellationToken)
    {
        var challenge = await db.Submissions.Where(s => s.Id == submission).Select(s => (int?)s.Phase.ChallengeId).FirstOrDefaultAsync(cancellationToken);
        return challenge is { } id && await MayAsync(id, cancellationToken)
            ? id
            : throw new PalioException(StatusCodes.Status404NotFound, RefusalCodes.NotFound, $"Submission {submission} does not exist", "");
    }

    // A worker's token rests on the host who made it: it ends when that one is no host any more.
    private async Task<bool> MayAsync(int challengeId, CancellationToken cancellationToken)
    {
        if (caller.IsAdministrator)
        {
            return true;
        }

        var mine = db.Challenges.Where(c => c.Id == challengeId && (caller.WorksFor == null || caller.WorksFor == challengeId));
        return (caller.IsSignedIn || caller.WorksFor is not null)
            && await mine.AnyAsync(c => c.HostTeam.Members.Any(m => m.User.UserName == caller.UserName), cancellationToken);
    }
}
