using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>One play, one row: what the referee counted.</summary>
public sealed record EpisodeResult
{
    /// <summary>From 0, in the order of the plan.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The scenario's name, where the phase declares scenarios.</summary>
    public string? Scenario { get; init; }

    /// <summary>The agent's seat. 0 with one seat.</summary>
    public int Seat { get; init; }

    /// <summary>Steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>Sum of the rewards, counted by the referee in 64-bit floating point.</summary>
    public required double Return { get; init; }

    /// <summary>Metrics the environment reported at the end, by declared name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; set; } = new Dictionary<string, double>();

    /// <summary>Why it ended.</summary>
    public required EpisodeEnd End { get; init; }

    /// <summary>The fault that ended it, when forfeited or void.</summary>
    public FaultCode? Fault { get; init; }

    /// <summary>Milliseconds the agent took for all its actions.</summary>
    public double AgentMs { get; init; }

    /// <summary>Milliseconds the environment took for all its answers.</summary>
    public double EnvironmentMs { get; init; }

    /// <summary>The agent's slowest action in milliseconds.</summary>
    public double SlowestActionMs { get; init; }
}

/// <summary>Why an episode ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EpisodeEnd>))]
public enum EpisodeEnd
{
    /// <summary>The environment said terminated.</summary>
    [JsonStringEnumMemberName("terminated")] Terminated,

    /// <summary>The environment said truncated.</summary>
    [JsonStringEnumMemberName("truncated")] Truncated,

    /// <summary>The phase's step cap was reached; the referee truncated.</summary>
    [JsonStringEnumMemberName("step_cap")] StepCap,

    /// <summary>The agent's fault ended it; it counts as the phase's on_failure declares.</summary>
    [JsonStringEnumMemberName("forfeited")] Forfeited,

    /// <summary>Somebody else's fault ended it; it does not count and is played again.</summary>
    [JsonStringEnumMemberName("void")] Void,
}
