namespace Palio.Challenges.Limits;

/// <summary>How many submissions a team may make to a phase.</summary>
/// <param name="Total">In all.</param>
/// <param name="PerMonth">In a calendar month, UTC.</param>
/// <param name="PerDay">On a calendar day, UTC.</param>
/// <param name="Concurrent">Under way at a time.</param>
public sealed record SubmissionLimits(int Total, int PerMonth, int PerDay, int Concurrent);

/// <summary>How many submissions a team has made to a phase; only those that count (<see cref="SubmissionQuota.Counts"/>).</summary>
/// <param name="Total">In all.</param>
/// <param name="ThisMonth">Since <see cref="SubmissionQuota.MonthStart"/>.</param>
/// <param name="Today">Since <see cref="SubmissionQuota.DayStart"/>.</param>
/// <param name="InProgress">Under way now.</param>
public sealed record SubmissionCounts(int Total, int ThisMonth, int Today, int InProgress)
{
    /// <summary>None.</summary>
    public static SubmissionCounts None { get; } = new(0, 0, 0, 0);
}

/// <summary>What a team has left in a phase. Nothing is negative; the month is never more than the total, nor the day than the month.</summary>
/// <param name="Total">In all.</param>
/// <param name="ThisMonth">In this calendar month, UTC.</param>
/// <param name="Today">On this calendar day, UTC.</param>
/// <param name="Concurrent">At this moment, beside those under way.</param>
public sealed record RemainingSubmissions(int Total, int ThisMonth, int Today, int Concurrent);
