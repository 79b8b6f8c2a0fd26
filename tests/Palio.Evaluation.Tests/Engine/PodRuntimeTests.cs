using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

[Collection("engine")]
[Trait("needs", "engine")]
public sealed class PodRuntimeTests(EngineFixture fixture)
{
    [Fact]
    public async Task Play_HonestPair_EndsWithTheWholeResult()
    {
        var job = EngineFixture.Job(await fixture.ImageAsync("agent", "honest"), await fixture.ImageAsync("environment", "honest"));
        var events = new RecordingObserver();

        var outcome = await fixture.Runtime.PlayAsync(fixture.Plan(job), events, TestContext.Current.CancellationToken);

        var verdict = FaultJudge.Judge(outcome);
        Assert.True(verdict.Fault is null, $"{verdict.Fault?.Code} {verdict.Fault?.Message} {outcome.RefereeLog} {outcome.AgentLog}");
        Assert.Equal(3, verdict.Result!.Episodes);
        Assert.All(events.Episodes, episode => Assert.Equal((20, 20.0), (episode.Steps, episode.Return)));
        Assert.Equal(0, outcome.Agent!.ExitCode);
        Assert.Equal("none", outcome.Policy!.Restrictions["network"]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{outcome.Timings}\n{string.Join('\n', outcome.Policy.Restrictions)}");
    }

    [Fact]
    public async Task Play_ThatEnded_IsToldBeforeItsContainersAreRemoved()
    {
        var job = EngineFixture.Job(await fixture.ImageAsync("agent", "honest"), await fixture.ImageAsync("environment", "honest"));
        (int Containers, int Volumes) atEnd = default;
        var events = new RecordingObserver { OnEnded = async () => atEnd = await fixture.CountAsync() };

        await fixture.Runtime.PlayAsync(fixture.Plan(job), events, TestContext.Current.CancellationToken);

        Assert.Equal((3, 2), atEnd);
        await fixture.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Play_Running_HasThreeNetworkNamespacesWithNothingButLoopback()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var job = EngineFixture.Job(
            await fixture.ImageAsync("agent", "never-acts"),
            await fixture.ImageAsync("environment", "honest"),
            new RefereeBudgets { FirstActionMs = 60_000, StepMs = 60_000, BankMs = 60_000 });
        var events = new RecordingObserver();
        var play = fixture.Runtime.PlayAsync(fixture.Plan(job), events, cancel.Token);
        await events.Playing.WaitAsync(TestContext.Current.CancellationToken);

        var processes = await fixture.ProcessesAsync();
        string?[] namespaces = [.. processes.Append((long)Environment.ProcessId).Select(id => new FileInfo($"/proc/{id}/ns/net").LinkTarget)];
        var interfaces = processes.SelectMany(id => File.ReadLines($"/proc/{id}/net/dev").Skip(2).Select(line => line.Split(':')[0].Trim())).ToArray();
        await cancel.CancelAsync();
        await play;

        Assert.Equal(4, namespaces.Distinct().Count());
        Assert.Equal(["lo", "lo", "lo"], interfaces);
    }
}
