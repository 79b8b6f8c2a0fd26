using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Limits;
using Palio.Challenges.Windows;
using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Challenges;

/// <summary>Whether somebody may enter a team that takes part in challenges already: the rules of joining hold for each newcomer.</summary>
internal static class EnterTeam
{
    /// <exception cref="Errors.PalioException">A challenge's rules keep the caller out.</exception>
    public static async Task CheckAsync(int teamId, CurrentUser caller, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var userId = caller.Id;
        var challenges = await db.Participations.AsNoTracking().Where(p => p.TeamId == teamId && p.Challenge.Ends > now)
            .Select(p => new { p.Challenge, IsHost = p.Challenge.HostTeam.Members.Any(member => member.UserId == userId) }).ToListAsync(cancellationToken);
        if (challenges.Count == 0)
        {
            return;
        }

        var members = await db.TeamMembers.CountAsync(m => m.TeamId == teamId, cancellationToken);
        foreach (var part in challenges)
        {
            if (JoinRules.Check(await FactsAsync(part.Challenge, part.IsHost, teamId, members, caller, db, now, cancellationToken)) is { } refusal)
            {
                throw JoinChallenge.AsException(refusal with { Message = $"The team takes part in '{part.Challenge.Title}'. {refusal.Message}" });
            }
        }
    }

    private static async Task<JoinFacts> FactsAsync(
        Challenge challenge, bool isHost, int teamId, int members, CurrentUser caller, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var revision = await ChallengeAccess.RevisionAsync(challenge, db, cancellationToken);
        var declaration = ChallengeViews.Declaration(revision);
        var userId = caller.Id;
        var isElsewhere = await db.Participations.AnyAsync(
            p => p.ChallengeId == challenge.Id && p.TeamId != teamId && p.Team.Members.Any(member => member.UserId == userId), cancellationToken);
        return new JoinFacts
        {
            Now = now,

            // The team is in: whether the challenge still takes teams is not the question.
            Challenge = new ChallengeStanding { Window = new TimeWindow(challenge.Starts, challenge.Ends), IsApproved = true, IsPublished = true },
            HasAcceptedTerms = true,
            IsHost = isHost,

            // As many as the team would have; each with the newcomer's address, since nobody else's is in question.
            TeamEmails = [.. Enumerable.Repeat(caller.Email, members + 1)],
            MaxTeamMembers = declaration.MaxTeamMembers,
            AllowedEmailDomains = declaration.AllowedEmailDomains,
            BlockedEmailDomains = declaration.BlockedEmailDomains,
            BannedEmailIds = declaration.BannedEmailIds,
            MembersOfOtherTeams = isElsewhere ? [caller.UserName] : [],
        };
    }
}
