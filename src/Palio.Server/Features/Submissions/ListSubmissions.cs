using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Submissions;

/// <summary>The submissions of the caller's teams; with <c>all</c>, those of the challenges the caller hosts too.</summary>
internal static class ListSubmissions
{
    public static async Task<Page<SubmissionSummary>> HandleAsync(
        string? challenge, string? phase, bool all, Paging paging, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var submissions = Find(await ReachAsync(challenge, phase, all, caller, db, cancellationToken), db);
        var total = await submissions.CountAsync(cancellationToken);
        var rows = await submissions.OrderByDescending(s => s.Id).Skip(paging.Skip).Take(paging.Size).Select(SubmissionViews.AsSummary).ToListAsync(cancellationToken);
        return new Page<SubmissionSummary>(rows, total, paging.Number, paging.Size);
    }

    /// <summary>By ids that an index holds: what is asked of other tables would be asked for every row.</summary>
    internal static IQueryable<Submission> Find(Reach reach, PalioDbContext db)
    {
        var (phases, participations, hosted) = reach;
        var submissions = db.Submissions.AsNoTracking().Where(s => !s.IsRemoved);
        if (participations is not null && hosted.Count == 0)
        {
            // A team's are few, a phase's are many: '| 0' keeps the database from reading all of a phase by that column's index.
            submissions = participations is [var own]
                ? submissions.Where(s => s.ParticipationId == own) // in order by the index: the newest are read, the others only counted
                : submissions.Where(s => participations.Contains(s.ParticipationId));
            return phases is null ? submissions : submissions.Where(s => phases.Contains(s.PhaseId | 0));
        }

        if (phases is not null)
        {
            submissions = phases is [var one] ? submissions.Where(s => s.PhaseId == one) : submissions.Where(s => phases.Contains(s.PhaseId));
        }

        if (participations is null || (phases is not null && phases.All(hosted.Contains)))
        {
            return submissions; // all that is asked for may be seen
        }

        return submissions.Where(s => participations.Contains(s.ParticipationId) || hosted.Contains(s.PhaseId));
    }

    private static async Task<Reach> ReachAsync(string? challenge, string? phase, bool all, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var userId = caller.Id;
        var (challengeId, phaseId) = (Number(challenge), Number(phase));
        List<int>? phases = null;
        if (phase is not null || (challenge is not null && all)) // a team's part in a challenge says which challenge it is
        {
            phases = await db.Phases
                .Where(p => challenge == null || p.Challenge.Slug == challenge || p.ChallengeId == challengeId)
                .Where(p => phase == null || p.Codename == phase || p.Id == phaseId)
                .Select(p => p.Id).ToListAsync(cancellationToken);
        }

        if (all && caller.IsAdministrator)
        {
            return new Reach(phases, null, []);
        }

        var participations = await db.Participations.Where(p => p.Team.Members.Any(member => member.UserId == userId))
            .Where(p => challenge == null || p.Challenge.Slug == challenge || p.ChallengeId == challengeId).Select(p => p.Id).ToListAsync(cancellationToken);
        List<int> hosted = all
            ? await db.Phases.Where(p => p.Challenge.HostTeam.Members.Any(member => member.UserId == userId)).Select(p => p.Id).ToListAsync(cancellationToken)
            : [];
        return new Reach(phases, participations, hosted);
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>How far a list goes.</summary>
    /// <param name="Phases">Those asked for; null for all.</param>
    /// <param name="Participations">The caller's teams' parts in challenges; null for those who see everything.</param>
    /// <param name="Hosted">Phases all of whose submissions the caller sees.</param>
    internal sealed record Reach(IReadOnlyList<int>? Phases, IReadOnlyList<int>? Participations, IReadOnlyList<int> Hosted);
}
