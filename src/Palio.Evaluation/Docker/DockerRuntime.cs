using Microsoft.Extensions.Logging;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Workers;

namespace Palio.Evaluation.Docker;

/// <summary>Pods as containers of Docker, or of Podman behind its compatible socket.</summary>
public sealed class DockerRuntime(WorkerOptions options, TimeProvider time, ILogger<DockerRuntime> logger) : IPodRuntime
{
    /// <inheritdoc/>
    public Task<EngineDescription> DescribeAsync(CancellationToken cancellationToken) =>
        throw new EngineUnavailableException($"no engine at {options.Engine} ({time.GetUtcNow()}, {logger.IsEnabled(LogLevel.Error)})");

    /// <inheritdoc/>
    public Task<PodOutcome> PlayAsync(PodPlan plan, IPodObserver observer, CancellationToken cancellationToken) =>
        throw new EngineUnavailableException("no engine");

    /// <inheritdoc/>
    public Task<int> SweepAsync(string instance, IReadOnlySet<long> held, CancellationToken cancellationToken) => Task.FromResult(0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
