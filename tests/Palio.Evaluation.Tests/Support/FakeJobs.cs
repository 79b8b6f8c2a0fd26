using System.Threading.Channels;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Support;

/// <summary>A source of jobs that a test fills and listens to.</summary>
internal sealed class FakeJobs : IJobSource
{
    private readonly Channel<EvaluationJob> _queue = Channel.CreateUnbounded<EvaluationJob>();
    private readonly Channel<EvaluationReport> _reports = Channel.CreateUnbounded<EvaluationReport>();
    private readonly Channel<EvaluationLease> _released = Channel.CreateUnbounded<EvaluationLease>();
    private int _leaseCalls;

    /// <summary>Answers heartbeats.</summary>
    public Func<LeaseStanding> OnHeartbeat { get; set; } = () => LeaseStanding.Held;

    /// <summary>Answers reports; what it throws on is not kept.</summary>
    public Func<EvaluationReport, LeaseStanding> OnReport { get; set; } = _ => LeaseStanding.Held;

    /// <summary>Called before each lease, with the number of the call from 1.</summary>
    public Action<int> OnLease { get; set; } = _ => { };

    public int LeaseCalls => Volatile.Read(ref _leaseCalls);

    public int Waiting => _queue.Reader.Count;

    public void Add(EvaluationJob job) => _queue.Writer.TryWrite(job);

    /// <summary>The next report that was taken.</summary>
    public async Task<EvaluationReport> ReportAsync() => await _reports.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The next lease that was given back.</summary>
    public async Task<EvaluationLease> ReleasedAsync() => await _released.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Reports that nobody has read yet.</summary>
    public IReadOnlyList<EvaluationReport> RestOfReports()
    {
        var rest = new List<EvaluationReport>();
        while (_reports.Reader.TryRead(out var report))
        {
            rest.Add(report);
        }

        return rest;
    }

    public bool NothingReleased => _released.Reader.Count is 0;

    public async Task<EvaluationJob?> LeaseAsync(WorkerDescription worker, TimeSpan wait, CancellationToken cancellationToken)
    {
        OnLease(Interlocked.Increment(ref _leaseCalls));
        return await _queue.Reader.ReadAsync(cancellationToken);
    }

    public Task<LeaseStanding> HeartbeatAsync(EvaluationLease lease, CancellationToken cancellationToken) => Task.FromResult(OnHeartbeat());

    public Task<LeaseStanding> ReportAsync(EvaluationLease lease, EvaluationReport report, CancellationToken cancellationToken)
    {
        var standing = OnReport(report);
        _reports.Writer.TryWrite(report);
        return Task.FromResult(standing);
    }

    public Task ReleaseAsync(EvaluationLease lease, CancellationToken cancellationToken)
    {
        _released.Writer.TryWrite(lease);
        return Task.CompletedTask;
    }
}
