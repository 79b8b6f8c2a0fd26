using Palio.Challenges.Bundles;

namespace Palio.Challenges.Limits;

/// <summary>Counting submissions against a phase's limits.</summary>
public static class SubmissionQuota
{
    /// <summary>Whether a submission with this outcome uses up quota.</summary>
    /// <param name="outcome">Its outcome so far.</param>
    /// <param name="policy">Palio's own rule, or EvalAI's.</param>
    public static bool Counts(SubmissionOutcome outcome, QuotaPolicy policy = QuotaPolicy.ByBlame) => outcome switch
    {
        SubmissionOutcome.InProgress or SubmissionOutcome.Finished => true,
        SubmissionOutcome.FailedByAgent or SubmissionOutcome.FailedByParticipant => policy == QuotaPolicy.ByBlame,
        _ => false,
    };

    /// <summary>
    /// The rule of a phase: where the referee counts, Palio knows whose fault a failure was. Other phases are EvalAI's, where an
    /// environment, a script or a worker says that it failed and never why.
    /// </summary>
    public static QuotaPolicy PolicyOf(PhaseDeclaration phase) => phase.Judging is not Judging.Play ? QuotaPolicy.FailedAreFree : QuotaPolicy.ByBlame;

    /// <summary>Counts the submissions of a team to a phase.</summary>
    public static SubmissionCounts Count(
        IEnumerable<(DateTimeOffset SubmittedAt, SubmissionOutcome Outcome)> submissions,
        DateTimeOffset now,
        QuotaPolicy policy = QuotaPolicy.ByBlame)
    {
        var (day, month) = (DayStart(now), MonthStart(now));
        var (total, thisMonth, today, inProgress) = (0, 0, 0, 0);
        foreach (var (submittedAt, outcome) in submissions)
        {
            if (!Counts(outcome, policy))
            {
                continue;
            }

            total++;
            thisMonth += submittedAt >= month ? 1 : 0;
            today += submittedAt >= day ? 1 : 0;
            inProgress += outcome == SubmissionOutcome.InProgress ? 1 : 0;
        }

        return new SubmissionCounts(total, thisMonth, today, inProgress);
    }

    /// <summary>What is left. A limit that was lowered below what is used leaves nothing (on EvalAI it would leave everything).</summary>
    public static RemainingSubmissions Remaining(SubmissionLimits limits, SubmissionCounts counts)
    {
        var total = Math.Max(0, limits.Total - counts.Total);
        var month = Math.Clamp(limits.PerMonth - counts.ThisMonth, 0, total);
        var day = Math.Clamp(limits.PerDay - counts.Today, 0, month);
        return new RemainingSubmissions(total, month, day, Math.Max(0, limits.Concurrent - counts.InProgress));
    }

    /// <summary>The UTC day's first moment.</summary>
    public static DateTimeOffset DayStart(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>The UTC month's first moment.</summary>
    public static DateTimeOffset MonthStart(DateTimeOffset now) => new(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>What became of a submission, as far as its quota goes. A failed one is blamed on somebody.</summary>
public enum SubmissionOutcome
{
    /// <summary>Not over.</summary>
    InProgress,

    /// <summary>Scored.</summary>
    Finished,

    /// <summary>The agent's fault.</summary>
    FailedByAgent,

    /// <summary>The participant's fault: an image that cannot be used.</summary>
    FailedByParticipant,

    /// <summary>The environment's fault.</summary>
    FailedByEnvironment,

    /// <summary>The host's fault.</summary>
    FailedByHost,

    /// <summary>Palio's fault, or the machine's.</summary>
    FailedByPlatform,

    /// <summary>Cancelled by whomever.</summary>
    Cancelled,
}

/// <summary>Which failed submissions use up quota.</summary>
public enum QuotaPolicy
{
    /// <summary>Those the team is to blame for: failing on purpose is not free.</summary>
    ByBlame,

    /// <summary>None, as on EvalAI.</summary>
    FailedAreFree,
}
