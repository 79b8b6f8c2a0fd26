using Docker.DotNet.Models;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>Pods that are ended from outside, and pods whose worker died.</summary>
[Collection("engine")]
[Trait("needs", "engine")]
public sealed class StopTests(EngineFixture fixture)
{
    private static readonly RefereeBudgets Patient = new() { HelloMs = 60_000, FirstActionMs = 60_000, StepMs = 60_000, BankMs = 60_000 };

    [Fact]
    public async Task Play_CancelledInTheMiddle_StopsAndRemovesTheContainers()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var job = EngineFixture.Job(await fixture.ImageAsync("agent", "never-acts"), await fixture.ImageAsync("environment", "honest"), Patient);
        var events = new RecordingObserver();
        var play = fixture.Runtime.PlayAsync(fixture.Plan(job), events, cancel.Token);
        await events.Playing.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((3, 2), await fixture.CountAsync());

        await cancel.CancelAsync();
        var outcome = await play;

        Assert.Equal(PodStop.Cancelled, outcome.Stopped);
        Assert.Equal(FaultCode.ParticipantCancelled, FaultJudge.Judge(outcome).Fault!.Code);
        await fixture.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Play_CancelledBeforeItBegan_LeavesNothing()
    {
        var job = EngineFixture.Job(await fixture.ImageAsync("agent", "honest"), await fixture.ImageAsync("environment", "honest"));

        var outcome = await fixture.Runtime.PlayAsync(fixture.Plan(job), new RecordingObserver(), new CancellationToken(canceled: true));

        Assert.Equal(FaultCode.ParticipantCancelled, FaultJudge.Judge(outcome).Fault!.Code);
        await fixture.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Play_PastItsDeadline_IsKilledFromOutside()
    {
        var job = EngineFixture.Job(await fixture.ImageAsync("agent", "never-acts"), await fixture.ImageAsync("environment", "honest"), Patient);

        var outcome = await fixture.Runtime.PlayAsync(
            fixture.Plan(job with { DeadlineSeconds = 2 }), new RecordingObserver(), TestContext.Current.CancellationToken);

        Assert.Equal(PodStop.Deadline, outcome.Stopped);
        var fault = FaultJudge.Judge(outcome).Fault!;
        Assert.Equal((FaultCode.PlatformStuck, Blame.Platform), (fault.Code, fault.Blame));
        await fixture.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Sweep_LeftByADeadWorker_RemovesAllButWhatIsHeld()
    {
        await LeaveAsync(evaluation: 51);
        var running = await LeaveAsync(evaluation: 52);
        await fixture.Client.Containers.StartContainerAsync(running, new ContainerStartParameters(), TestContext.Current.CancellationToken);

        Assert.Equal(0, await fixture.Runtime.SweepAsync($"{fixture.Instance}-other", new HashSet<long>(), TestContext.Current.CancellationToken));
        Assert.Equal(1, await fixture.Runtime.SweepAsync(fixture.Instance, new HashSet<long> { 52 }, TestContext.Current.CancellationToken));
        Assert.Equal((1, 2), await fixture.CountAsync());

        Assert.Equal(1, await fixture.Runtime.SweepAsync(fixture.Instance, new HashSet<long>(), TestContext.Current.CancellationToken));
        await fixture.AssertNothingLeftAsync();
    }

    // What a worker has made when it is killed between creating and starting.
    private async Task<string> LeaveAsync(long evaluation)
    {
        var image = await fixture.ImageAsync("agent", "silent");
        var plan = fixture.Plan(EngineFixture.Job(image, image, evaluation: evaluation));
        foreach (var volume in ContainerRequests.Volumes(plan))
        {
            await fixture.Client.Volumes.CreateAsync(volume, TestContext.Current.CancellationToken);
        }

        var request = ContainerRequests.Container(plan, plan.Agent, new ImageFacts(image.Reference, "1000", []), fixture.IsPodman);
        return (await fixture.Client.Containers.CreateContainerAsync(request, TestContext.Current.CancellationToken)).ID;
    }
}
