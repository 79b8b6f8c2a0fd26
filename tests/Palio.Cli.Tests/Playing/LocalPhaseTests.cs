using Palio.Cli.Playing;
using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;
using Palio.Evaluation.Local;

namespace Palio.Cli.Tests.Playing;

public sealed class LocalPhaseTests : IDisposable
{
    private readonly CliHarness _cli = new();

    private string Starter => Path.Combine(_cli.Folder, "mine");

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Find_InsideAStarter_IsItsFirstPhaseWithPublicSeeds()
    {
        await _cli.RunAsync("challenge", "init", "mine");

        var all = LocalPhase.Find(Path.Combine(Starter, "agent"), null, null, null);
        var three = LocalPhase.Find(Starter, "DEV", 3, null);
        var more = LocalPhase.Find(Starter, "dev", 12, null);

        Assert.Equal((Starter, "dev", false), (all.Folder, all.Phase, all.HiddenSeeds));
        Assert.Equal(10, all.Episodes.Count);
        Assert.Equal(all.Episodes.Take(3), three.Episodes);
        Assert.Equal(all.Episodes, more.Episodes.Take(10));
        Assert.Equal(12, more.Declaration.EpisodeCount);
    }

    [Fact]
    public async Task Find_PhaseWithHiddenSeeds_SaysThatTheyAreOthers()
    {
        await _cli.RunAsync("challenge", "init", "mine");

        Assert.True(LocalPhase.Find(Starter, "test", null, null).HiddenSeeds);
    }

    [Fact]
    public async Task Find_WithASeed_CountsUpFromIt()
    {
        await _cli.RunAsync("challenge", "init", "mine");

        Assert.Equal([5, 6, 7], LocalPhase.Find(Starter, null, 3, 5).Episodes.Select(episode => episode.Seed));
    }

    [Fact]
    public async Task Find_UnknownPhase_NamesThoseThereAre()
    {
        await _cli.RunAsync("challenge", "init", "mine");

        var failure = Assert.Throws<CliException>(() => LocalPhase.Find(Starter, "finals", null, null));

        Assert.Equal(ExitCode.NotFound, failure.ExitCode);
        Assert.Contains("dev", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_WithoutAChallenge_PlaysAnything()
    {
        var plain = LocalPhase.Find(_cli.Folder, null, 4, null);

        Assert.Equal([0, 1, 2, 3], plain.Episodes.Select(episode => episode.Seed));
        Assert.Null(plain.Challenge);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(100_001, null)]
    [InlineData(null, -1)]
    public void Find_NumbersOutOfRange_AreMisuse(int? episodes, int? seed) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => LocalPhase.Find(_cli.Folder, null, episodes, seed)).ExitCode);

    [Fact]
    public async Task Choose_TellsImagesFromCommands()
    {
        _cli.Engine.Has("my-agent");
        await _cli.RunAsync("challenge", "init", "mine");
        await File.WriteAllTextAsync(Path.Combine(Starter, "Procfile"), "# mine\nagent: my-agent\nweb: none\n", TestContext.Current.CancellationToken);
        var choice = new SideChoice(_cli.Session(), LocalPhase.Find(Starter, null, null, null).Folder);

        Assert.Equal(new ImageProgram("my-agent"), await ChooseAsync("agent", null));
        Assert.Equal(new CommandProgram("python3 -m environment", Starter), await ChooseAsync("environment", null));
        Assert.Equal(new CommandProgram("python3 mine.py", _cli.Folder), await ChooseAsync("agent", "python3 mine.py"));
        Assert.Equal(new CommandProgram("./mine", _cli.Folder), await ChooseAsync("agent", "./mine"));
        Assert.Equal(new ImageProgram("registry.example.org/a/b:1"), await ChooseAsync("agent", "registry.example.org/a/b:1"));

        Task<LocalProgram> ChooseAsync(string side, string? given) => choice.ChooseAsync(side, given, null, TestContext.Current.CancellationToken);
    }
}
