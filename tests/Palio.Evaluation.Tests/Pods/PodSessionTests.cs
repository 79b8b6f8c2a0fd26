using Palio.Evaluation.Pods;
using Palio.Evaluation.Tests.Engine;
using Palio.Evaluation.Tests.Support;
using Palio.Evaluation.Transcripts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Pods;

public sealed class PodSessionTests
{
    private readonly WatchedClock _clock = new();
    private readonly FakeReferee _referee = new();
    private readonly FakePart _agent = new(PodRole.Agent);
    private readonly FakePart _environment = new(PodRole.Environment);
    private readonly RecordingObserver _observer = new();

    [Fact]
    public async Task Run_RefereeEnds_TellsResultEndingsAndLogs()
    {
        var run = RunAsync(_agent, _environment);
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });
        await _referee.SayAsync(new EpisodeFinished { Sequence = 0, Episode = Samples.Row(0) });
        await _referee.SayAsync(new EpisodeFinished { Sequence = 0, Episode = Samples.Row(1) });
        await _referee.SayAsync(Samples.Result());
        _agent.End(0);
        _environment.End(0);
        _referee.Finish(0);

        var outcome = await run;

        Assert.Equal((null, 2), (outcome.Stopped, outcome.Said.Result!.Episodes));
        Assert.Equal((new PartEnding(0), new PartEnding(0), new PartEnding(0)), (outcome.Agent, outcome.Environment, outcome.Referee));
        Assert.Equal(("log of Agent", "log of Environment"), (outcome.AgentLog, outcome.EnvironmentLog));
        Assert.Equal(0, _agent.Kills + _environment.Kills + _referee.Kills);
    }

    [Fact]
    public async Task Run_SideDoesNotEndAfterTheResult_IsKilledAfterTheGrace()
    {
        var run = RunAsync(_agent, _environment);
        _environment.End(0);
        _referee.Finish(0);
        await _clock.PassAsync(TimeSpan.FromSeconds(2));

        Assert.True((await run).Agent!.KilledByUs);
    }

    [Fact]
    public async Task Run_DeadlinePassed_KillsAndHearsNothingOfItsOwnKill()
    {
        _agent.OnKill = async () =>
        {
            await _referee.SayAsync(new FaultRaised { Sequence = 0, Fault = Fault.Of(FaultCode.AgentCrashed, "closed its connection"), Fatal = true });
            await _referee.SayAsync(new EpisodeFinished { Sequence = 0, Episode = Samples.Row(0, EpisodeEnd.Forfeited) });
            _referee.Finish(0);
        };
        var run = RunAsync(_agent, _environment);
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });

        await _clock.PassAsync(TimeSpan.FromSeconds(300));
        var outcome = await run;

        Assert.Equal((PodStop.Deadline, null, 0), (outcome.Stopped, outcome.Said.Fault, outcome.Said.Episodes));
        Assert.Empty(_observer.Episodes);
        Assert.True(outcome is { Agent.KilledByUs: true, Environment.KilledByUs: true, Referee.KilledByUs: true });
    }

    [Fact]
    public async Task Run_Cancelled_HearsNothingOfItsOwnKill()
    {
        _agent.OnKill = () => _referee.SayAsync(new EpisodeFinished { Sequence = 0, Episode = Samples.Row(0, EpisodeEnd.Forfeited) });
        using var cancel = new CancellationTokenSource();
        var run = RunUntilAsync(_agent, _environment, cancel.Token);
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });

        await cancel.CancelAsync();

        Assert.Equal(PodStop.Cancelled, (await run).Stopped);
        Assert.Empty(_observer.Episodes);
    }

    [Fact]
    public async Task Run_SideEndsBeforeItsHello_IsNotWaitedFor()
    {
        var run = RunAsync(_agent, _environment);
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });
        await _referee.SayAsync(new SideReady { Sequence = 0, Side = "environment", Stage = "hello" });
        _agent.End(7);

        await _clock.PassAsync(TimeSpan.FromMilliseconds(500));
        await _clock.PassAsync(TimeSpan.FromSeconds(2));
        var outcome = await run;

        Assert.Equal((PodStop.SideEnded, new PartEnding(7)), (outcome.Stopped, outcome.Agent));
    }

    [Fact]
    public async Task Run_LineWithoutEnd_IsABreach()
    {
        var run = RunAsync(_agent, _environment);

        await _referee.SayAsync(new byte[RefereeTranscript.LongestLine + 1]);
        var outcome = await run;

        Assert.Equal(PodStop.RefereeBroke, outcome.Stopped);
        Assert.NotNull(outcome.Said.Breach);
    }

    [Fact]
    public async Task Run_BothSidesCannotStart_TellsTheEnvironments()
    {
        var agent = new FakePart(PodRole.Agent) { StartFault = Fault.Of(FaultCode.AgentStartFailed, "no such file") };
        var environment = new FakePart(PodRole.Environment) { StartFault = Fault.Of(FaultCode.EnvironmentStartFailed, "no such file") };

        var outcome = await RunAsync(agent, environment);

        Assert.Equal(FaultCode.EnvironmentStartFailed, outcome.NotStarted!.Code);
        Assert.Equal(1, _referee.Kills);
    }

    private Task<PodOutcome> RunAsync(FakePart agent, FakePart environment) =>
        RunUntilAsync(agent, environment, TestContext.Current.CancellationToken);

    private Task<PodOutcome> RunUntilAsync(FakePart agent, FakePart environment, CancellationToken cancellationToken)
    {
        var plan = PodPlanner.Plan(Samples.Job(), "tests", "palio-7-x", CpuPlacement.Anywhere);
        return new PodSession(plan, _referee, agent, environment, _observer, _clock).RunAsync(cancellationToken);
    }
}
