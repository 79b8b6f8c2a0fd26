using System.Globalization;
using Microsoft.Extensions.Logging;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Workers;

namespace Palio.Evaluation.Docker;

/// <summary>Pods as containers of Docker, or of Podman behind its compatible socket.</summary>
public sealed partial class DockerRuntime(WorkerOptions options, TimeProvider time, ILogger<DockerRuntime> logger) : IPodRuntime
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private Connection? _connection;

    /// <inheritdoc/>
    public async Task<EngineDescription> DescribeAsync(CancellationToken cancellationToken) =>
        (await ConnectAsync(cancellationToken).ConfigureAwait(false)).Engine.Description;

    /// <inheritdoc/>
    public async Task<PodOutcome> PlayAsync(PodPlan plan, IPodObserver observer, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        var outcome = plan.Scoring is null
            ? await new DockerPod(connection.Engine, connection.RefereeImage, plan, observer, time, logger).PlayAsync(cancellationToken).ConfigureAwait(false)
            : await new DockerScoring(connection.Engine, connection.RefereeImage, plan, observer, time, logger).PlayAsync(cancellationToken).ConfigureAwait(false);
        LogPlayed(plan.Evaluation, plan.Name, outcome.Timings.PullMs, outcome.Timings.StartMs, outcome.Timings.PlayMs);
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<int> SweepAsync(string instance, IReadOnlySet<long> held, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        var removed = await OrphanSweep.RunAsync(connection.Engine, instance, held, cancellationToken).ConfigureAwait(false);
        if (removed > 0)
        {
            LogSwept(removed, instance);
        }

        return removed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection?.Engine.Dispose();
        _connecting.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The connected engine, for local play and images.</summary>
    internal async Task<Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { } connected)
        {
            return connected;
        }

        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _connection ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<Connection> OpenAsync(CancellationToken cancellationToken)
    {
        var engine = await Engine.ConnectAsync(EngineSocket.Find(options.Engine), cancellationToken).ConfigureAwait(false);
        try
        {
            var image = await RefereeImage.EnsureAsync(engine, RefereeImage.FindProgram(options.RefereePath), cancellationToken).ConfigureAwait(false);
            if (!engine.Description.EnforcesLimits)
            {
                LogNoLimits(engine.Description.Name);
            }

            return new Connection(engine, image);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>A name for a pod that no other pod has.</summary>
    public static string NewName(long evaluation) =>
        string.Create(CultureInfo.InvariantCulture, $"palio-{evaluation}-{Guid.CreateVersion7():N}");

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Evaluation {Evaluation} played in pod {Pod}: pull {PullMs:0} ms, start {StartMs:0} ms, play {PlayMs:0} ms")]
    private partial void LogPlayed(long evaluation, string pod, double pullMs, double startMs, double playMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removed {Count} containers that an earlier process of instance {Instance} left behind")]
    private partial void LogSwept(int count, string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Engine} does not enforce memory, process or CPU limits")]
    private partial void LogNoLimits(string engine);

    internal sealed record Connection(Engine Engine, string RefereeImage);
}
