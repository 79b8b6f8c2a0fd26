using System.Diagnostics;
using Palio.EndToEnd.Tests.Kit;

namespace Palio.EndToEnd.Tests.Challenges;

/// <summary>The demo as a new user runs it: from nothing, and once more.</summary>
[Trait("needs", "engine")]
public sealed class DemoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("palio-e2e-demo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DemoOnce_RunTwice_ShowsTheSameBoardAndLeavesOnlyTheDataFolder()
    {
        await Engine.MustHaveImagesAsync();

        var first = (await DemoAsync()).MustEnd(0);
        var second = (await DemoAsync()).MustEnd(0);

        Assert.Matches("1 .*Ada's Balancers", first.Output);
        Assert.Matches("2 .*Bob's Dice", first.Output);
        Assert.Equal(Board(first), Board(second));
        Assert.EndsWith(_folder, first.Output.TrimEnd(), StringComparison.Ordinal);
        var instance = (await File.ReadAllTextAsync(Path.Combine(_folder, "instance-id"), TestContext.Current.CancellationToken)).Trim();
        Assert.Empty((await Run.ProgramAsync("docker", ["ps", "-aq", "--filter", $"label=palio.instance={instance}"])).MustEnd(0).Output);
        Assert.DoesNotContain(Process.GetProcessesByName("dotnet"), process => CommandLine(process).Contains(_folder, StringComparison.Ordinal));
    }

    private Task<Run> DemoAsync() => Run.ProgramAsync("dotnet", [Programs.Cli, "demo", "--once", "--port", "0", "--data", _folder],
        new Dictionary<string, string> { ["PALIO_SERVER_DLL"] = Programs.Server, ["PALIO_REFEREE"] = Programs.Referee });

    private static string Board(Run demo) => string.Join('\n', demo.Output.Split('\n').Where(line => line.Contains("Ada's", StringComparison.Ordinal) || line.Contains("Bob's", StringComparison.Ordinal)));

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
    }
}
