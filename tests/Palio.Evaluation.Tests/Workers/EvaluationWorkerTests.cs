using Microsoft.Extensions.Logging.Abstractions;
using Palio.Evaluation.Tests.Support;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Workers;

public sealed class EvaluationWorkerTests : IAsyncDisposable
{
    // A third of the sample lease's 60 seconds.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    private readonly WatchedClock _clock = new();
    private readonly FakeJobs _jobs = new();
    private readonly FakeRuntime _runtime = new();
    private readonly CancellationTokenSource _stop = new();
    private EvaluationWorker? _worker;
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task Run_PlayedJob_ReportsWhatHappenedAndTheResultLast()
    {
        Start();
        _jobs.Add(Samples.Job());
        var play = await _runtime.PlayAsync();
        await play.Observer.PreparingAsync("starting", TestContext.Current.CancellationToken);
        await play.Observer.EventAsync(new SideReady { Sequence = 1, Side = "agent", Stage = "hello" }, TestContext.Current.CancellationToken);
        await play.Observer.EventAsync(new SideReady { Sequence = 2, Side = "environment", Stage = "hello" }, TestContext.Current.CancellationToken);
        await play.Observer.EventAsync(new SideReady { Sequence = 3, Side = "agent", Stage = "ready" }, TestContext.Current.CancellationToken);
        await play.Observer.EventAsync(new EpisodeFinished { Sequence = 4, Episode = Samples.Row(0) }, TestContext.Current.CancellationToken);
        await play.Observer.EventAsync(new PlayProgress { Sequence = 5, Done = 1, Total = 2, Steps = 10 }, TestContext.Current.CancellationToken);
        play.End.SetResult(Samples.Outcome() with { AgentLog = "hello from the agent" });

        Assert.Equal(new StateReport(EvaluationState.Preparing, "starting"), await _jobs.ReportAsync());
        Assert.Equal(new StateReport(EvaluationState.Ready), await _jobs.ReportAsync());
        Assert.Equal(new StateReport(EvaluationState.Running), await _jobs.ReportAsync());
        Assert.Equal(0, Assert.IsType<EpisodeReport>(await _jobs.ReportAsync()).Episode.Ordinal);
        Assert.Equal(new ProgressReport(1, 2, 10), await _jobs.ReportAsync());
        Assert.Equal(new LogReport("hello from the agent", ""), await _jobs.ReportAsync());
        var finished = Assert.IsType<FinishedReport>(await _jobs.ReportAsync());
        Assert.Equal((2, null, Samples.Policy), (finished.Result.Episodes, finished.Fault, finished.Policy));
    }

    [Fact]
    public async Task Run_LeaseLost_StopsThePlayAndReportsNothing()
    {
        _jobs.OnHeartbeat = () => LeaseStanding.Lost;
        Start();
        _jobs.Add(Samples.Job());
        var play = await _runtime.PlayAsync();

        await _clock.PassAsync(Heartbeat);
        await play.End.Task;
        _jobs.Add(Samples.Job(8));
        await _runtime.PlayAsync();

        Assert.True(play.Stop.IsCancellationRequested);
        Assert.Empty(_jobs.RestOfReports());
        Assert.True(_jobs.NothingReleased);
    }

    [Fact]
    public async Task Run_ReportAnsweredLost_StopsThePlayAndReportsNothingMore()
    {
        _jobs.OnReport = _ => LeaseStanding.Lost;
        Start(capacity: 1);
        _jobs.Add(Samples.Job());
        _jobs.Add(Samples.Job(8));
        var play = await _runtime.PlayAsync();

        await play.Observer.PreparingAsync("starting", TestContext.Current.CancellationToken);
        await _runtime.PlayAsync();

        Assert.True(play.Stop.IsCancellationRequested);
        Assert.Equal([new StateReport(EvaluationState.Preparing, "starting")], _jobs.RestOfReports());
    }

    [Fact]
    public async Task Run_CancelAskedForAtHeartbeat_ReportsParticipantCancelled()
    {
        _jobs.OnHeartbeat = () => LeaseStanding.CancelRequested;
        Start();
        _jobs.Add(Samples.Job());
        await _runtime.PlayAsync();

        await _clock.PassAsync(Heartbeat);

        var failed = Assert.IsType<FailedReport>(await _jobs.ReportAsync());
        Assert.Equal((FaultCode.ParticipantCancelled, Blame.Participant), (failed.Fault.Code, failed.Fault.Blame));
    }

    [Fact]
    public async Task Nudge_CancelAskedFor_StopsBeforeTheNextHeartbeat()
    {
        _jobs.OnHeartbeat = () => LeaseStanding.CancelRequested;
        Start();
        _jobs.Add(Samples.Job());
        await _runtime.PlayAsync();

        _worker!.Nudge(7);

        Assert.Equal(FaultCode.ParticipantCancelled, Assert.IsType<FailedReport>(await _jobs.ReportAsync()).Fault.Code);
    }

    [Fact]
    public async Task Run_ReportsNotTaken_AreRepeatedInOrder()
    {
        var troubles = 2;
        _jobs.OnReport = _ => troubles-- > 0 ? throw new HttpRequestException("no route") : LeaseStanding.Held;
        Start();
        _jobs.Add(Samples.Job());
        var play = await _runtime.PlayAsync();
        await play.Observer.PreparingAsync("first", TestContext.Current.CancellationToken);
        await play.Observer.PreparingAsync("second", TestContext.Current.CancellationToken);

        await _clock.PassAsync(TimeSpan.FromMilliseconds(200));
        await _clock.PassAsync(TimeSpan.FromMilliseconds(400));

        Assert.Equal(new StateReport(EvaluationState.Preparing, "first"), await _jobs.ReportAsync());
        Assert.Equal(new StateReport(EvaluationState.Preparing, "second"), await _jobs.ReportAsync());
    }

    [Fact]
    public async Task Run_ReportsNotTakenForTheLeasesLength_GivesUp()
    {
        _jobs.OnReport = _ => throw new HttpRequestException("no route");
        _jobs.OnHeartbeat = () => throw new HttpRequestException("no route");
        Start();
        _jobs.Add(Samples.Job());
        var play = await _runtime.PlayAsync();
        await play.Observer.PreparingAsync("first", TestContext.Current.CancellationToken);

        for (var pause = TimeSpan.FromMilliseconds(200); !play.Stop.IsCancellationRequested && pause < TimeSpan.FromSeconds(60); pause *= 2)
        {
            await _clock.PassAsync(pause);
        }

        await play.End.Task;
        Assert.Empty(_jobs.RestOfReports());
    }

    [Fact]
    public async Task Run_Stopped_EndsThePlaysAndGivesTheLeasesBack()
    {
        Start();
        _jobs.Add(Samples.Job(7));
        _jobs.Add(Samples.Job(8));
        var plays = new[] { await _runtime.PlayAsync(), await _runtime.PlayAsync() };

        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);

        Assert.All(plays, play => Assert.True(play.Stop.IsCancellationRequested));
        long[] released = [(await _jobs.ReleasedAsync()).Evaluation, (await _jobs.ReleasedAsync()).Evaluation];
        Assert.Equal([7, 8], released.Order());
        Assert.Empty(_jobs.RestOfReports());
    }

    [Fact]
    public async Task Run_PlacesTaken_AsksForNoMoreWork()
    {
        Start(capacity: 2);
        foreach (var evaluation in (long[])[1, 2, 3])
        {
            _jobs.Add(Samples.Job(evaluation));
        }

        var first = await _runtime.PlayAsync();
        await _runtime.PlayAsync();
        Assert.Equal((2, 1), (_jobs.LeaseCalls, _jobs.Waiting));

        first.End.SetResult(Samples.Outcome());
        Assert.Equal(3, (await _runtime.PlayAsync()).Plan.Evaluation);
    }

    [Fact]
    public async Task Run_RuntimeFails_ReportsThePlatformAndGoesOn()
    {
        Start(capacity: 1);
        _jobs.Add(Samples.Job(1));
        _jobs.Add(Samples.Job(2));
        (await _runtime.PlayAsync()).End.SetException(new InvalidOperationException("the engine's socket is gone"));

        var failed = Assert.IsType<FailedReport>(await _jobs.ReportAsync());
        Assert.Equal(FaultCode.PlatformEngine, failed.Fault.Code);
        Assert.Contains("socket is gone", failed.Fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await _runtime.PlayAsync()).Plan.Evaluation);
    }

    [Fact]
    public async Task Run_QueueNotReached_AsksAgainAfterASecond()
    {
        _jobs.OnLease = call =>
        {
            if (call == 1)
            {
                throw new HttpRequestException("no route");
            }
        };
        Start();
        _jobs.Add(Samples.Job());

        await _clock.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(7, (await _runtime.PlayAsync()).Plan.Evaluation);
    }

    [Fact]
    public async Task Run_Start_SweepsItsOwnInstance()
    {
        Start();
        _jobs.Add(Samples.Job());
        await _runtime.PlayAsync();

        Assert.Equal(["tests"], _runtime.Swept);
    }

    [Fact]
    public async Task Run_TwoJobsOnTwoCores_GetACoreEach()
    {
        Start(capacity: 3);
        var limits = new ContainerLimits();
        for (var evaluation = 1; evaluation <= 3; evaluation++)
        {
            _jobs.Add(Samples.Job(evaluation) with { AgentLimits = limits, EnvironmentLimits = limits });
        }

        var plays = new[] { await _runtime.PlayAsync(), await _runtime.PlayAsync(), await _runtime.PlayAsync() };

        Assert.Equal(["0", "1", null], plays.OrderBy(play => play.Plan.Evaluation).Select(play => play.Plan.Agent.Cpuset));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private void Start(int? capacity = 2)
    {
        var options = new WorkerOptions { Name = "worker", Instance = "tests", Capacity = capacity };
        _worker = new EvaluationWorker(_jobs, _runtime, options, _clock, NullLogger<EvaluationWorker>.Instance);
        _running = _worker.RunAsync(_stop.Token);
    }
}
