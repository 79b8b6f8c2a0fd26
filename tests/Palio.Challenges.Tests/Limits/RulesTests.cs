using Palio.Challenges.Limits;
using Palio.Challenges.Windows;

namespace Palio.Challenges.Tests.Limits;

public sealed class RulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 23, 30, 0, TimeSpan.Zero);

    private static readonly ChallengeStanding Challenge = new()
    {
        Window = new TimeWindow(Now.AddDays(-90), Now.AddDays(90)),
        IsApproved = true,
        IsPublished = true,
    };

    private static readonly PhaseStanding Phase = new() { Challenge = Challenge, Window = new TimeWindow(Now.AddDays(-30), Now.AddDays(30)), IsPublic = true };

    private static readonly SubmissionFacts Facts = new()
    {
        Now = Now,
        Phase = Phase,
        Limits = new SubmissionLimits(100, 50, 5, 2),
        Counts = SubmissionCounts.None,
        IsInTeam = true,
        SubmitterEmail = "ada@example.org",
        TeamEmails = ["ada@example.org", "bob@example.org"],
    };

    public static TheoryData<RefusalReason, SubmissionFacts> Refusals => new()
    {
        { RefusalReason.ChallengeDisabled, Facts with { Phase = Phase with { Challenge = Challenge with { IsDisabled = true } } } },
        { RefusalReason.ChallengeNotApproved, Facts with { Phase = Phase with { Challenge = Challenge with { IsApproved = false } } } },
        { RefusalReason.ChallengeNotPublished, Facts with { Phase = Phase with { Challenge = Challenge with { IsPublished = false } } } },
        { RefusalReason.ChallengeNotStarted, Facts with { Now = Now.AddDays(-91) } },
        { RefusalReason.ChallengeOver, Facts with { Now = Now.AddDays(90) } },
        { RefusalReason.PhaseNotStarted, Facts with { Now = Now.AddDays(-31) } },
        { RefusalReason.PhaseOver, Facts with { Now = Now.AddDays(30) } },
        { RefusalReason.PhaseNotPublic, Facts with { Phase = Phase with { IsPublic = false } } },
        { RefusalReason.Paused, Facts with { Phase = Phase with { IsSubmissionPaused = true } } },
        { RefusalReason.Paused, Facts with { Phase = Phase with { Challenge = Challenge with { IsSubmissionPaused = true } } } },
        { RefusalReason.PhaseNotReady, Facts with { Phase = Phase with { IsReady = false } } },
        { RefusalReason.EmailNotAllowed, Facts with { AllowedEmailIds = ["eve@example.org"] } },
        { RefusalReason.NotInTeam, Facts with { IsInTeam = false } },
        { RefusalReason.TeamNotApproved, Facts with { NeedsApproval = true } },
        { RefusalReason.EmailBanned, Facts with { BannedEmailIds = ["BOB@example.org"] } },
        { RefusalReason.TotalLimit, Facts with { Counts = new SubmissionCounts(100, 0, 0, 0) } },
        { RefusalReason.MonthLimit, Facts with { Counts = new SubmissionCounts(50, 50, 0, 0) } },
        { RefusalReason.DayLimit, Facts with { Counts = new SubmissionCounts(5, 5, 5, 0) } },
        { RefusalReason.DayLimit, Facts with { Counts = new SubmissionCounts(9, 9, 9, 0) } },
        { RefusalReason.ConcurrentLimit, Facts with { Counts = new SubmissionCounts(2, 2, 2, 2) } },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void Check_OneThingAmiss_IsRefusedWithWords(RefusalReason reason, SubmissionFacts facts)
    {
        var verdict = SubmissionRules.Check(facts);

        Assert.Equal(reason, verdict.Refusal?.Reason);
        Assert.NotEmpty(verdict.Refusal!.Message);
        Assert.NotEmpty(verdict.Refusal.Remedy);
    }

    [Fact]
    public void Check_NothingAmiss_IsAllowedAndCountsTheSubmission()
    {
        var verdict = SubmissionRules.Check(Facts);

        Assert.True(verdict.IsAllowed);
        Assert.Equal(new RemainingSubmissions(99, 49, 4, 1), verdict.Remaining);
    }

    [Fact]
    public void Check_Host_SeesAllPhasesButHasTheSameLimits()
    {
        var host = Facts with { IsHost = true, Phase = Phase with { IsPublic = false, Challenge = Challenge with { IsApproved = false, IsPublished = false } } };

        Assert.True(SubmissionRules.Check(host).IsAllowed);
        Assert.Equal(RefusalReason.DayLimit, SubmissionRules.Check(host with { Counts = new SubmissionCounts(5, 5, 5, 0) }).Refusal?.Reason);
    }

    [Fact]
    public void Check_DayAndMonthUsedUp_SaysWhenTheNextBegins()
    {
        var midnight = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(midnight, SubmissionRules.Check(Facts with { Counts = new SubmissionCounts(5, 5, 5, 0) }).Refusal?.RetryAt);
        Assert.Equal(midnight, SubmissionRules.Check(Facts with { Counts = new SubmissionCounts(50, 50, 0, 0) }).Refusal?.RetryAt);
    }

    [Theory]
    [InlineData(SubmissionOutcome.InProgress, true, true)]
    [InlineData(SubmissionOutcome.Finished, true, true)]
    [InlineData(SubmissionOutcome.FailedByAgent, true, false)]
    [InlineData(SubmissionOutcome.FailedByParticipant, true, false)]
    [InlineData(SubmissionOutcome.FailedByEnvironment, false, false)]
    [InlineData(SubmissionOutcome.FailedByHost, false, false)]
    [InlineData(SubmissionOutcome.FailedByPlatform, false, false)]
    [InlineData(SubmissionOutcome.Cancelled, false, false)]
    public void Counts_FollowsBlameOrEvalAi(SubmissionOutcome outcome, bool byBlame, bool evalAi)
    {
        Assert.Equal(byBlame, SubmissionQuota.Counts(outcome));
        Assert.Equal(evalAi, SubmissionQuota.Counts(outcome, QuotaPolicy.FailedAreFree));
    }

    [Fact]
    public void Count_UsesCalendarDaysAndMonthsInUtc()
    {
        var now = new DateTimeOffset(2026, 4, 1, 1, 0, 0, TimeSpan.FromHours(2));

        var counts = SubmissionQuota.Count(
            [
                (Now.AddHours(-1), SubmissionOutcome.Finished),
                (Now.AddDays(-1), SubmissionOutcome.InProgress),
                (Now.AddMonths(-1), SubmissionOutcome.Finished),
                (Now, SubmissionOutcome.Cancelled),
            ],
            now);

        Assert.Equal(new SubmissionCounts(3, 2, 1, 1), counts);
    }

    [Theory]
    [InlineData("a@example.org", "example.org", true)]
    [InlineData("a@mail.Example.org", "example.org", true)]
    [InlineData("a@notexample.org", "example.org", false)]
    [InlineData("a@example.org.evil.com", "example.org", false)]
    [InlineData("a@example.org", "@example.org", true)]
    [InlineData("a@example.org", "", false)]
    public void HasDomain_MatchesWholeLabels(string email, string domain, bool expected) => Assert.Equal(expected, EmailRules.HasDomain(email, [domain]));

    [Fact]
    public void Join_EachRule_IsHeld()
    {
        var facts = new JoinFacts { Now = Now, Challenge = Challenge, HasAcceptedTerms = true, TeamEmails = ["ada@example.org", "bob@example.com"] };

        Assert.Null(JoinRules.Check(facts));
        Assert.Equal(RefusalReason.TermsNotAccepted, JoinRules.Check(facts with { HasAcceptedTerms = false })?.Reason);
        Assert.Equal(RefusalReason.RegistrationClosed, JoinRules.Check(facts with { IsRegistrationOpen = false })?.Reason);
        Assert.Equal(RefusalReason.TeamTooLarge, JoinRules.Check(facts with { MaxTeamMembers = 1 })?.Reason);
        Assert.Null(JoinRules.Check(facts with { MaxTeamMembers = 1, IsHost = true }));
        Assert.Equal(RefusalReason.EmailBanned, JoinRules.Check(facts with { BannedEmailIds = ["bob@example.com"] })?.Reason);
        Assert.Equal(RefusalReason.EmailDomainNotAllowed, JoinRules.Check(facts with { AllowedEmailDomains = ["example.org"] })?.Reason);
        Assert.Equal(RefusalReason.EmailDomainNotAllowed, JoinRules.Check(facts with { BlockedEmailDomains = ["example.com"] })?.Reason);
        Assert.Equal(RefusalReason.AlreadyInOtherTeam, JoinRules.Check(facts with { MembersOfOtherTeams = ["bob@example.com"] })?.Reason);
        Assert.Equal(RefusalReason.ProfileIncomplete, JoinRules.Check(facts with { IncompleteProfiles = ["bob@example.com"] })?.Reason);
        Assert.Equal(RefusalReason.AlreadyJoined, JoinRules.Check(facts with { HasJoined = true })?.Reason);
        Assert.Equal(RefusalReason.ChallengeOver, JoinRules.Check(facts with { Now = Now.AddYears(1) })?.Reason);
    }

    [Theory]
    [InlineData(-31, PhaseState.Upcoming)]
    [InlineData(-30, PhaseState.Open)]
    [InlineData(29, PhaseState.Open)]
    [InlineData(30, PhaseState.Closed)]
    public void Phase_At_FollowsItsWindow(int days, PhaseState expected) => Assert.Equal(expected, Phase.At(Now.AddDays(days)));

    [Fact]
    public void Standing_States_AndNextChange()
    {
        Assert.Equal(ChallengeState.AwaitingApproval, (Challenge with { IsApproved = false }).At(Now));
        Assert.Equal(ChallengeState.Unpublished, (Challenge with { IsPublished = false }).At(Now));
        Assert.Equal(ChallengeState.Disabled, (Challenge with { IsDisabled = true }).At(Now));
        Assert.Equal(ChallengeState.Open, Challenge.At(Now));
        Assert.Equal(PhaseState.NotReady, (Phase with { IsReady = false }).At(Now));
        Assert.Equal(PhaseState.Paused, (Phase with { IsSubmissionPaused = true }).At(Now));
        Assert.Equal(Now.AddDays(30), Phase.NextChange(Now));
        Assert.Null(Phase.NextChange(Now.AddDays(31)));
    }
}
