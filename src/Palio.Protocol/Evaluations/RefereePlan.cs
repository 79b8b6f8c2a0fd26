using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>All the referee needs to know to judge one evaluation. Handed to it in <c>PALIO_PLAN</c> (JSON, or base64 of Brotli-compressed JSON).</summary>
public sealed record RefereePlan
{
    // Optional keys have set, not init: generated JSON code would overwrite an init property's default where the key is absent.

    /// <summary>The evaluation judged; only echoed.</summary>
    public required string Evaluation { get; init; }

    /// <summary>The episodes to play, in order of their ordinals.</summary>
    public required IReadOnlyList<PlannedEpisode> Episodes { get; init; }

    /// <summary>Largest number of steps of an episode; the referee truncates after it. 1 to 10 000 000.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>Episodes played at once in one session. 1 to 1024. Default 1.</summary>
    public int Slots { get; set; } = 1;

    /// <summary>Time budgets.</summary>
    public required RefereeBudgets Budgets { get; init; }

    /// <summary>What happens to an action outside its bounds.</summary>
    public ActionPolicy ActionPolicy { get; set; } = ActionPolicy.Forfeit;

    /// <summary>Metrics the environment must declare and report at the end of each episode.</summary>
    public IReadOnlyList<string> Metrics { get; set; } = [];

    /// <summary>Largest message of either side in bytes. Default 4 MiB, ceiling 64 MiB.</summary>
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether every step is recorded for replays.</summary>
    public bool Record { get; set; } = true;

    /// <summary>Whether the agent is told each episode's return at its end.</summary>
    public bool RevealReturns { get; set; } = true;
}

/// <summary>One episode of the schedule.</summary>
/// <param name="Ordinal">From 0, in the order of play.</param>
/// <param name="Seed">Goes to the environment's reset only. 0 to 2^31-1.</param>
/// <param name="Scenario">The scenario's name, where the phase declares scenarios.</param>
/// <param name="Options">Gymnasium's reset options as a JSON object; environment only.</param>
public sealed record PlannedEpisode(int Ordinal, long Seed, string? Scenario = null, JsonElement? Options = null);

/// <summary>Time budgets in milliseconds, measured by the referee's monotonic clock only while the other side owes an answer.</summary>
public sealed record RefereeBudgets
{
    /// <summary>From the referee's start to both sides' hello.</summary>
    public int HelloMs { get; set; } = 30_000;

    /// <summary>From Welcome to Ready: load models.</summary>
    public int ReadyMs { get; set; } = 120_000;

    /// <summary>For the first action of a session, in place of <see cref="StepMs"/>.</summary>
    public int FirstActionMs { get; set; } = 10_000;

    /// <summary>For each action.</summary>
    public int StepMs { get; set; } = 1_000;

    /// <summary>What the agent may use beyond the step limits in one episode before it forfeits.</summary>
    public int BankMs { get; set; } = 10_000;

    /// <summary>For the environment's answer to a step or reset.</summary>
    public int EnvironmentStepMs { get; set; } = 30_000;

    /// <summary>From Ready to the last episode's end.</summary>
    public int TotalMs { get; set; } = 3_600_000;
}

/// <summary>What happens to an action that has the right type and shape but is out of bounds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActionPolicy>))]
public enum ActionPolicy
{
    /// <summary>The episode is forfeited with <see cref="FaultCode.AgentInvalidAction"/>.</summary>
    [JsonStringEnumMemberName("forfeit")] Forfeit,

    /// <summary>The value is moved to the nearest bound; NaN still forfeits.</summary>
    [JsonStringEnumMemberName("clip")] Clip,
}
