using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Limits;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Submissions;

/// <summary>Reads what decides whether the caller may submit; the decision itself is <see cref="SubmissionRules"/>'.</summary>
internal static class SubmissionFactsReader
{
    private static readonly CompiledQuery<TeamQuery> FreeFailures = InPhase(QuotaPolicy.FailedAreFree);
    private static readonly CompiledQuery<TeamQuery> Blamed = InPhase(QuotaPolicy.ByBlame);

    private delegate Task<TeamInPhase?> TeamQuery(PalioDbContext db, int phase, int team, DateTimeOffset month, DateTimeOffset day, CancellationToken cancellationToken);

    public static async Task<SubmissionFacts> ReadAsync(
        AccessedChallenge access, Phase phase, ChallengeRevision revision, ChallengeParticipation? participation, CurrentUser caller, PalioDbContext db,
        DateTimeOffset now, CancellationToken cancellationToken, bool withCounts = true)
    {
        var declaration = ChallengeViews.Declaration(phase.Current);
        var banned = ChallengeViews.Declaration(revision).BannedEmailIds;
        var emails = participation is null || declaration.AllowedEmailIds.Count + banned.Count == 0 ? [] // nobody asks for them
            : await db.TeamMembers.Where(m => m.TeamId == participation.TeamId).Select(m => m.User.Email ?? "").ToListAsync(cancellationToken);
        return new SubmissionFacts
        {
            Now = now,
            Phase = phase.Standing(access.Challenge),
            Limits = new SubmissionLimits(
                declaration.MaxSubmissions, declaration.MaxSubmissionsPerMonth, declaration.MaxSubmissionsPerDay, declaration.MaxConcurrentSubmissionsAllowed),
            Counts = participation is null || !withCounts ? SubmissionCounts.None : (await CountAsync(phase, participation.TeamId, now, db, cancellationToken)).Counts,
            IsHost = access.IsHost,
            IsInTeam = participation is not null,
            NeedsApproval = access.Challenge.RequiresApproval,
            IsApproved = participation?.Approved ?? false,
            SubmitterEmail = caller.Email,
            TeamEmails = emails,
            AllowedEmailIds = declaration.AllowedEmailIds,
            BannedEmailIds = banned,
        };
    }

    /// <summary>What a team has in a phase already.</summary>
    public static async Task<TeamInPhase> CountAsync(Phase phase, int teamId, DateTimeOffset now, PalioDbContext db, CancellationToken cancellationToken) =>
        await (phase.FailedAreFree ? FreeFailures : Blamed).On(db)(db, phase.Id, teamId, SubmissionQuota.MonthStart(now), SubmissionQuota.DayStart(now), cancellationToken)
        ?? new TeamInPhase(SubmissionCounts.None, 0);

    // The outcomes stand in the statement: as parameters of it they would have it written anew each time.
    private static CompiledQuery<TeamQuery> InPhase(QuotaPolicy policy)
    {
        SubmissionOutcome[] counted = [.. Enum.GetValues<SubmissionOutcome>().Where(outcome => SubmissionQuota.Counts(outcome, policy))];
        return new(() => new(EF.CompileAsyncQuery((PalioDbContext db, int phase, int team, DateTimeOffset month, DateTimeOffset day, CancellationToken _) =>
            db.Submissions.Where(s => s.PhaseId == phase && s.TeamId == team).GroupBy(_ => 1)
                .Select(group => new TeamInPhase(
                    new SubmissionCounts(
                        group.Count(s => counted.Contains(s.Outcome)),
                        group.Count(s => counted.Contains(s.Outcome) && s.Submitted >= month),
                        group.Count(s => counted.Contains(s.Outcome) && s.Submitted >= day),
                        group.Count(s => s.Outcome == SubmissionOutcome.InProgress)),
                    group.Max(s => s.Number)))
                .SingleOrDefault())));
    }
}

/// <summary>What a team has in a phase.</summary>
/// <param name="Counts">What is used of its quota.</param>
/// <param name="LastNumber">The highest number that one of its submissions has; 0 for none.</param>
internal sealed record TeamInPhase(SubmissionCounts Counts, int LastNumber);
