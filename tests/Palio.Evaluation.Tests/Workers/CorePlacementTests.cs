using Palio.Evaluation.Pods;
using Palio.Evaluation.Tests.Support;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Workers;

public sealed class CorePlacementTests
{
    [Fact]
    public void Take_FreeCores_GivesAsManyAsTheLargerSideNeeds()
    {
        var placement = new CorePlacement(4);

        Assert.Equal("0,1", placement.Take(Job(agent: 0.5, environment: 2)).Cpuset);
        Assert.Equal("2,3", placement.Take(Job(agent: 1.5, environment: 1)).Cpuset);
    }

    [Fact]
    public void Take_TooFewCores_PlacesAnywhere()
    {
        var placement = new CorePlacement(2);
        placement.Take(Job(1, 1));

        Assert.Null(placement.Take(Job(2, 1)).Cpuset);
        Assert.Equal("1", placement.Take(Job(1, 1)).Cpuset);
    }

    [Fact]
    public void Return_TakenCores_CanBeTakenAgain()
    {
        var placement = new CorePlacement(2);
        var first = placement.Take(Job(1, 1));
        placement.Take(Job(1, 1));

        placement.Return(first);
        placement.Return(CpuPlacement.Anywhere);

        Assert.Equal("0", placement.Take(Job(1, 1)).Cpuset);
    }

    [Fact]
    public void Take_NoCoresToPlaceOn_PlacesAnywhere() => Assert.Equal(CpuPlacement.Anywhere, new CorePlacement(0).Take(Job(1, 1)));

    [Theory]
    [InlineData(8, 64, 8)]
    [InlineData(64, 8, 3)]
    [InlineData(1, 1, 1)]
    [InlineData(4000, 100_000, 1024)]
    public void Capacity_Machine_IsBoundedByCoresAndMemory(int cpus, long gibibytes, int expected) =>
        Assert.Equal(expected, Capacity.Of(cpus, gibibytes << 30));

    private static EvaluationJob Job(double agent, double environment) => Samples.Job() with
    {
        AgentLimits = new ContainerLimits { Cpus = agent },
        EnvironmentLimits = new ContainerLimits { Cpus = environment },
    };
}
