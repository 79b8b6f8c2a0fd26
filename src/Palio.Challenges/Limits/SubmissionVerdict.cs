namespace Palio.Challenges.Limits;

/// <summary>Whether a submission is taken.</summary>
public sealed record SubmissionVerdict
{
    /// <summary>What the team has left: after this submission when it is allowed, now when it is refused.</summary>
    public required RemainingSubmissions Remaining { get; init; }

    /// <summary>Why it is refused; null when it is allowed.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Whether it is taken.</summary>
    public bool IsAllowed => Refusal is null;
}

/// <summary>A refusal in words for the person who asked.</summary>
/// <param name="Reason">For programs.</param>
/// <param name="Message">What is refused and why.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="RetryAt">When the same request can succeed; null when waiting does not help or the moment is not known.</param>
public sealed record Refusal(RefusalReason Reason, string Message, string Remedy, DateTimeOffset? RetryAt = null);

/// <summary>Why something is refused.</summary>
public enum RefusalReason
{
    /// <summary>The challenge is taken down.</summary>
    ChallengeDisabled,

    /// <summary>The administrator has not approved the challenge.</summary>
    ChallengeNotApproved,

    /// <summary>The challenge is not shown yet.</summary>
    ChallengeNotPublished,

    /// <summary>The challenge has not started.</summary>
    ChallengeNotStarted,

    /// <summary>The challenge is over.</summary>
    ChallengeOver,

    /// <summary>The phase has not started.</summary>
    PhaseNotStarted,

    /// <summary>The phase is over.</summary>
    PhaseOver,

    /// <summary>The phase has no environment.</summary>
    PhaseNotReady,

    /// <summary>The host paused submissions.</summary>
    Paused,

    /// <summary>The phase is for the host alone.</summary>
    PhaseNotPublic,

    /// <summary>The address is not on the phase's list.</summary>
    EmailNotAllowed,

    /// <summary>An address of the team is banned.</summary>
    EmailBanned,

    /// <summary>An address of the team has a domain that is blocked, or not on the list.</summary>
    EmailDomainNotAllowed,

    /// <summary>Not in a team that has joined.</summary>
    NotInTeam,

    /// <summary>The host has not approved the team.</summary>
    TeamNotApproved,

    /// <summary>Too many under way.</summary>
    ConcurrentLimit,

    /// <summary>All are used up.</summary>
    TotalLimit,

    /// <summary>This month's are used up.</summary>
    MonthLimit,

    /// <summary>Today's are used up.</summary>
    DayLimit,

    /// <summary>The host has closed registration.</summary>
    RegistrationClosed,

    /// <summary>A member takes part in another team.</summary>
    AlreadyInOtherTeam,

    /// <summary>The team has joined already.</summary>
    AlreadyJoined,

    /// <summary>The team has too many members.</summary>
    TeamTooLarge,

    /// <summary>A member's profile is not complete.</summary>
    ProfileIncomplete,

    /// <summary>The terms were not accepted.</summary>
    TermsNotAccepted,
}
