namespace Palio.Challenges.Scoring;

/// <summary>One finished episode, as far as its score goes.</summary>
public sealed record ScoredEpisode
{
    /// <summary>Its place in the evaluation, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>Steps played.</summary>
    public required int Steps { get; init; }

    /// <summary>Sum of the rewards.</summary>
    public required double Return { get; init; }

    /// <summary>What the environment reported, by name; only declared metrics are read.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>How it ended.</summary>
    public required EpisodeEnd End { get; init; }

    /// <summary>Whether it counts what the declaration says for a failed episode.</summary>
    public bool IsFailed => End == EpisodeEnd.Forfeited;
}

/// <summary>How an episode ended. A void episode (the environment's or the platform's fault) is not scored but played again.</summary>
public enum EpisodeEnd
{
    /// <summary>In a terminal state of the environment.</summary>
    Terminated,

    /// <summary>The environment cut it short.</summary>
    Truncated,

    /// <summary>The phase's step limit.</summary>
    StepLimit,

    /// <summary>The agent failed: time, invalid action, crash, or it was never played because the agent was gone.</summary>
    Forfeited,
}
