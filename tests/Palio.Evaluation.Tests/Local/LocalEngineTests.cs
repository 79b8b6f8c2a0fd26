using System.Security.Cryptography;
using Palio.Evaluation.Local;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Tests.Engine;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Local;

/// <summary>The same two programs as processes, as containers, and one as each: the same transcript.</summary>
[Collection("engine")]
[Trait("Needs", "engine")]
public sealed class LocalEngineTests(EngineFixture fixture)
{
    private static async Task<LocalOutcome> PlayAsync(LocalProgram agent, LocalProgram environment) =>
        await LocalFixture.Play.PlayAsync(LocalFixture.Game(agent, environment), new RecordingObserver(), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Play_ProcessesContainersAndOneOfEach_HaveOneTranscript()
    {
        LocalProgram[] agents = [new CommandProgram($"'{fixture.Program("agent")}' honest", "/"), new ImageProgram((await fixture.ImageAsync("agent", "honest")).Reference)];
        LocalProgram[] environments = [new CommandProgram($"'{fixture.Program("environment")}' honest", "/"), new ImageProgram((await fixture.ImageAsync("environment", "honest")).Reference)];
        var digests = new HashSet<string>();

        foreach (var agent in agents)
        {
            foreach (var environment in environments)
            {
                var outcome = await PlayAsync(agent, environment);
                Assert.True(outcome.Fault is null, $"{agent} {environment}: {outcome.Fault?.Message} {outcome.AgentLog} {outcome.EnvironmentLog}");
                digests.Add(outcome.Result!.TranscriptDigest);
            }
        }

        Assert.Single(digests);
    }

    [Fact]
    public async Task Play_ImageBesideACommand_LeavesNoContainer()
    {
        var agent = new ImageProgram((await fixture.ImageAsync("agent", "honest")).Reference);

        var outcome = await PlayAsync(agent, new CommandProgram("exit 4", "/"));

        Assert.Equal((FaultCode.EnvironmentStartFailed, 4), (outcome.Fault!.Code, outcome.Fault.ExitCode));
        Assert.Empty(await fixture.Client.Containers.ListContainersAsync(
            new() { All = true, Filters = new Dictionary<string, IDictionary<string, bool>> { ["ancestor"] = new Dictionary<string, bool> { [agent.Reference] = true } } },
            TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Play_NoSuchImage_SaysWhatToDo()
    {
        var outcome = await PlayAsync(new ImageProgram($"palio-none-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}"), new CommandProgram("exit 4", "/"));

        Assert.Equal(FaultCode.PlatformPullFailed, outcome.Fault!.Code);
        Assert.Contains("docker image ls", outcome.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfAGameAtHome_HasTheServersLimits()
    {
        var game = LocalFixture.Game(new ImageProgram("a"), new ImageProgram("b"));

        var plan = game.Plan("local", "palio-0-x");

        Assert.Equal(("a", "b"), (plan.Agent.Image.Reference, plan.Environment.Image.Reference));
        Assert.Equal(game.Declaration.AgentResources.MemoryBytes, plan.Agent.Limits.MemoryBytes);
        Assert.Equal(PodPlanner.SideDirectory, plan.Agent.Sockets.Single().Path);
    }
}
