using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Playing;
using Palio.Cli.Session;
using Palio.Evaluation.Local;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Commands;

/// <summary><c>palio run</c>: plays here what the server would play.</summary>
internal static class RunCommand
{
    private const int ShownLines = 20;

    public static Command Create(CliSession session)
    {
        var agent = Arguments.Text("--agent", "An image, or a command that starts the agent; default what the challenge's Procfile says, else python3 -m agent", "IMAGE|COMMAND");
        var environment = Arguments.Text("--environment", "An image, or a command that starts the environment; default as for the agent", "IMAGE|COMMAND");
        var phase = Arguments.Text("--phase", "Phase of the challenge in this folder or above; default its first", "PHASE");
        var episodes = new Option<int?>("--episodes") { Description = "Play so many episodes; default as the phase declares", HelpName = "N" };
        var seed = new Option<int?>("--seed") { Description = "Seed of the first episode, the others count up; default the phase's public seeds", HelpName = "N" };
        var legacy = new Option<bool>("--evalai") { Description = "The images are made for EvalAI (port 8085, pickles); default as the challenge's phase says" };
        var record = Arguments.Text("--record", "Write all the referee says, the record of steps included, to a file: one JSON object a line", "FILE");
        return CommandBuilding.Command("run", "Play an agent against an environment on this machine, as the server plays them",
            [agent, environment, phase, episodes, seed, record, legacy], async (parse, cancellationToken) =>
        {
            var played = LocalPhase.Find(session.Folder, parse.GetValue(phase), parse.GetValue(episodes), parse.GetValue(seed), parse.GetValue(legacy));
            var choice = new SideChoice(session, played.Folder);
            var world = await choice.ChooseAsync("environment", parse.GetValue(environment), "--environment", cancellationToken);
            var game = Game(played, await choice.ChooseAsync("agent", parse.GetValue(agent), "--agent", cancellationToken), world);
            if (game is { IsLegacy: true } and not { Agent: ImageProgram, Environment: ImageProgram })
            {
                throw CliException.Usage("Programs made for EvalAI find each other by a port, so both must be images.", "build them: docker build, then --agent IMAGE --environment IMAGE");
            }

            Announce(session, played, game, parse.GetValue(seed) is not null);
            var outcome = await PlayAsync(session, game, parse.GetValue(record), cancellationToken);
            if (outcome.Fault?.Code is FaultCode.EnvironmentIsLegacy && played.AsEvalAis is { } again && game.Agent is ImageProgram)
            {
                // As on the server.
                session.Printer.Note("The environment is made for EvalAI: played again, scored by the environment.");
                (played, game) = (again, Game(again, game.Agent, game.Environment));
                outcome = await PlayAsync(session, game, parse.GetValue(record), cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            var report = RunReport.Of(played, game, outcome);
            session.Printer.Result(report, RunJsonContext.Default.RunReport, console => report.Write(console, played.Declaration));
            Tell(session, report);
            return Exit(report);
        });
    }

    private static LocalGame Game(LocalPhase played, LocalProgram agent, LocalProgram environment) => new()
    {
        Environment = environment,
        Agent = agent,
        Declaration = played.Declaration,
        Episodes = played.Episodes,
        IsLegacy = played.IsLegacy,
        Boards = played.Boards,
    };

    private static async Task<LocalOutcome> PlayAsync(CliSession session, LocalGame game, string? record, CancellationToken cancellationToken)
    {
        var play = new LocalPlay(new WorkerOptions { Engine = session.Variable("DOCKER_HOST"), RefereePath = session.Variable("PALIO_REFEREE") }, session.Time);
        await using var file = record is null ? null : File.CreateText(session.FullPath(record));
        try
        {
            return await ProgressBars.RunAsync(session, ["play"], bars => play.PlayAsync(game, new RunObserver(bars[0], file), cancellationToken));
        }
        catch (EngineUnavailableException exception)
        {
            throw new CliException(ExitCode.PlatformFailed, exception.Message, "run it by the launcher (./palio run); 'palio doctor' looks at the container engine", "no_engine", exception);
        }
    }

    private static void Announce(CliSession session, LocalPhase played, LocalGame game, bool ownSeeds)
    {
        var what = played.Challenge is null ? "no challenge_config.yaml here or above: default limits" : $"{played.Challenge}, phase {played.Phase}";
        var episodes = game.IsLegacy ? "the environment scores itself, as on EvalAI:" : $"{game.Episodes.Count} episodes of";
        session.Printer.Note($"{what}: {episodes} '{RunReport.NameOf(game.Agent)}' in '{RunReport.NameOf(game.Environment)}'");
        if (played.HiddenSeeds && !ownSeeds)
        {
            session.Printer.Note("The phase's seeds are hidden: these episodes are like the server's, not the same.");
        }
    }

    // What the programs printed, their last lines; with --json it is in the document.
    private static void Tell(CliSession session, RunReport report)
    {
        if (!session.Json)
        {
            TellLog(session, "agent", report.AgentLog);
            TellLog(session, "environment", report.EnvironmentLog);
        }

        if (Forfeits.Of(report.Episodes) is { } forfeits)
        {
            session.Printer.Warn(forfeits);
        }

        if (report.Fault is { } fault)
        {
            var place = fault.Episode is { } episode ? $" in episode {episode}{(fault.Step is { } step ? $", step {step}" : "")}" : "";
            session.Printer.Remarks.MarkupLineInterpolated($"[red]{Words.Of(fault.Code)}[/]{place}: {Printable.Of(fault.Message)}");
            session.Printer.Remarks.MarkupLineInterpolated($"[cyan]  try:[/] {Printable.Of(fault.Remedy)}");
        }
    }

    private static void TellLog(CliSession session, string side, string log)
    {
        var lines = log.TrimEnd().Split('\n');
        if (log.Trim().Length > 0)
        {
            session.Printer.Note($"the {side} printed{(lines.Length > ShownLines ? $" (its last {ShownLines} of {lines.Length} lines)" : "")}:");
            session.Printer.Note(string.Join('\n', lines.TakeLast(ShownLines).Select(line => $"  {line}")));
        }
    }

    private static int Exit(RunReport report) => report switch
    {
        { Complete: true } => ExitCode.Ok,
        { Fault.Blame: Blame.Agent or Blame.Participant } => ExitCode.AgentFailed,
        { Fault.Blame: Blame.Environment or Blame.Host } => ExitCode.EnvironmentFailed,
        _ => ExitCode.PlatformFailed,
    };
}
