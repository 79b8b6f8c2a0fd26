using Palio.Challenges.Limits;
using Palio.Challenges.Windows;

namespace Palio.Challenges.Tests.Limits;

/// <summary>Quotas as EvalAI counts them, and its order of reasons.</summary>
public sealed class EvalAiQuotaTests
{
    private static readonly DateTimeOffset Now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T12:00:00Z", 1, 1)]
    [InlineData("2024-02-28T23:59:59.9999999Z", "2024-02-29T12:00:00Z", 1, 0)]
    [InlineData("2024-02-01T00:00:00Z", "2024-02-29T12:00:00Z", 1, 0)]
    [InlineData("2024-01-31T23:59:59.9999999Z", "2024-02-29T12:00:00Z", 0, 0)]
    [InlineData("2024-02-29T23:59:59Z", "2024-03-01T00:00:00Z", 0, 0)]
    [InlineData("2024-03-01T01:30:00+02:00", "2024-02-29T23:45:00Z", 1, 1)] // another clock on the wall, the same UTC day
    [InlineData("2024-02-29T20:00:00-05:00", "2024-03-01T02:00:00Z", 1, 1)] // in UTC it was March already
    [InlineData("2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z", 0, 0)]
    [InlineData("2023-02-15T12:00:00Z", "2024-02-15T13:00:00Z", 0, 0)]
    public void Count_OfDayAndMonth_IsTheCalendarsInUtc(string submitted, string now, int month, int day)
    {
        var counts = SubmissionQuota.Count([(DateTimeOffset.Parse(submitted, null), SubmissionOutcome.Finished)], DateTimeOffset.Parse(now, null));

        Assert.Equal((1, month, day), (counts.Total, counts.ThisMonth, counts.Today));
    }

    [Theory]
    [InlineData("2024-01-31T10:00:00Z", "2024-02-01T00:00:00Z")] // EvalAI adds 30 days first and lands in March
    [InlineData("2024-12-31T23:59:59Z", "2025-01-01T00:00:00Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z")]
    public void MonthLimit_EndsWithTheMonth(string now, string next) => Assert.Equal(
        DateTimeOffset.Parse(next, null),
        SubmissionRules.Check(Facts(new(9, 3, 0, 0), DateTimeOffset.Parse(now, null))).Refusal?.RetryAt);

    [Theory]
    [InlineData(QuotaPolicy.FailedAreFree, 2)]
    [InlineData(QuotaPolicy.ByBlame, 4)]
    public void Count_OfEveryOutcome_FollowsThePolicy(QuotaPolicy policy, int expected) => Assert.Equal(
        expected, SubmissionQuota.Count(Enum.GetValues<SubmissionOutcome>().Select(outcome => (Now, outcome)), Now, policy).Total);

    [Theory]
    [InlineData(10, 3, 2, 1, RefusalReason.ConcurrentLimit)] // EvalAI looks at what is under way before it counts
    [InlineData(10, 3, 2, 0, RefusalReason.TotalLimit)]
    [InlineData(9, 3, 2, 0, RefusalReason.MonthLimit)]
    [InlineData(9, 2, 2, 0, RefusalReason.DayLimit)]
    [InlineData(12, 0, 0, 0, RefusalReason.TotalLimit)] // a limit lowered below what is used: EvalAI lets everything through
    [InlineData(9, 5, 0, 0, RefusalReason.MonthLimit)]
    [InlineData(9, 2, 1, 0, null)]
    public void Quota_UsedUpInSeveralWays_NamesEvalAisFirst(int total, int month, int day, int inProgress, RefusalReason? expected) =>
        Assert.Equal(expected, SubmissionRules.Check(Facts(new(total, month, day, inProgress), Now)).Refusal?.Reason);

    [Theory]
    [InlineData(true, false, RefusalReason.Paused)]
    [InlineData(false, false, RefusalReason.PhaseNotPublic)]
    [InlineData(true, true, RefusalReason.Paused)]
    public void Phase_ClosedInSeveralWays_NamesEvalAisFirst(bool isPaused, bool isPublic, RefusalReason expected)
    {
        var facts = Facts(SubmissionCounts.None, Now);
        var closed = facts with { Phase = facts.Phase with { IsSubmissionPaused = isPaused, IsPublic = isPublic } };

        Assert.Equal(expected, SubmissionRules.Check(closed).Refusal?.Reason);
    }

    private static SubmissionFacts Facts(SubmissionCounts counts, DateTimeOffset now)
    {
        var window = new TimeWindow(now.AddDays(-40), now.AddDays(40));
        return new SubmissionFacts
        {
            Now = now,
            Phase = new PhaseStanding { Challenge = new ChallengeStanding { Window = window, IsApproved = true, IsPublished = true }, Window = window, IsPublic = true },
            Limits = new SubmissionLimits(10, 3, 2, 1),
            Counts = counts,
            IsInTeam = true,
            SubmitterEmail = "ada@example.org",
        };
    }
}
