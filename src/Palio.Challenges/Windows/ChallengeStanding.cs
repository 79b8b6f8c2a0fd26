namespace Palio.Challenges.Windows;

/// <summary>What decides whether a challenge is seen and takes part, apart from the time.</summary>
public sealed record ChallengeStanding
{
    /// <summary>The challenge's dates.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>The administrator's approval.</summary>
    public required bool IsApproved { get; init; }

    /// <summary>The host's wish to show it.</summary>
    public required bool IsPublished { get; init; }

    /// <summary>Taken down.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>No phase takes submissions.</summary>
    public bool IsSubmissionPaused { get; init; }

    /// <summary>Whether people who are not its hosts see it.</summary>
    public bool IsVisibleToEverybody => IsApproved && IsPublished && !IsDisabled;

    /// <summary>What it is at a moment.</summary>
    public ChallengeState At(DateTimeOffset now) => this switch
    {
        { IsDisabled: true } => ChallengeState.Disabled,
        { IsApproved: false } => ChallengeState.AwaitingApproval,
        { IsPublished: false } => ChallengeState.Unpublished,
        _ => Window.At(now) switch
        {
            WindowState.Upcoming => ChallengeState.Upcoming,
            WindowState.Open => ChallengeState.Open,
            _ => ChallengeState.Closed,
        },
    };
}

/// <summary>What a challenge is at a moment; what comes first here wins.</summary>
public enum ChallengeState
{
    /// <summary>Taken down.</summary>
    Disabled,

    /// <summary>The administrator has not approved it.</summary>
    AwaitingApproval,

    /// <summary>Approved, but its host does not show it yet.</summary>
    Unpublished,

    /// <summary>Its start is to come.</summary>
    Upcoming,

    /// <summary>It takes part.</summary>
    Open,

    /// <summary>It is over; its pages stay.</summary>
    Closed,
}
