using Palio.Cli.Playing;
using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;

namespace Palio.Cli.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Plan_InsideAStarter_IsItsFirstPhasesWithPublicSeeds()
    {
        await _cli.RunAsync("challenge", "init", "mine");

        var plan = LocalPlan.Make(Path.Combine(_cli.Folder, "mine"), null, null);
        var again = LocalPlan.Make(Path.Combine(_cli.Folder, "mine"), "dev", 3);

        Assert.Equal(10, plan.Episodes.Count);
        Assert.Equal(500, plan.MaxSteps);
        Assert.Equal(plan.Episodes.Take(3).Select(one => one.Seed), again.Episodes.Select(one => one.Seed));
    }

    [Fact]
    public async Task Plan_UnknownPhase_NamesThoseThereAre()
    {
        await _cli.RunAsync("challenge", "init", "mine");

        var failure = Assert.Throws<CliException>(() => LocalPlan.Make(Path.Combine(_cli.Folder, "mine"), "finals", null));

        Assert.Equal(ExitCode.NotFound, failure.ExitCode);
        Assert.Contains("dev", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutsideAStarter_AsksForTheCommands()
    {
        var result = await _cli.RunAsync("run");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("--agent", result.Error, StringComparison.Ordinal);
    }
}
