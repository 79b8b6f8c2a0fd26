using System.IO.Compression;
using System.Text.Json;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Tests.Support;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Pods;

public sealed class PodPlannerTests
{
    private static readonly PodPlan Plan = PodPlanner.Plan(Samples.Job(), "tests", "palio-7-x", new CpuPlacement("1"));

    [Fact]
    public void Plan_Job_TakesItsImagesLimitsAndTimes()
    {
        Assert.Equal(Samples.Job().Agent, Plan.Agent.Image);
        Assert.Equal(Samples.Job().AgentLimits, Plan.Agent.Limits);
        Assert.Equal(Samples.Job().Environment, Plan.Environment.Image);
        Assert.Equal((7, "tests", "palio-7-x"), (Plan.Evaluation, Plan.Instance, Plan.Name));
        Assert.Equal((TimeSpan.FromSeconds(1800), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(300)), (Plan.PullLimit, Plan.StartLimit, Plan.Deadline));
        Assert.Equal(["runsc", "runsc", null], [Plan.Agent.Runtime, Plan.Environment.Runtime, Plan.Referee.Runtime]);
        Assert.Equal(["1", "1", "1"], [Plan.Agent.Cpuset, Plan.Environment.Cpuset, Plan.Referee.Cpuset]);
    }

    [Fact]
    public void Plan_Sides_SeeNeitherSeedsNorSecretsNorEachOther()
    {
        foreach (var side in (ContainerPlan[])[Plan.Agent, Plan.Environment])
        {
            var text = string.Join('\n', side.Variables.Select(variable => $"{variable.Key}={variable.Value}"));
            Assert.DoesNotContain("pull-secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("PALIO_PLAN", text, StringComparison.Ordinal);
            Assert.DoesNotContain("100", text, StringComparison.Ordinal);
            var socket = Assert.Single(side.Sockets);
            Assert.Equal(("/palio", true), (socket.Path, socket.ReadOnly));
            Assert.Null(side.User);
        }

        Assert.NotEqual(Plan.Agent.Sockets[0].Volume, Plan.Environment.Sockets[0].Volume);
    }

    [Fact]
    public void Plan_Referee_HasThePlanAndBothVolumes()
    {
        var told = JsonSerializer.Deserialize(Plan.Referee.Variables["PALIO_PLAN"], EvaluationJsonContext.Default.RefereePlan)!;

        Assert.Equal([100L, 101L], told.Episodes.Select(episode => episode.Seed));
        Assert.Equal(
            [Plan.Agent.Sockets[0].Volume, Plan.Environment.Sockets[0].Volume], Plan.Referee.Sockets.Select(socket => socket.Volume));
        Assert.All(Plan.Referee.Sockets, socket => Assert.False(socket.ReadOnly));
    }

    [Fact]
    public void Encode_LongPlan_IsCompressedAndFitsAVariable()
    {
        var plan = Samples.Plan(10_000);

        var text = PodPlanner.Encode(plan);

        Assert.True(text.Length < 128 * 1024, $"{text.Length}");
        using var brotli = new BrotliStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        Assert.Equal(plan.Episodes, JsonSerializer.Deserialize(brotli, EvaluationJsonContext.Default.RefereePlan)!.Episodes);
    }
}
