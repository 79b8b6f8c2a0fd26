namespace Palio.Evaluation.Workers;

/// <summary>Settings of a worker and its engine.</summary>
public sealed record WorkerOptions
{
    /// <summary>Name among the server's workers, stable over restarts. Default: the machine's name.</summary>
    public string Name { get; init; } = System.Environment.MachineName;

    /// <summary>
    /// Label on every container and volume this instance makes; what an earlier process of the same instance left is removed at start.
    /// Must be stable over restarts and differ between instances that share an engine. Default: <see cref="Name"/>.
    /// </summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>Evaluations at once, 1 to 1024. Default null: by cores and memory, see <see cref="Workers.Capacity"/>.</summary>
    public int? Capacity { get; init; }

    /// <summary>
    /// The engine's address (<c>unix:///run/docker.sock</c>, <c>tcp://…</c>). Default null: <c>DOCKER_HOST</c>, else the first socket of
    /// Docker, rootless Docker, Podman or Docker Desktop that is there.
    /// </summary>
    public string? Engine { get; init; }

    /// <summary>
    /// The static <c>palio-referee</c> program. Default null: <c>PALIO_REFEREE</c>, else the file of that name beside the application.
    /// </summary>
    public string? RefereePath { get; init; }

    /// <summary>Whether evaluations get cores of their own where there are enough. Default true.</summary>
    public bool PlaceOnCores { get; init; } = true;

    /// <summary>Longest wait for work in one call. Default 30 seconds, 1 second to 5 minutes.</summary>
    public TimeSpan LeaseWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reports of one evaluation that may wait for the server before the referee's output is held back. Default 256, 1 to 65536.</summary>
    public int ReportQueue { get; init; } = 256;
}
