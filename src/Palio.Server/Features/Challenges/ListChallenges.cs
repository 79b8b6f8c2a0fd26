using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Challenges;

/// <summary>The challenges the caller may see.</summary>
internal static class ListChallenges
{
    /// <param name="state">Only those in this state.</param>
    /// <param name="mine">Only those the caller hosts.</param>
    /// <param name="participating">Only those a team of the caller takes part in.</param>
    /// <param name="paging">Which page.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="db">Database.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Page<ChallengeSummary>> HandleAsync(
        ChallengeState? state, bool mine, bool participating, Paging paging, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var (now, userId) = (time.GetUtcNow(), caller.IdOrZero);
        var challenges = db.Challenges.AsNoTracking().Where(ChallengeAccess.VisibleTo(caller));
        if (mine)
        {
            challenges = challenges.Where(challenge => challenge.HostTeam.Members.Any(member => member.UserId == userId));
        }

        if (participating)
        {
            challenges = challenges.Where(challenge => db.Participations.Any(
                participation => participation.ChallengeId == challenge.Id && participation.Team.Members.Any(member => member.UserId == userId)));
        }

        if (state is { } wanted)
        {
            challenges = challenges.Where(In(wanted, now));
        }

        var total = await challenges.CountAsync(cancellationToken);
        var rows = await challenges.OrderByDescending(challenge => challenge.Starts).ThenByDescending(challenge => challenge.Id)
            .Skip(paging.Skip).Take(paging.Size)
            .Select(challenge => new
            {
                Challenge = challenge,
                Host = challenge.HostTeam.Name,
                HasLogo = challenge.Revisions.Any(revision => revision.Number == challenge.Revision && revision.LogoType != null),
                Participants = db.Participations.Count(participation => participation.ChallengeId == challenge.Id),
            })
            .ToListAsync(cancellationToken);
        return new Page<ChallengeSummary>(
            [.. rows.Select(row => ChallengeViews.Summary(row.Challenge, row.Host, row.HasLogo, row.Participants, now))], total, paging.Number, paging.Size);
    }

    // The same order of cases as ChallengeStanding.At; a test compares the two.
    private static Expression<Func<Challenge, bool>> In(ChallengeState state, DateTimeOffset now) => state switch
    {
        ChallengeState.Refused => c => c.Review == ReviewState.Refused,
        ChallengeState.Waiting => c => c.Review == ReviewState.Waiting || (c.Review == ReviewState.Approved && !c.IsPublished),
        ChallengeState.Upcoming => c => c.Review == ReviewState.Approved && c.IsPublished && c.Starts > now,
        ChallengeState.Ongoing => c => c.Review == ReviewState.Approved && c.IsPublished && c.Starts <= now && c.Ends > now,
        _ => c => c.Review == ReviewState.Approved && c.IsPublished && c.Ends <= now,
    };
}
