using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Limits;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Submissions;

/// <summary>Reads what decides whether the caller may submit; the decision itself is <see cref="SubmissionRules"/>'.</summary>
internal static class SubmissionFactsReader
{
    public static async Task<SubmissionFacts> ReadAsync(
        AccessedChallenge access, Phase phase, ChallengeRevision revision, ChallengeParticipation? participation, CurrentUser caller, PalioDbContext db,
        DateTimeOffset now, CancellationToken cancellationToken, bool withCounts = true)
    {
        var declaration = ChallengeViews.Declaration(phase.Current);
        var emails = participation is null ? [] : await db.TeamMembers.Where(m => m.TeamId == participation.TeamId)
            .Select(m => m.User.Email ?? "").ToListAsync(cancellationToken);
        return new SubmissionFacts
        {
            Now = now,
            Phase = phase.Standing(access.Challenge),
            Limits = new SubmissionLimits(
                declaration.MaxSubmissions, declaration.MaxSubmissionsPerMonth, declaration.MaxSubmissionsPerDay, declaration.MaxConcurrentSubmissionsAllowed),
            Counts = participation is null || !withCounts ? SubmissionCounts.None : await CountAsync(phase, participation.TeamId, now, db, cancellationToken),
            IsHost = access.IsHost,
            IsInTeam = participation is not null,
            NeedsApproval = access.Challenge.RequiresApproval,
            IsApproved = participation?.Approved ?? false,
            SubmitterEmail = caller.Email,
            TeamEmails = emails,
            AllowedEmailIds = declaration.AllowedEmailIds,
            BannedEmailIds = ChallengeViews.Declaration(revision).BannedEmailIds,
        };
    }

    private static async Task<SubmissionCounts> CountAsync(Phase phase, int teamId, DateTimeOffset now, PalioDbContext db, CancellationToken cancellationToken)
    {
        var (month, day) = (SubmissionQuota.MonthStart(now), SubmissionQuota.DayStart(now));
        var policy = phase.FailedAreFree ? QuotaPolicy.FailedAreFree : QuotaPolicy.ByBlame;
        SubmissionOutcome[] counted = [.. Enum.GetValues<SubmissionOutcome>().Where(outcome => SubmissionQuota.Counts(outcome, policy))];
        return await db.Submissions.Where(s => s.PhaseId == phase.Id && s.TeamId == teamId && counted.Contains(s.Outcome)).GroupBy(_ => 1)
            .Select(group => new SubmissionCounts(
                group.Count(), group.Count(s => s.Submitted >= month), group.Count(s => s.Submitted >= day),
                group.Count(s => s.Outcome == SubmissionOutcome.InProgress)))
            .SingleOrDefaultAsync(cancellationToken) ?? SubmissionCounts.None;
    }
}
