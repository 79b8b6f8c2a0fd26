using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Playing;
using Palio.Cli.Session;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Commands;

/// <summary><c>palio run</c>: plays here what the server would play.</summary>
internal static class RunCommand
{
    public static Command Create(CliSession session)
    {
        var agent = Arguments.Text("--agent", "Command that starts the agent; inside a Python starter: python3 -m agent", "COMMAND");
        var environment = Arguments.Text("--environment", "Command that starts the environment; inside a Python starter: python3 -m environment", "COMMAND");
        var phase = Arguments.Text("--phase", "Phase of the challenge in this folder; default its first", "PHASE");
        var episodes = new Option<int?>("--episodes") { Description = "Play only so many" };
        return CommandBuilding.Command("run", "Play an agent against an environment on this machine, through the referee", [agent, environment, phase, episodes], async (parse, cancellationToken) =>
        {
            var plan = LocalPlan.Make(session.Folder, parse.GetValue(phase), parse.GetValue(episodes));
            var events = await ProgressBars.RunAsync(session, ["play"], bars => new ProcessPlay(session).RunAsync(plan,
                parse.GetValue(agent) ?? Default(session, "agent"), parse.GetValue(environment) ?? Default(session, "environment"), said => Show(bars[0], said), cancellationToken));
            return Report(session, events);
        });
    }

    private static string Default(CliSession session, string part) => File.Exists(Path.Combine(session.Folder, part, "__main__.py"))
        ? $"python3 -m {part}"
        : throw CliException.Usage($"--{part} is missing, and there is no {part}/__main__.py in this folder.", $"give --{part} \"COMMAND\", or run it inside a Python starter");

    private static void Show(IProgressBar bar, RefereeEvent said)
    {
        if (said is PlayProgress { Total: > 0 } at)
        {
            bar.Show((double)at.Done / at.Total, $"{at.Done}/{at.Total} episodes, {at.Steps} steps");
        }
    }

    private static int Report(CliSession session, IReadOnlyList<RefereeEvent> events)
    {
        var episodes = events.OfType<EpisodeFinished>().Select(one => one.Episode).OrderBy(one => one.Ordinal).ToList();
        var result = events.OfType<PlayResult>().FirstOrDefault();
        var faults = events.OfType<FaultRaised>().Select(one => one.Fault).ToList();
        var report = new LocalReport(result is not null, episodes.Count > 0 ? episodes.Average(one => one.Return) : null, episodes, faults, result);
        session.Printer.Result(report, LocalJsonContext.Default.LocalReport, console =>
        {
            var table = new Listing(">episode", "scenario", ">return", ">steps", "end", ">slowest ms");
            foreach (var one in episodes)
            {
                table.Add($"{one.Ordinal}", one.Scenario, Words.Number(one.Return), $"{one.Steps}", Words.Of(one.End), Words.Number(one.SlowestActionMs, 2));
            }

            table.Write(console, "No episode was played to its end.");
            if (result is not null)
            {
                console.WriteLine($"mean return {Words.Number(report.MeanReturn ?? 0)}, {result.Steps} steps, median action {Words.Number(result.MedianActionMs, 3)} ms, transcript {result.TranscriptDigest}");
            }
        });
        foreach (var fault in faults)
        {
            session.Printer.Note($"{fault.Code} (blame: {fault.Blame.ToString().ToLowerInvariant()}) {fault.Message}\n  try: {fault.Remedy}");
        }

        return faults.Count == 0 ? result is null ? ExitCode.PlatformFailed : ExitCode.Ok : faults[0].Blame switch
        {
            Blame.Agent or Blame.Participant => ExitCode.AgentFailed,
            Blame.Environment or Blame.Host => ExitCode.EnvironmentFailed,
            _ => ExitCode.PlatformFailed,
        };
    }
}
