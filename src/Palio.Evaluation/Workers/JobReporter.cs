using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Scoring;
using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Workers;

/// <summary>
/// Tells the job's source what happens, in order and one at a time. When the source is slow the referee's output is held back; when it
/// cannot be reached a report is repeated until the lease would be lost.
/// </summary>
internal sealed partial class JobReporter : IPodObserver
{
    private static readonly TimeSpan LookAtLogs = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private readonly IJobSource _jobs;
    private readonly HeldJob _held;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<EvaluationReport> _reports;
    private readonly EpisodeRecords _records;
    private readonly Task _pump;
    private readonly CancellationToken _stopping;
    private int _hellos;
    private bool _ended;

    /// <summary>Begins to report on a job.</summary>
    public JobReporter(IJobSource jobs, HeldJob held, int queue, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        (_jobs, _held, _time, _logger, _stopping) = (jobs, held, time, logger, stopping);
        _records = new EpisodeRecords(held.Job.Plan.Record);
        _reports = Channel.CreateBounded<EvaluationReport>(new BoundedChannelOptions(queue) { SingleReader = true });
        _pump = PumpAsync();
    }

    /// <summary>Play was cut off because the worker stops: nothing is decided, and the job is for another.</summary>
    public bool IsInterrupted { get; private set; }

    /// <inheritdoc/>
    public ValueTask PreparingAsync(string detail, CancellationToken cancellationToken) =>
        _reports.Writer.WriteAsync(new StateReport(EvaluationState.Preparing, detail), cancellationToken);

    /// <inheritdoc/>
    public ValueTask RunningAsync(string detail, CancellationToken cancellationToken) =>
        _reports.Writer.WriteAsync(new StateReport(EvaluationState.Running, detail), cancellationToken);

    /// <inheritdoc/>
    public ValueTask EventAsync(RefereeEvent refereeEvent, CancellationToken cancellationToken)
    {
        var report = refereeEvent switch
        {
            SideReady { Stage: "hello" } when ++_hellos == 2 => new StateReport(EvaluationState.Ready),
            SideReady { Stage: "ready", Side: "agent" } => new StateReport(EvaluationState.Running),
            PlayProgress progress => new ProgressReport(progress.Done, progress.Total, progress.Steps),
            EpisodeFinished finished => _records.Add(finished.Episode),
            RecordChunk chunk => _records.Add(chunk),
            _ => (EvaluationReport?)null,
        };
        return report is null ? ValueTask.CompletedTask : _reports.Writer.WriteAsync(report, cancellationToken);
    }

    /// <inheritdoc/>
    public TimeSpan? LogPace => LookAtLogs;

    /// <inheritdoc/>
    public ValueTask LogTailsAsync(string agent, string environment, CancellationToken cancellationToken)
    {
        // When the source is slow this one is left out: the next holds more.
        _reports.Writer.TryWrite(new LogTailReport(agent, environment));
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends what is left and then the verdict; returns when all is told or the lease is lost. A second end is no news.</summary>
    public async ValueTask EndedAsync(PodOutcome outcome)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        IsInterrupted = outcome.Stopped is PodStop.Cancelled && _stopping.IsCancellationRequested;
        if (!IsInterrupted)
        {
            foreach (var report in _records.Rest().Concat(Last(outcome)))
            {
                await _reports.Writer.WriteAsync(report).ConfigureAwait(false);
            }
        }

        await CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Sends what was said so far and no more.</summary>
    public async Task CloseAsync()
    {
        _reports.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
    }

    private static IEnumerable<EvaluationReport> Last(PodOutcome outcome)
    {
        if (outcome.AgentLog.Length > 0 || outcome.EnvironmentLog.Length > 0)
        {
            yield return new LogReport(outcome.AgentLog, outcome.EnvironmentLog);
        }

        if (outcome.Scoring is { } scoring)
        {
            var (scored, problem) = ScoringJudge.Judge(outcome, scoring);
            yield return scored is not null && outcome.Policy is { } applied
                ? new ScoredReport(scored, applied, outcome.Timings)
                : new FailedReport(
                    problem ?? Fault.Of(FaultCode.PlatformInternal, "The pod ended without a policy."), outcome.Policy, outcome.Timings);
            yield break;
        }

        var verdict = FaultJudge.Judge(outcome);
        yield return verdict is { Scored: { } scores } && outcome.Policy is { } inForce
            ? new ScoredReport(scores, inForce, outcome.Timings)
            : verdict is { Result: { } result } && outcome.Policy is { } policy
            ? new FinishedReport(result, policy, outcome.Timings, verdict.Fault)
            : new FailedReport(
                verdict.Fault ?? Fault.Of(FaultCode.PlatformInternal, "The pod ended without a policy."), outcome.Policy, outcome.Timings);
    }

    // Reads to the end also when the lease is lost, so that nobody waits for a full queue.
    private async Task PumpAsync()
    {
        await foreach (var report in _reports.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!_held.IsLost)
            {
                await SendAsync(report).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAsync(EvaluationReport report)
    {
        var begun = _time.GetTimestamp();
        for (var pause = FirstPause; ; pause *= 2)
        {
            try
            {
                _held.Take(await _jobs.ReportAsync(_held.Job.Lease, report, CancellationToken.None).ConfigureAwait(false));
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                if (_time.GetElapsedTime(begun) + pause > _held.LeaseTime)
                {
                    LogGaveUp(exception, _held.Job.Lease.Evaluation);
                    _held.Take(LeaseStanding.Lost);
                    return;
                }

                LogRepeated(_held.Job.Lease.Evaluation, exception.Message);
                await Task.Delay(pause, _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report on evaluation {Evaluation} was not taken and is repeated: {Reason}")]
    private partial void LogRepeated(long evaluation, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reports on evaluation {Evaluation} were not taken for the length of its lease; it is given up")]
    private partial void LogGaveUp(Exception exception, long evaluation);
}
