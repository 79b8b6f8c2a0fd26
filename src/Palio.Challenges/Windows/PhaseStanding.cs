namespace Palio.Challenges.Windows;

/// <summary>What decides whether a phase takes submissions, apart from the time and the team.</summary>
public sealed record PhaseStanding
{
    /// <summary>The challenge it belongs to.</summary>
    public required ChallengeStanding Challenge { get; init; }

    /// <summary>The phase's dates.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>Whether others than the host see it.</summary>
    public required bool IsPublic { get; init; }

    /// <summary>Paused by the host.</summary>
    public bool IsSubmissionPaused { get; init; }

    /// <summary>Whether it has what it needs to be played: a code-upload phase without an environment image has not.</summary>
    public bool IsReady { get; init; } = true;

    /// <summary>Whether people who are not its hosts see it.</summary>
    public bool IsVisibleToEverybody => IsPublic && Challenge.IsVisibleToEverybody;

    /// <summary>What it is at a moment. A host's view: whether others see it is <see cref="IsVisibleToEverybody"/>.</summary>
    public PhaseState At(DateTimeOffset now)
    {
        if (Challenge.IsDisabled)
        {
            return PhaseState.Closed;
        }

        var state = Window.At(now);
        if (state == WindowState.Closed || Challenge.Window.At(now) == WindowState.Closed)
        {
            return PhaseState.Closed;
        }

        if (state == WindowState.Upcoming || Challenge.Window.At(now) == WindowState.Upcoming)
        {
            return PhaseState.Upcoming;
        }

        return !IsReady ? PhaseState.NotReady
            : IsSubmissionPaused || Challenge.IsSubmissionPaused ? PhaseState.Paused
            : PhaseState.Open;
    }

    /// <summary>The next moment at which <see cref="At"/> changes by itself; null when it never does.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        DateTimeOffset[] moments = [Challenge.Window.Start, Challenge.Window.End, Window.Start, Window.End];
        var later = moments.Where(moment => moment > now && At(moment) != At(now)).ToArray();
        return later.Length == 0 ? null : later.Min();
    }
}

/// <summary>What a phase is at a moment.</summary>
public enum PhaseState
{
    /// <summary>Its start, or the challenge's, is to come.</summary>
    Upcoming,

    /// <summary>In its dates, but it has no environment image.</summary>
    NotReady,

    /// <summary>In its dates, but paused by the host.</summary>
    Paused,

    /// <summary>It takes submissions.</summary>
    Open,

    /// <summary>Over, or the challenge is.</summary>
    Closed,
}
