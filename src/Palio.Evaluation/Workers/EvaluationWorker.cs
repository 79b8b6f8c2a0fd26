using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Scoring;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Workers;

/// <summary>Leases evaluations, plays them N at a time, reports in order, keeps the leases alive.</summary>
public sealed partial class EvaluationWorker(
    IJobSource jobs, IPodRuntime runtime, WorkerOptions options, TimeProvider time, ILogger<EvaluationWorker> logger)
{
    private static readonly TimeSpan SourcePause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<long, HeldJob> _held = [];

    /// <summary>What this worker says of itself; null until it has started.</summary>
    public WorkerDescription? Description { get; private set; }

    /// <summary>Works until stopped, then stops what runs, gives the leases back and removes every container.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var engine = await runtime.DescribeAsync(stopping).ConfigureAwait(false);
        var capacity = options.Capacity ?? Capacity.Of(engine.Cpus, engine.MemoryBytes);
        Description = new WorkerDescription(options.Name, capacity, engine.Name, engine.Cpus, engine.MemoryBytes, engine.Runtimes);
        await runtime.SweepAsync(options.Instance, _held.Keys.ToHashSet(), stopping).ConfigureAwait(false);
        LogStarted(options.Name, engine.Name, capacity);
        var placement = new CorePlacement(options.PlaceOnCores ? engine.Cpus : 0);
        using var places = new SemaphoreSlim(capacity, capacity);
        var running = new ConcurrentDictionary<Task, bool>();
        try
        {
            while (true)
            {
                await places.WaitAsync(stopping).ConfigureAwait(false);
                if (await LeaseAsync(Description, stopping).ConfigureAwait(false) is not { } job)
                {
                    places.Release();
                    continue;
                }

                var work = WorkAsync(job, placement, places, stopping);
                running[work] = true;
                _ = work.ContinueWith(done => running.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        finally
        {
            await EndAllAsync([.. running.Keys]).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for the standing of an evaluation's lease now rather than at the next heartbeat: call it after a cancel.</summary>
    public void Nudge(long evaluation)
    {
        if (_held.TryGetValue(evaluation, out var held))
        {
            held.Nudge();
        }
    }

    private async Task<EvaluationJob?> LeaseAsync(WorkerDescription worker, CancellationToken stopping)
    {
        try
        {
            return await jobs.LeaseAsync(worker, options.LeaseWait, stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            LogNoLease(exception);
            await Task.Delay(SourcePause, time, stopping).ConfigureAwait(false);
            return null;
        }
    }

    // The edge of one evaluation: whatever happens in it, the worker goes on with the others.
    private async Task WorkAsync(EvaluationJob job, CorePlacement placement, SemaphoreSlim places, CancellationToken stopping)
    {
        using var held = new HeldJob(job);
        _held[job.Lease.Evaluation] = held;
        var cores = placement.Take(job);
        try
        {
            await PlayAsync(held, cores, stopping).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogFailed(exception, job.Lease.Evaluation);
        }
        finally
        {
            placement.Return(cores);
            _held.TryRemove(job.Lease.Evaluation, out _);
            places.Release();
        }
    }

    private async Task PlayAsync(HeldJob held, CpuPlacement cores, CancellationToken stopping)
    {
        var job = held.Job;
        using var over = new CancellationTokenSource();
        var heartbeats = HeartbeatAsync(held, over.Token);
        using var ending = stopping.Register(held.End);
        var reporter = new JobReporter(jobs, held, options.ReportQueue, time, logger, stopping);
        try
        {
            var name = DockerRuntime.NewName(job.Lease.Evaluation);
            var plan = job.Scoring is { } scoring
                ? ScoringPlanner.Plan(job, scoring, options.Instance, name, cores, (file, token) => jobs.OpenFileAsync(job.Lease, file, token),
                    (file, content, token) => jobs.KeepFileAsync(job.Lease, file, content, token))
                : PodPlanner.Plan(job, options.Instance, name, cores);
            await PlayPodAsync(plan, reporter, held.Stop).ConfigureAwait(false);
            await reporter.CloseAsync().ConfigureAwait(false);
            if (reporter.IsInterrupted)
            {
                await ReleaseAsync(held).ConfigureAwait(false);
            }
        }
        finally
        {
            await reporter.CloseAsync().ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await heartbeats.ConfigureAwait(false);
        }
    }

    private async Task PlayPodAsync(PodPlan plan, JobReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            await runtime.PlayAsync(plan, reporter, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Ours or the engine's, never the agent's: told as such, and tried again by the server.
            LogFailed(exception, plan.Evaluation);
            await reporter.EndedAsync(new PodOutcome
            {
                NotStarted = Fault.Of(FaultCode.PlatformEngine, $"The worker could not play: {exception.Message}"),
                Stopped = cancellationToken.IsCancellationRequested ? PodStop.Cancelled : null,
                Said = RefereeSummary.Nothing,
                Timings = PodTimings.None,
            }).ConfigureAwait(false);
        }
    }

    private async Task HeartbeatAsync(HeldJob held, CancellationToken cancellationToken)
    {
        var last = time.GetTimestamp();
        try
        {
            while (!held.IsLost)
            {
                await held.NextHeartbeatAsync(time, cancellationToken).ConfigureAwait(false);
                try
                {
                    held.Take(await jobs.HeartbeatAsync(held.Job.Lease, cancellationToken).ConfigureAwait(false));
                    last = time.GetTimestamp();
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    LogNoHeartbeat(held.Job.Lease.Evaluation, exception.Message);
                    if (time.GetElapsedTime(last) >= held.LeaseTime)
                    {
                        held.Take(LeaseStanding.Lost);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The evaluation is over.
        }
    }

    private async Task ReleaseAsync(HeldJob held)
    {
        if (held.IsLost)
        {
            return;
        }

        try
        {
            await jobs.ReleaseAsync(held.Job.Lease, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The lease runs out by itself.
            LogNotReleased(exception, held.Job.Lease.Evaluation);
        }
    }

    private async Task EndAllAsync(Task[] running)
    {
        if (running.Length == 0)
        {
            return;
        }

        LogStopping(running.Length);
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Name} started on {Engine}, {Capacity} evaluations at a time")]
    private partial void LogStarted(string name, string engine, int capacity);

    [LoggerMessage(Level = LogLevel.Information, Message = "The worker stops; {Count} evaluations are given back")]
    private partial void LogStopping(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No work could be asked for")]
    private partial void LogNoLease(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat of evaluation {Evaluation} was not taken: {Reason}")]
    private partial void LogNoHeartbeat(long evaluation, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Evaluation {Evaluation} could not be given back")]
    private partial void LogNotReleased(Exception exception, long evaluation);

    [LoggerMessage(Level = LogLevel.Error, Message = "Working on evaluation {Evaluation} failed")]
    private partial void LogFailed(Exception exception, long evaluation);
}
