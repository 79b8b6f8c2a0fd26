using Palio.Challenges.Scoring;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Local;

/// <summary>What came of a play at home: what the server would have stored.</summary>
public sealed record LocalOutcome
{
    /// <summary>The referee's last line; null when there is none.</summary>
    public PlayResult? Result { get; init; }

    /// <summary>What went wrong; with a result the agent's fault that forfeited episodes.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The score by the phase's metrics; null when the play was not complete.</summary>
    public Score? Score { get; init; }

    /// <summary>The scores that an environment made for EvalAI sent, as JSON: <c>{"result": [{"split": {"metric": 1.0}}]}</c>; else null.</summary>
    public string? Scored { get; init; }

    /// <summary>The episodes that ended, by ordinal.</summary>
    public required IReadOnlyList<EpisodeResult> Episodes { get; init; }

    /// <summary>The agent's output, its last bytes, safe to show.</summary>
    public string AgentLog { get; init; } = "";

    /// <summary>The environment's output, its last bytes, safe to show.</summary>
    public string EnvironmentLog { get; init; } = "";

    /// <summary>How long each part took.</summary>
    public required PodTimings Timings { get; init; }
}
