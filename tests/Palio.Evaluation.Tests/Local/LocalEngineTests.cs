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
            new() { All = true, Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"{LocalSweep.OwnerLabel}={ProcessOwner.Current}"] = true } } },
            TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Play_AfterAKilledPlay_RemovesWhatThatLeftAndNothingElse()
    {
        var agent = new ImageProgram((await fixture.ImageAsync("agent", "honest")).Reference);
        var gone = await LeaveBehindAsync(agent.Reference, (ProcessOwner.Current with { Start = 1 }).ToString());
        var alive = await LeaveBehindAsync(agent.Reference, ProcessOwner.Current.ToString());
        try
        {
            await PlayAsync(agent, new CommandProgram("exit 4", "/"));

            Assert.False(await IsThereAsync(gone));
            Assert.True(await IsThereAsync(alive));
        }
        finally
        {
            await RemoveAsync(gone);
            await RemoveAsync(alive);
        }
    }

    private async Task<string> LeaveBehindAsync(string image, string owner)
    {
        var created = await fixture.Client.Containers.CreateContainerAsync(
            new() { Image = image, Labels = new Dictionary<string, string> { [PodPlanner.InstanceLabel] = LocalSweep.Instance, [LocalSweep.OwnerLabel] = owner } },
            TestContext.Current.CancellationToken);
        return created.ID;
    }

    private async Task<bool> IsThereAsync(string id)
    {
        var found = await fixture.Client.Containers.ListContainersAsync(new() { All = true }, TestContext.Current.CancellationToken);
        return found.Any(container => container.ID == id);
    }

    private async Task RemoveAsync(string id)
    {
        if (await IsThereAsync(id))
        {
            await fixture.Client.Containers.RemoveContainerAsync(id, new() { Force = true }, TestContext.Current.CancellationToken);
        }
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
