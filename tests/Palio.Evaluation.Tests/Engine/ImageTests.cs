using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>Images that cannot be judged, told before or at their start.</summary>
[Collection("engine")]
[Trait("needs", "engine")]
public sealed class ImageTests(EngineFixture fixture)
{
    [Fact]
    public async Task Play_ProgramMissing_IsAStartFailure()
    {
        var fault = await FaultAsync(agent: await fixture.ImageAsync("agent", ["/no-such-program"]));

        Assert.Equal((FaultCode.AgentStartFailed, Blame.Agent), (fault.Code, fault.Blame));
    }

    [Fact]
    public async Task Play_EnvironmentsProgramMissing_BlamesTheEnvironment()
    {
        var fault = await FaultAsync(environment: await fixture.ImageAsync("environment", ["/no-such-program"]));

        Assert.Equal((FaultCode.EnvironmentStartFailed, Blame.Environment), (fault.Code, fault.Blame));
    }

    [Fact]
    public async Task Play_OtherArchitecture_IsABadImageWithTheRemedy()
    {
        var other = fixture.Engine.Architecture is "arm64" ? "amd64" : "arm64";

        var fault = await FaultAsync(agent: await fixture.ImageAsync("agent", ["/agent"], architecture: other));

        Assert.Equal((FaultCode.ParticipantBadImage, Blame.Participant), (fault.Code, fault.Blame));
        Assert.Contains($"--platform linux/{fixture.Engine.Architecture}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Play_NoEntryPoint_IsABadImage() =>
        Assert.Equal(FaultCode.ParticipantBadImage, (await FaultAsync(agent: await fixture.ImageAsync("agent", Array.Empty<string>()))).Code);

    [Fact]
    public async Task Play_EnvironmentImageGone_BlamesTheHost()
    {
        var fault = await FaultAsync(environment: new JobImage("sha256:" + new string('e', 64)));

        Assert.Equal((FaultCode.HostImageMissing, Blame.Host), (fault.Code, fault.Blame));
    }

    [Fact]
    public async Task Play_AgentImageGone_IsThePlatformsPart()
    {
        var fault = await FaultAsync(agent: new JobImage("sha256:" + new string('e', 64)));

        Assert.Equal((FaultCode.PlatformPullFailed, Blame.Platform), (fault.Code, fault.Blame));
    }

    [Fact]
    public async Task Play_MoreCoresThanThereAre_IsUnplayable()
    {
        var job = EngineFixture.Job(await fixture.ImageAsync("agent", "honest"), await fixture.ImageAsync("environment", "honest"));

        var fault = await FaultAsync(job with { AgentLimits = job.AgentLimits with { Cpus = 5000 } });

        Assert.Equal((FaultCode.HostUnplayable, Blame.Host), (fault.Code, fault.Blame));
    }

    [Fact]
    public async Task Play_UnknownRuntime_IsUnplayable()
    {
        var job = EngineFixture.Job(await fixture.ImageAsync("agent", "honest"), await fixture.ImageAsync("environment", "honest"));

        var fault = await FaultAsync(job with { Runtime = "no-such-runtime" });

        Assert.Equal((FaultCode.HostUnplayable, Blame.Host), (fault.Code, fault.Blame));
    }

    private async Task<Fault> FaultAsync(JobImage? agent = null, JobImage? environment = null) => await FaultAsync(EngineFixture.Job(
        agent ?? await fixture.ImageAsync("agent", "honest"), environment ?? await fixture.ImageAsync("environment", "honest")));

    private async Task<Fault> FaultAsync(EvaluationJob job)
    {
        var outcome = await fixture.Runtime.PlayAsync(fixture.Plan(job), new RecordingObserver(), TestContext.Current.CancellationToken);

        await fixture.AssertNothingLeftAsync();
        var verdict = FaultJudge.Judge(outcome);
        TestContext.Current.TestOutputHelper?.WriteLine($"{verdict.Fault}");
        Assert.Null(verdict.Result);
        return verdict.Fault!;
    }
}
