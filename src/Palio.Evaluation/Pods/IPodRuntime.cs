using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Pods;

/// <summary>Turns plans into running containers. Docker today; the same suite tests each.</summary>
public interface IPodRuntime : IAsyncDisposable
{
    /// <summary>Asks the engine what it is and has. Throws <see cref="EngineUnavailableException"/> when none answers.</summary>
    Task<EngineDescription> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Pulls, starts, listens, waits, kills and removes. Never throws for what the containers do: that is in the outcome.
    /// Cancelling kills and removes at once and returns the outcome so far, with <see cref="PodOutcome.Stopped"/>.
    /// </summary>
    Task<PodOutcome> PlayAsync(PodPlan plan, IPodObserver observer, CancellationToken cancellationToken);

    /// <summary>Removes what an earlier process of this instance left behind. Idempotent.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="held">Evaluations that are being played now and stay.</param>
    /// <param name="cancellationToken">Stops sweeping.</param>
    /// <returns>How many containers were removed.</returns>
    Task<int> SweepAsync(string instance, IReadOnlySet<long> held, CancellationToken cancellationToken);
}

/// <summary>Is told what happens in a pod while it happens. Waiting in it slows the referee's output down, nothing else.</summary>
public interface IPodObserver
{
    /// <summary>A part of the life before play: what is being done, for a person.</summary>
    ValueTask PreparingAsync(string detail, CancellationToken cancellationToken);

    /// <summary>A part of a pod that scores has begun: what runs, for a person.</summary>
    ValueTask RunningAsync(string detail, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A checked event of the referee, in order.</summary>
    ValueTask EventAsync(RefereeEvent refereeEvent, CancellationToken cancellationToken);

    /// <summary>Time between two looks at what the sides print while they play. Default null: nobody looks.</summary>
    TimeSpan? LogPace => null;

    /// <summary>The last of what the sides print, when it has changed.</summary>
    ValueTask LogTailsAsync(string agent, string environment, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Play is over and all that was said of it is in the outcome. Removal begins when this returns: nobody waits for it to know a score.</summary>
    ValueTask EndedAsync(PodOutcome outcome) => ValueTask.CompletedTask;
}

/// <summary>The engine a runtime speaks to.</summary>
/// <param name="Name">Engine and version ("Docker 20.10.24").</param>
/// <param name="ApiVersion">Version of its API.</param>
/// <param name="Cpus">Cores.</param>
/// <param name="MemoryBytes">Memory.</param>
/// <param name="Runtimes">OCI runtimes it knows.</param>
/// <param name="Architecture">As in images: amd64, arm64.</param>
/// <param name="EnforcesLimits">False where memory or pids limits are ignored (rootless engines without delegation).</param>
public sealed record EngineDescription(
    string Name, string ApiVersion, int Cpus, long MemoryBytes, IReadOnlyList<string> Runtimes, string Architecture, bool EnforcesLimits);

/// <summary>No container engine answers.</summary>
public sealed class EngineUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
