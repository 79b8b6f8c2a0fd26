using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>Stars for challenges.</summary>
internal static class Stars
{
    public static async Task<IResult> GetAsync(int challenge, Lookups lookups, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        await lookups.ChallengeAsync(challenge, cancellationToken);
        return await ShowAsync(challenge, StatusCodes.Status200OK, caller, db, cancellationToken);
    }

    /// <summary>201 the first time, 200 from then on.</summary>
    public static async Task<IResult> ToggleAsync(int challenge, Lookups lookups, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        await lookups.ChallengeAsync(challenge, cancellationToken);
        var isFirst = await ChallengeStar.ToggleAsync(challenge, caller, db, cancellationToken);
        return await ShowAsync(challenge, isFirst ? StatusCodes.Status201Created : StatusCodes.Status200OK, caller, db, cancellationToken);
    }

    private static async Task<IResult> ShowAsync(int challenge, int status, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var count = await db.ChallengeStars.CountAsync(s => s.ChallengeId == challenge && s.IsStarred, cancellationToken);
        var userId = caller.IdOrZero;
        var own = await db.ChallengeStars.AsNoTracking().FirstOrDefaultAsync(s => s.ChallengeId == challenge && s.UserId == userId, cancellationToken);
        return own is null
            ? EvalAiResults.Json(new { IsStarred = false, Count = count }, status)
            : EvalAiResults.Json(new { User = userId, Challenge = challenge, Count = count, own.IsStarred }, status);
    }
}
