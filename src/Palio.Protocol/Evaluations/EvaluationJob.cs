namespace Palio.Protocol.Evaluations;

/// <summary>What a worker is handed with a lease: everything needed to judge, nothing more.</summary>
public sealed record EvaluationJob
{
    /// <summary>The lease that every report must carry.</summary>
    public required EvaluationLease Lease { get; init; }

    /// <summary>The agent's image.</summary>
    public required JobImage Agent { get; init; }

    /// <summary>The environment's image.</summary>
    public required JobImage Environment { get; init; }

    /// <summary>Limits of the agent's container.</summary>
    public required ContainerLimits AgentLimits { get; init; }

    /// <summary>Limits of the environment's container.</summary>
    public required ContainerLimits EnvironmentLimits { get; init; }

    /// <summary>The referee's plan. On a retry it holds the episodes that are not finished yet.</summary>
    public required RefereePlan Plan { get; init; }

    /// <summary>
    /// What a script scores; null where the two sides play. Then <see cref="Environment"/> is the image that runs the script,
    /// <see cref="Agent"/> the participant's, or <see cref="JobImage.None"/> for a submitted file, and the plan has no episodes.
    /// </summary>
    public ScoringJob? Scoring { get; init; }

    /// <summary>
    /// Set where the images are EvalAI's and the environment scores itself: then <see cref="Plan"/> has no episodes, and the result is
    /// what the environment sends.
    /// </summary>
    public LegacyPlan? Legacy { get; init; }

    /// <summary>OCI runtime both untrusted containers run under ("runsc"); null for the engine's default.</summary>
    public string? Runtime { get; init; }

    /// <summary>Seconds the pull of both images may take. Default 1800.</summary>
    public int PullSeconds { get; set; } = 1800;

    /// <summary>Seconds from pulled images to started containers. Default 120.</summary>
    public int StartSeconds { get; set; } = 120;

    /// <summary>Seconds after which the pod is killed from outside, whatever it says. Covers all of the referee's budgets.</summary>
    public required int DeadlineSeconds { get; init; }

    /// <summary>Bytes kept of each container's log; the rest is dropped and marked. Default 1 MiB.</summary>
    public int LogBytes { get; set; } = 1024 * 1024;
}

/// <summary>A worker's right to report on an evaluation.</summary>
/// <param name="Evaluation">Id of the evaluation.</param>
/// <param name="Fence">Rises with every lease; a report with an older number changes nothing.</param>
/// <param name="Submission">Id of the submission, for logs and labels.</param>
/// <param name="ExpiresSeconds">Seconds after which the lease is lost without a heartbeat.</param>
public sealed record EvaluationLease(long Evaluation, long Fence, long Submission, int ExpiresSeconds);

/// <summary>An image by digest, and how to get it.</summary>
/// <param name="Reference"><c>host:port/repository@sha256:…</c>, or the id of an image that is already in the worker's engine.</param>
/// <param name="PullUser">User name for the registry; null when none is needed.</param>
/// <param name="PullPassword">Short-lived pull-only secret for the registry.</param>
public sealed record JobImage(string Reference, string? PullUser = null, string? PullPassword = null)
{
    /// <summary>No image: this part does not run.</summary>
    public static JobImage None { get; } = new("");
}

/// <summary>What a container may use.</summary>
public sealed record ContainerLimits
{
    /// <summary>CPUs, as a quota. 0.1 to 256. Default 1.</summary>
    public double Cpus { get; set; } = 1;

    /// <summary>Memory in bytes; swap is not added. At least 16 MiB. Default 1 GiB.</summary>
    public long MemoryBytes { get; set; } = 1L << 30;

    /// <summary>Size of the tmpfs at /tmp in bytes. Default 64 MiB.</summary>
    public long TmpBytes { get; set; } = 64L << 20;

    /// <summary>Processes and threads. Default 256.</summary>
    public int Pids { get; set; } = 256;

    /// <summary>GPUs granted. Default 0.</summary>
    public int Gpus { get; init; }
}

/// <summary>What a worker says of itself when it asks for work.</summary>
/// <param name="Name">Unique among the server's workers, stable over restarts.</param>
/// <param name="Capacity">Evaluations it takes at once.</param>
/// <param name="Engine">Engine and version, for the operator's page.</param>
/// <param name="Cpus">Cores it may use.</param>
/// <param name="MemoryBytes">Memory it may use.</param>
/// <param name="Runtimes">OCI runtimes the engine knows.</param>
public sealed record WorkerDescription(string Name, int Capacity, string Engine, int Cpus, long MemoryBytes, IReadOnlyList<string> Runtimes);
