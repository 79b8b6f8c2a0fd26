using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Submissions;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>EvalAI's numbers for a team about itself, and when something was submitted last.</summary>
internal static class OwnCounts
{
    public static async Task<IResult> SubmissionsAsync(int challenge, int phase, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        var own = await OwnAsync(challenge, phase, lookups, db, cancellationToken);
        return EvalAiResults.Json(new { ParticipantTeamSubmissionCount = own is null ? 0 : await own.CountAsync(cancellationToken), ChallengePhase = phase });
    }

    public static async Task<IResult> LastAsync(int challenge, int phase, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        var own = await OwnAsync(challenge, phase, lookups, db, cancellationToken);
        return EvalAiResults.Json(new { LastSubmissionDatetime = own is null ? null : await own.MaxAsync(s => (DateTimeOffset?)s.Submitted, cancellationToken) });
    }

    /// <summary>For hosts: by whomever.</summary>
    public static async Task<IResult> LastOfAllAsync(int challenge, int phase, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        await lookups.PhaseAsync(challenge, phase, cancellationToken);
        var phases = await db.Phases.Where(p => p.ChallengeId == challenge).Select(p => p.Id).ToListAsync(cancellationToken);
        var last = new Dictionary<int, DateTimeOffset?>();
        foreach (var one in phases)
        {
            last[one] = await db.Submissions.Where(s => s.PhaseId == one).MaxAsync(s => (DateTimeOffset?)s.Submitted, cancellationToken); // the end of an index
        }

        return EvalAiResults.Json(new { LastSubmissionTimestampInChallenge = last.Values.Max(), LastSubmissionTimestampInChallengePhase = last[phase], ChallengePhase = phase });
    }

    // Null for those who take no part.
    private static async Task<IQueryable<Submission>?> OwnAsync(int challenge, int phase, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        return await lookups.ParticipationAsync(found.Access, cancellationToken) is { } part
            ? db.Submissions.AsNoTracking().Where(s => s.TeamId == part.TeamId && s.PhaseId == phase && !s.IsRemoved)
            : null;
    }
}
