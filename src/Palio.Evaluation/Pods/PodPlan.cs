using Palio.Evaluation.Scoring;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Pods;

/// <summary>The one description of an evaluation's three containers (four, with a gate, where the images are EvalAI's). A runtime turns it into containers and adds nothing of its own.</summary>
public sealed record PodPlan
{
    /// <summary>Rises when a restriction changes; stored with every evaluation.</summary>
    public const int PolicyVersion = 1;

    /// <summary>Id of the evaluation; 0 for a local play.</summary>
    public required long Evaluation { get; init; }

    /// <summary>The Palio instance the containers belong to; a later start of the same instance sweeps what it left behind.</summary>
    public required string Instance { get; init; }

    /// <summary>Unique among all pods on the engine; names of containers and volumes begin with it.</summary>
    public required string Name { get; init; }

    /// <summary>The agent's container.</summary>
    public required ContainerPlan Agent { get; init; }

    /// <summary>The environment's container.</summary>
    public required ContainerPlan Environment { get; init; }

    /// <summary>The referee's container.</summary>
    public required ContainerPlan Referee { get; init; }

    /// <summary>The gate's container, in whose network namespace the agent is; null unless the images are EvalAI's.</summary>
    public ContainerPlan? Gate { get; init; }

    /// <summary>Whether the environment scores itself, by EvalAI's starter.</summary>
    public bool IsLegacy => Gate is not null;

    /// <summary>What the referee plays; every event is checked against it.</summary>
    public required RefereePlan Play { get; init; }

    /// <summary>What is scored by a script; null where the two sides play.</summary>
    public ScoringPlan? Scoring { get; init; }

    /// <summary>Longest pull of both images.</summary>
    public required TimeSpan PullLimit { get; init; }

    /// <summary>Longest creation and start of the containers.</summary>
    public required TimeSpan StartLimit { get; init; }

    /// <summary>The pod is killed this long after its start, whatever it says.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Bytes kept of each side's output.</summary>
    public required int LogBytes { get; init; }
}

/// <summary>Which of the three a container is.</summary>
public enum PodRole
{
    /// <summary>The participant's program.</summary>
    Agent,

    /// <summary>The host's program.</summary>
    Environment,

    /// <summary>Palio's program between them.</summary>
    Referee,

    /// <summary>Palio's program on the loopback of an agent made for EvalAI.</summary>
    Gate,

    /// <summary>The host's script, which scores a file.</summary>
    Script,
}

/// <summary>One container of a pod.</summary>
public sealed record ContainerPlan
{
    /// <summary>Which of the three it is.</summary>
    public required PodRole Role { get; init; }

    /// <summary>Image by digest or id. The referee's is filled in by the runtime, which brings it along.</summary>
    public required JobImage Image { get; init; }

    /// <summary>What it may use.</summary>
    public required ContainerLimits Limits { get; init; }

    /// <summary>Socket directories it sees.</summary>
    public required IReadOnlyList<SocketMount> Sockets { get; init; }

    /// <summary>Environment variables; there are no others but the image's own.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Labels by which containers are found again.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Numeric user. Null: the image's own when it is numeric and not root, else 65534.</summary>
    public string? User { get; init; }

    /// <summary>OCI runtime; null for the engine's default.</summary>
    public string? Runtime { get; init; }

    /// <summary>Program and arguments; null for the image's own.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The part whose network namespace, with nothing but a loopback, it shares; null for one of its own.</summary>
    public PodRole? Network { get; init; }

    /// <summary>True for a part that others share the namespace of: it has a loopback, and the name <c>environment</c> for it.</summary>
    public bool HasLoopback { get; init; }

    /// <summary>Cores it is bound to ("2-3"); null when it is not.</summary>
    public string? Cpuset { get; init; }
}

/// <summary>A directory with one Unix socket in it, made by the referee.</summary>
/// <param name="Volume">Name of the memory-backed volume.</param>
/// <param name="Path">Where the container sees it.</param>
/// <param name="ReadOnly">False for the referee only.</param>
public sealed record SocketMount(string Volume, string Path, bool ReadOnly);
