using Palio.Evaluation.Verdicts;

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
}
