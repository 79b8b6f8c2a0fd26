using Palio.Evaluation.Pods;
using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>Every attack of <c>attacks/expected.json</c> on the real engine, with an honest submission beside it.</summary>
[Collection("engine")]
[Trait("needs", "engine")]
public sealed class AttackTests(EngineFixture fixture)
{
    private static int _evaluations = 1000;

    public static TheoryData<string> Names => [.. Attack.All.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Play_Attack_GetsItsFaultAndHarmsNobody(string name)
    {
        var attack = Attack.All.Single(one => one.Name == name);
        var (hostile, honest) = (Interlocked.Increment(ref _evaluations), Interlocked.Increment(ref _evaluations));
        var job = EngineFixture.Job(
            await fixture.ImageAsync("agent", attack.Agent), await fixture.ImageAsync("environment", attack.Environment), attack.Budgets, evaluation: hostile);
        job = job with { AgentLimits = job.AgentLimits with { MemoryBytes = (long)attack.MemoryMegabytes << 20 } };

        var beside = fixture.HonestAsync(honest);
        var outcome = await fixture.Runtime.PlayAsync(fixture.Plan(job), new RecordingObserver(), TestContext.Current.CancellationToken);

        Check(attack, outcome);
        await fixture.AssertUsualScoreAsync(await beside);
        await fixture.AssertNothingLeftAsync();
    }

    private static void Check(Attack attack, PodOutcome outcome)
    {
        var verdict = FaultJudge.Judge(outcome);
        var fault = verdict.Fault;
        var agent = attack.Agent is not "honest";
        TestContext.Current.TestOutputHelper?.WriteLine($"{fault}\n{outcome.Said}\n{outcome.Timings}\nreferee: {outcome.RefereeLog}");
        Assert.Equal(attack.Fault, fault?.Code);
        Assert.Contains(attack.Log ?? "", agent ? outcome.AgentLog : outcome.EnvironmentLog, StringComparison.Ordinal);
        if (fault is null)
        {
            Assert.Equal((3, 0), (verdict.Result!.Episodes, verdict.Result.Forfeited));
            return;
        }

        Assert.Equal(agent ? Blame.Agent : Blame.Environment, fault.Blame);
        Assert.Equal(FaultCatalog.RemedyOf(fault.Code), fault.Remedy);
        Assert.Contains(attack.Log ?? "", (agent ? fault.AgentLogTail : fault.EnvironmentLogTail) ?? "", StringComparison.Ordinal);
        Assert.Equal(attack.ExitCode ?? (attack.Signal is { } signal ? 128 + signal : fault.ExitCode), fault.ExitCode);
        Assert.Equal(attack.Signal ?? fault.Signal, fault.Signal);
        Assert.Equal(attack.Step ?? fault.Step, fault.Step);
        Assert.Equal(fault.Code is FaultCode.AgentOutOfMemory or FaultCode.EnvironmentOutOfMemory, fault.OutOfMemory);

        // An environment's fault voids; an agent's forfeits once play has begun, so that the phase can say what that counts.
        Assert.Equal(agent && outcome.Said.AgentReady, verdict.Result is not null);
    }
}
