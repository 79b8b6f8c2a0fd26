using System.Text.Json;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>
/// The pair of <c>tests/evalai-pair</c>, which speaks gRPC and pickles as EvalAI's starter does (by Debian's grpc and NumPy), in the pod
/// of four containers on the real engine.
/// </summary>
[Collection("engine")]
[Trait("needs", "engine")]
public sealed class LegacyPairTests(EngineFixture fixture)
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(EngineFixture.AttacksDirectory)!, "tests", "evalai-pair");
    private static int _evaluations = 7000;

    [Theory]
    [InlineData("localhost", "form")]
    [InlineData("environment", "json")]
    public async Task Play_EvalAisPair_EndsWithTheEnvironmentsScore(string agent, string environment)
    {
        var (verdict, outcome) = await PlayAsync(agent, environment);

        Assert.True(verdict.Fault is null, $"{verdict.Fault} {outcome.RefereeLog} {outcome.AgentLog} {outcome.EnvironmentLog}");
        Assert.Equal(PodStop.Scored, outcome.Stopped);
        using var scores = JsonDocument.Parse(verdict.Scored!);
        Assert.Equal(20, scores.RootElement.GetProperty("result")[0].GetProperty("train_split").GetProperty("score").GetDouble());
        Assert.Contains("actions [0, 1]", outcome.AgentLog, StringComparison.Ordinal);
        Assert.Equal(19, outcome.AgentLog.Split("feedback (array([").Length - 1);
        Assert.Equal(20, outcome.EnvironmentLog.Split("action 1").Length - 1);
        Assert.Contains($"{(environment is "json" ? "PATCH" : "PUT")} 200", outcome.EnvironmentLog, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"{outcome.Timings}");
    }

    [Theory]
    [InlineData("hostile", "form", FaultCode.AgentProtocol, "system")]
    [InlineData("silent", "form", FaultCode.AgentStartTimeout, "did not connect to localhost:8085")]
    [InlineData("localhost", "hostile", FaultCode.EnvironmentProtocol, "collections")]
    [InlineData("localhost", "wrong-split", FaultCode.EnvironmentSpecViolation, "no_such_split")]
    [InlineData("localhost", "silent", FaultCode.EnvironmentStartTimeout, "did not listen on port 8085")]
    public async Task Play_ASideThatBreaksTheRules_GetsItsFault(string agent, string environment, FaultCode code, string message)
    {
        var (verdict, outcome) = await PlayAsync(agent, environment, totalMs: "silent" == agent || "silent" == environment ? 3000 : 60_000);

        Assert.Null(verdict.Scored);
        Assert.True(verdict.Fault?.Code == code, $"{verdict.Fault} {outcome.RefereeLog} {outcome.AgentLog} {outcome.EnvironmentLog}");
        Assert.Equal(FaultCatalog.BlameOf(code), verdict.Fault!.Blame);
        Assert.Contains(message, verdict.Fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("taken over", outcome.EnvironmentLog + outcome.AgentLog, StringComparison.Ordinal);
        if (agent is "hostile")
        {
            Assert.DoesNotContain("action", outcome.EnvironmentLog, StringComparison.Ordinal);
        }
    }

    private async Task<(Verdict Verdict, PodOutcome Outcome)> PlayAsync(string agent, string environment, int totalMs = 60_000)
    {
        var job = EngineFixture.Job(
            await ImageAsync("agent.py", agent), await ImageAsync("environment.py", environment), evaluation: Interlocked.Increment(ref _evaluations));
        var limits = job.AgentLimits with { MemoryBytes = 256L << 20 };
        job = job with
        {
            AgentLimits = limits,
            EnvironmentLimits = limits,
            Plan = Plans.PlayPlan.NoEpisodes("1"),
            Legacy = new LegacyPlan
            {
                Token = "only-once",
                Challenge = 3,
                Phase = 5,
                Submission = 12,
                Boards = [new LegacyBoard("train_split", ["score"])],
                StartMs = totalMs,
                TotalMs = totalMs + 500,
            },
        };
        var outcome = await fixture.Runtime.PlayAsync(fixture.Plan(job), new RecordingObserver(), TestContext.Current.CancellationToken);
        await fixture.AssertNothingLeftAsync();
        return (FaultJudge.Judge(outcome), outcome);
    }

    private async Task<JobImage> ImageAsync(string program, string how)
    {
        var python = await PythonImage.FindAsync(fixture.Client, "python3-grpcio", "python3-numpy");
        var image = await PythonImage.WithProgramAsync(
            fixture.Client, python, await File.ReadAllTextAsync(Path.Combine(Folder, program), TestContext.Current.CancellationToken), how);
        fixture.Remember(image);
        return new JobImage(image);
    }
}
