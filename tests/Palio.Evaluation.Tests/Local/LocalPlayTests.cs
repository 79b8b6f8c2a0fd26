using Palio.Challenges.Bundles;
using Palio.Evaluation.Local;
using Palio.Evaluation.Tests.Engine;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Local;

public sealed class LocalPlayTests(LocalFixture fixture) : IClassFixture<LocalFixture>
{
    private static Task<LocalOutcome> PlayAsync(LocalGame game) =>
        LocalFixture.Play.PlayAsync(game, new RecordingObserver(), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Play_HonestCommands_IsScoredByTheDeclaration()
    {
        var declaration = new EvaluationDeclaration
        {
            Scenarios = [new ScenarioDeclaration { Name = "easy", Episodes = 2 }, new ScenarioDeclaration { Name = "hard", Episodes = 2 }],
            MaxSteps = 50,
            Metrics = [new MetricDeclaration { Name = "score" }, new MetricDeclaration { Name = "end", From = "last", Aggregate = Aggregate.Min }],
        };

        var outcome = await PlayAsync(LocalFixture.Game(fixture.HonestAgent, fixture.HonestEnvironment, declaration));

        Assert.Null(outcome.Fault);
        Assert.Equal([5.0, 5.0], outcome.Score!.Metrics.Select(metric => metric.Value));
        Assert.Equal([0, 1, 2, 3], outcome.Episodes.Select(episode => episode.Ordinal));
        Assert.Equal(64, outcome.Result!.TranscriptDigest.Length);
    }

    [Fact]
    public async Task Play_Twice_HasTheSameTranscript()
    {
        var game = LocalFixture.Game(fixture.HonestAgent, fixture.HonestEnvironment);

        var (first, second) = (await PlayAsync(game), await PlayAsync(game));

        Assert.Equal(first.Result!.TranscriptDigest, second.Result!.TranscriptDigest);
    }

    [Fact]
    public async Task Play_AgentsCommandNotFound_SaysSo()
    {
        var outcome = await PlayAsync(LocalFixture.Game(new CommandProgram("no-such-program now", fixture.Folder), fixture.HonestEnvironment));

        Assert.Equal((FaultCode.AgentStartFailed, 127), (outcome.Fault!.Code, outcome.Fault.ExitCode));
        Assert.Contains("no-such-program", outcome.Fault.Message, StringComparison.Ordinal);
        Assert.Contains("command", outcome.Fault.Remedy, StringComparison.Ordinal);
        Assert.Null(outcome.Score);
    }

    [Fact]
    public async Task Play_FolderNotThere_IsTheEnvironmentsStartFailure()
    {
        var outcome = await PlayAsync(LocalFixture.Game(fixture.HonestAgent, new CommandProgram("true", Path.Combine(fixture.Folder, "nowhere"))));

        Assert.Equal(FaultCode.EnvironmentStartFailed, outcome.Fault!.Code);
    }

    [Fact]
    public async Task Play_AgentThatExitsAtOnce_KeepsItsWordsAndExitCode()
    {
        var outcome = await PlayAsync(LocalFixture.Game(new CommandProgram("echo 'cannot find \u001b[31mmodel' >&2; exit 3", fixture.Folder), fixture.HonestEnvironment));

        Assert.Equal((FaultCode.AgentNoHandshake, 3), (outcome.Fault!.Code, outcome.Fault.ExitCode));
        Assert.Equal("cannot find model\n", outcome.Fault.AgentLogTail); // colours are left out
    }

    [Fact]
    public async Task Play_AgentThatKillsItself_TellsTheSignal()
    {
        var agent = fixture.Agent("import os, palio\npalio.run_agent(lambda observation: os.kill(os.getpid(), 9))\n");

        var outcome = await PlayAsync(LocalFixture.Game(agent, fixture.HonestEnvironment));

        Assert.Equal((FaultCode.AgentCrashed, 9), (outcome.Fault!.Code, outcome.Fault.Signal));
        Assert.Equal(3, outcome.Result!.Forfeited);
    }

    [Fact]
    public async Task Play_ActionOutOfBounds_IsForfeitedAndScored()
    {
        var outcome = await PlayAsync(LocalFixture.Game(fixture.Agent("import palio\npalio.run_agent(lambda observation: 2)\n"), fixture.HonestEnvironment));

        Assert.Equal(Blame.Agent, outcome.Fault!.Blame);
        Assert.Equal(0, outcome.Score!.Metrics[0].Value);
    }

    [Fact]
    public async Task Play_EnvironmentThatRaises_IsTheEnvironmentsFault()
    {
        fixture.Write("broken.py", "raise SystemExit('no levels')\n");

        var outcome = await PlayAsync(LocalFixture.Game(fixture.HonestAgent, new CommandProgram($"{LocalFixture.Python} broken.py", fixture.Folder)));

        Assert.Equal(FaultCode.EnvironmentStartFailed, outcome.Fault!.Code);
        Assert.Contains("no levels", outcome.Fault.EnvironmentLogTail, StringComparison.Ordinal);
        Assert.DoesNotContain("The host has been told", outcome.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Play_AgentThatPrintsWithoutEnd_KeepsTheEndOnly()
    {
        var agent = fixture.Agent("import palio\nprint('x' * 3_000_000)\nprint('end')\npalio.run_agent(lambda observation: 1)\n");

        var outcome = await PlayAsync(LocalFixture.Game(agent, fixture.HonestEnvironment));

        Assert.Null(outcome.Fault);
        Assert.True(outcome.AgentLog.Length < 1_100_000);
        Assert.EndsWith("end\n", outcome.AgentLog, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Play_Cancelled_EndsAllThatTheCommandsStarted()
    {
        using var cancel = new CancellationTokenSource();
        var mark = Path.Combine(fixture.Folder, $"child-{Guid.NewGuid():N}");
        var agent = fixture.Agent($"import subprocess, palio\nchild = subprocess.Popen(['sleep', '600'])\nopen('{mark}', 'w').write(str(child.pid))\nimport time\npalio.run_agent(lambda observation: time.sleep(600))\n");
        var declaration = LocalFixture.Game(agent, agent).Declaration with { StepTimeLimit = TimeSpan.FromMinutes(5) };
        var observer = new RecordingObserver();

        var play = LocalFixture.Play.PlayAsync(LocalFixture.Game(agent, fixture.HonestEnvironment, declaration), observer, cancel.Token);
        await observer.Playing.WaitAsync(TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        var outcome = await play;

        Assert.Equal(FaultCode.ParticipantCancelled, outcome.Fault!.Code);
        Assert.False(IsRunning(await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken)));
    }

    // A killed child that nobody has waited for yet is a zombie, which does not run.
    private static bool IsRunning(string pid)
    {
        var status = $"/proc/{pid}/stat";
        return File.Exists(status) && File.ReadAllText(status).Split(')')[^1].TrimStart()[0] is not ('Z' or 'X');
    }
}
