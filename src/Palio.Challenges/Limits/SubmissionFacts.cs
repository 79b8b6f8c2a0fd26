using Palio.Challenges.Windows;

namespace Palio.Challenges.Limits;

/// <summary>All that decides whether somebody may submit to a phase now. What is used up is read in the transaction that stores the submission.</summary>
public sealed record SubmissionFacts
{
    /// <summary>The moment.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The phase and its challenge.</summary>
    public required PhaseStanding Phase { get; init; }

    /// <summary>The phase's limits.</summary>
    public required SubmissionLimits Limits { get; init; }

    /// <summary>What the team has used.</summary>
    public required SubmissionCounts Counts { get; init; }

    /// <summary>Whether the submitter is one of the challenge's hosts: sees all phases, but has the same dates and limits.</summary>
    public bool IsHost { get; init; }

    /// <summary>Whether the submitter is in a team that has joined the challenge.</summary>
    public required bool IsInTeam { get; init; }

    /// <summary>Whether the host approves teams one by one.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Whether the host has approved this team.</summary>
    public bool IsApproved { get; init; }

    /// <summary>The submitter's e-mail address.</summary>
    public required string SubmitterEmail { get; init; }

    /// <summary>The addresses of all members, the submitter's among them.</summary>
    public IReadOnlyList<string> TeamEmails { get; init; } = [];

    /// <summary>The phase's allowed addresses; empty for everybody.</summary>
    public IReadOnlyList<string> AllowedEmailIds { get; init; } = [];

    /// <summary>The challenge's banned addresses.</summary>
    public IReadOnlyList<string> BannedEmailIds { get; init; } = [];
}
