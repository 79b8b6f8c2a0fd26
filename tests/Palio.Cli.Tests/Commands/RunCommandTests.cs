using System.Text.Json;
using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;

namespace Palio.Cli.Tests.Commands;

/// <summary>With the real referee; one that is missing fails the tests.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly CliHarness _cli = new() { Time = TimeProvider.System };

    public RunCommandTests() => _cli.Variables["PALIO_REFEREE"] = Referee();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Run_InsideAStarter_NeedsNoArguments()
    {
        await EnterStarterAsync();
        _cli.WorkingFolder = Path.Combine(_cli.Folder, "mine", "agent");

        var result = await _cli.RunAsync("run", "--episodes", "2", "--json");

        Assert.True(result.Exit == ExitCode.Ok, result.Error);
        Assert.Equal("dev", (string?)result.Json["phase"]);
        Assert.Equal(["score", "solved", "lean"], result.Json["scores"]!.AsArray().Select(score => (string?)score!["metric"]));
        Assert.Equal(500, (double?)result.Json["scores"]![0]!["value"]);
        Assert.Equal(64, ((string?)result.Json["transcriptDigest"])!.Length);
    }

    [Fact]
    public async Task Run_InsideAStarter_ShowsEpisodesScoreAndWhatWasPrinted()
    {
        await EnterStarterAsync();
        var loud = "python3 -c \"import palio; print('thinking'); palio.run_agent(lambda observation: 0)\"";

        var result = await _cli.RunAsync("run", "--agent", loud, "--episodes", "3", "--seed", "7");

        Assert.True(result.Exit == ExitCode.Ok, result.Error);
        Assert.Contains("steps", result.Output, StringComparison.Ordinal);
        Assert.Contains("terminated", result.Output, StringComparison.Ordinal);
        Assert.Contains("solved", result.Output, StringComparison.Ordinal);
        Assert.Contains("the agent printed:\n  thinking", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithRecord_WritesTheRefereesEvents()
    {
        await EnterStarterAsync();

        var result = await _cli.RunAsync("run", "--episodes", "1", "--record", "record.jsonl");

        Assert.True(result.Exit == ExitCode.Ok, result.Error);
        var types = File.ReadLines(Path.Combine(_cli.WorkingFolder!, "record.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()).ToList();
        Assert.Equal(("started", "result"), (types[0], types[^1]));
        Assert.Contains("record", types);
    }

    [Fact]
    public async Task Run_AgentThatEndsAtOnce_IsExitCodeSevenWithARemedy()
    {
        await EnterStarterAsync();

        var result = await _cli.RunAsync("run", "--agent", "echo no model; exit 3");

        Assert.Equal(ExitCode.AgentFailed, result.Exit);
        Assert.Contains("AGENT_NO_HANDSHAKE", result.Error, StringComparison.Ordinal);
        Assert.Contains("exit code 3", result.Error, StringComparison.Ordinal);
        Assert.Contains("no model", result.Error, StringComparison.Ordinal);
        Assert.Contains("try:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ForfeitedEpisodes_IsExitCodeZeroAndAWarning()
    {
        await EnterStarterAsync();
        var wrong = "python3 -c \"import palio; palio.run_agent(lambda observation: 7)\"";

        var result = await _cli.RunAsync("run", "--agent", wrong, "--episodes", "2");

        Assert.True(result.Exit == ExitCode.Ok, result.Error);
        Assert.Contains("warning: 2 of 2 episodes were forfeited", result.Error, StringComparison.Ordinal);
        Assert.Contains("AGENT_INVALID_ACTION 2x", result.Error, StringComparison.Ordinal);
        Assert.Contains("try:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EnvironmentNotFound_IsExitCodeEight()
    {
        await EnterStarterAsync();

        var result = await _cli.RunAsync("run", "--environment", "./no-such-environment", "--json");

        Assert.Equal(ExitCode.EnvironmentFailed, result.Exit);
        Assert.Equal("ENV_START_FAILED", (string?)result.Json["fault"]!["code"]);
        Assert.False((bool)result.Json["complete"]!);
    }

    [Fact]
    public async Task Run_WithoutTheReferee_IsThePlatformsFailure()
    {
        await EnterStarterAsync();
        _cli.Variables["PALIO_REFEREE"] = Path.Combine(_cli.Folder, "nowhere");

        var result = await _cli.RunAsync("run");

        Assert.Equal(ExitCode.PlatformFailed, result.Exit);
        Assert.Contains("referee", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutsideAStarter_AsksForTheCommands()
    {
        var result = await _cli.RunAsync("run");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("--environment", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WordThatIsNeitherImageNorProgram_SaysBoth()
    {
        var result = await _cli.RunAsync("run", "--agent", "my-agent", "--environment", "my-environment");

        Assert.Equal(ExitCode.NotFound, result.Exit);
        Assert.Contains("docker build -t my-environment", result.Error, StringComparison.Ordinal);
    }

    private async Task EnterStarterAsync()
    {
        await _cli.RunAsync("challenge", "init", "mine");
        _cli.WorkingFolder = Path.Combine(_cli.Folder, "mine");
    }

    private static string Referee()
    {
        if (Environment.GetEnvironmentVariable("PALIO_REFEREE") is { Length: > 0 } told)
        {
            return told;
        }

        var top = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(top.FullName, "Palio.slnx")))
        {
            top = top.Parent ?? throw new DirectoryNotFoundException("Palio.slnx");
        }

        var path = Path.Combine(top.FullName, "artifacts/publish/Palio.Referee/release/palio-referee");
        Assert.True(File.Exists(path), $"{path} is missing: run ./palio test, or set PALIO_REFEREE");
        return path;
    }
}
