using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>What a worker tells of an evaluation it holds. Each carries the lease's fence; one that is out of date changes nothing.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(StateReport), "state")]
[JsonDerivedType(typeof(ProgressReport), "progress")]
[JsonDerivedType(typeof(EpisodeReport), "episode")]
[JsonDerivedType(typeof(LogReport), "log")]
[JsonDerivedType(typeof(LogTailReport), "log-tail")]
[JsonDerivedType(typeof(FinishedReport), "finished")]
[JsonDerivedType(typeof(ScoredReport), "scored")]
[JsonDerivedType(typeof(FailedReport), "failed")]
public abstract record EvaluationReport;

/// <summary>The evaluation entered a state before its end.</summary>
/// <param name="State">Preparing, Ready, Running or Scoring.</param>
/// <param name="Detail">For a person: "pulling the agent's image, 120 of 480 MB".</param>
public sealed record StateReport(EvaluationState State, string? Detail = null) : EvaluationReport;

/// <summary>How far play is.</summary>
/// <param name="Done">Episodes ended, of this attempt's plan.</param>
/// <param name="Total">Episodes of this attempt's plan.</param>
/// <param name="Steps">Steps so far.</param>
public sealed record ProgressReport(int Done, int Total, long Steps) : EvaluationReport;

/// <summary>An episode ended. Stored once by its ordinal, whatever is repeated.</summary>
/// <param name="Episode">The row.</param>
/// <param name="Record">The episode's record of steps, base64; null when not recorded.</param>
public sealed record EpisodeReport(EpisodeResult Episode, string? Record = null) : EvaluationReport;

/// <summary>The containers' output, whole, capped, control characters neutralised.</summary>
/// <param name="Agent">The agent's output.</param>
/// <param name="Environment">The environment's output.</param>
public sealed record LogReport(string Agent, string Environment) : EvaluationReport;

/// <summary>The last of the containers' output while they play; each takes the place of the one before, and <see cref="LogReport"/> of them all.</summary>
/// <param name="Agent">The agent's output.</param>
/// <param name="Environment">The environment's output.</param>
public sealed record LogTailReport(string Agent, string Environment) : EvaluationReport;

/// <summary>All episodes of the plan have a row.</summary>
/// <param name="Result">The referee's last line.</param>
/// <param name="Policy">What was in force, as read back from the engine.</param>
/// <param name="Timings">How long each part took.</param>
/// <param name="Fault">An agent's fault that forfeited the rest, when one did.</param>
public sealed record FinishedReport(PlayResult Result, PodPolicy Policy, PodTimings Timings, Fault? Fault = null) : EvaluationReport;

/// <summary>A script returned a result. It is checked against the phase's boards where it is stored.</summary>
/// <param name="Result">What <c>evaluate</c> returned, as JSON.</param>
/// <param name="Policy">What was in force, as read back from the engine.</param>
/// <param name="Timings">How long each part took.</param>
public sealed record ScoredReport(string Result, PodPolicy Policy, PodTimings Timings) : EvaluationReport;

/// <summary>The evaluation ended without a result.</summary>
/// <param name="Fault">Why.</param>
/// <param name="Policy">What was in force, when it got that far.</param>
/// <param name="Timings">How long each part took.</param>
public sealed record FailedReport(Fault Fault, PodPolicy? Policy = null, PodTimings? Timings = null) : EvaluationReport;

/// <summary>Milliseconds of the parts of an evaluation, by the worker's monotonic clock.</summary>
/// <param name="PullMs">Pull of the images.</param>
/// <param name="StartMs">Create and start of the containers.</param>
/// <param name="HelloMs">From start to both sides' hello.</param>
/// <param name="PlayMs">Play.</param>
public sealed record PodTimings(double PullMs, double StartMs, double HelloMs, double PlayMs)
{
    /// <summary>Nothing was begun.</summary>
    public static PodTimings None { get; } = new(0, 0, 0, 0);
}

/// <summary>The restrictions in force, read back from the engine after the containers were created; stored with the evaluation.</summary>
public sealed record PodPolicy
{
    /// <summary>Version of Palio's policy. Rises when a restriction changes.</summary>
    public required int Version { get; init; }

    /// <summary>Engine and version ("Docker 20.10.24").</summary>
    public required string Engine { get; init; }

    /// <summary>OCI runtime in use.</summary>
    public required string Runtime { get; init; }

    /// <summary>Each restriction by name with its value ("network": "none"), for agent and environment alike.</summary>
    public required IReadOnlyDictionary<string, string> Restrictions { get; init; }

    /// <summary>Cores the pod was placed on ("2-3"); null when not pinned.</summary>
    public string? Cpuset { get; init; }
}
