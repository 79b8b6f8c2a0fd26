using Microsoft.Extensions.Logging;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Workers;

/// <summary>Leases evaluations, plays them N at a time, reports in order, keeps the leases alive.</summary>
public sealed partial class EvaluationWorker(
    IJobSource jobs, IPodRuntime runtime, WorkerOptions options, TimeProvider time, ILogger<EvaluationWorker> logger)
{
    /// <summary>What this worker says of itself; null until it has started.</summary>
    public WorkerDescription? Description { get; private set; }

    /// <summary>Works until stopped, then stops what runs, gives the leases back and removes every container.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var engine = await runtime.DescribeAsync(stopping).ConfigureAwait(false);
        Description = new WorkerDescription(options.Name, options.Capacity ?? 1, engine.Name, engine.Cpus, engine.MemoryBytes, engine.Runtimes);
        LogStarted(options.Name, engine.Name);
        await jobs.LeaseAsync(Description, options.LeaseWait, stopping).WaitAsync(options.LeaseWait, time, stopping).ConfigureAwait(false);
    }

    /// <summary>Asks for the standing of an evaluation's lease now rather than at the next heartbeat: call it after a cancel.</summary>
    public void Nudge(long evaluation) => LogNudged(evaluation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Name} started on {Engine}")]
    private partial void LogStarted(string name, string engine);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Evaluation {Evaluation} nudged")]
    private partial void LogNudged(long evaluation);
}
