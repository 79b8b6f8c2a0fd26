using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Cli.Playing;
using Palio.Cli.Session;
using Palio.Evaluation.Pods;
using Palio.Protocol.Conformance;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;

namespace Palio.Cli.Commands;

/// <summary><c>palio check</c>: whether a program keeps the rules of docs/protocol.md.</summary>
internal static class CheckCommand
{
    private const string SideHelp = "IMAGE|COMMAND";

    public static Command Create(CliSession session) => CommandBuilding.Group("check", "Check a program against every rule of the step protocol", [Agent(session), Environment(session)]);

    private static Command Agent(CliSession session)
    {
        var given = Arguments.Maybe(SideHelp, "An agent's image, or a command that starts it; default as for palio run");
        var environment = Arguments.Text("--environment", "Environment whose spaces the agent is made for; default as for palio run", SideHelp);
        var spaces = Arguments.Text("--spaces", "In place of an environment, a JSON file with observation_space and action_space, as in docs/protocol.md", "FILE");
        return CommandBuilding.Command("agent", "Check an agent", [given, environment, spaces], async (parse, cancellationToken) =>
        {
            var choice = new SideChoice(session, LocalPhase.RootOf(session.Folder) ?? session.Folder);
            var side = new ProgramUnderTest(session, PodRole.Agent, await choice.ChooseAsync("agent", parse.GetValue(given), null, cancellationToken));
            var seat = parse.GetValue(spaces) is { } file ? Seat(session.FullPath(file)) : await SeatAsync(session, choice, parse.GetValue(environment), cancellationToken);
            var results = await ConformanceKit.CheckAgentAsync(side, seat, new ConformanceBudgets(), told => Tell(session, side, told), cancellationToken);
            return Report(session, results, ExitCode.AgentFailed);
        });
    }

    private static Command Environment(CliSession session)
    {
        var given = Arguments.Maybe(SideHelp, "An environment's image, or a command that starts it; default as for palio run");
        return CommandBuilding.Command("environment", "Check an environment", [given], async (parse, cancellationToken) =>
        {
            var choice = new SideChoice(session, LocalPhase.RootOf(session.Folder) ?? session.Folder);
            var side = new ProgramUnderTest(session, PodRole.Environment, await choice.ChooseAsync("environment", parse.GetValue(given), null, cancellationToken));
            var results = await ConformanceKit.CheckEnvironmentAsync(side, new ConformanceBudgets(), told => Tell(session, side, told), cancellationToken);
            return Report(session, results, ExitCode.EnvironmentFailed);
        });
    }

    // An agent is made for its environment's spaces, so those are what it is asked about.
    private static async Task<SpecSeat> SeatAsync(CliSession session, SideChoice choice, string? given, CancellationToken cancellationToken)
    {
        var program = given is null ? await choice.DefaultAsync("environment", cancellationToken) : await choice.ChooseAsync("environment", given, "--environment", cancellationToken);
        if (program is null)
        {
            session.Printer.Note("No environment is named: the agent is asked about CartPole's spaces. Give --environment IMAGE|COMMAND or --spaces FILE for others.");
            return ConformanceKit.CartPole;
        }

        var side = new ProgramUnderTest(session, PodRole.Environment, program);
        var (seat, problem) = await ConformanceKit.AskSeatAsync(side, new ConformanceBudgets(), cancellationToken);
        return seat ?? throw new CliException(ExitCode.EnvironmentFailed, $"The environment does not tell its spaces: {problem}{(side.Output.Length > 0 ? $"\n{side.Output.TrimEnd()}" : "")}",
            "run: palio check environment   (or give the spaces by --spaces FILE)", "environment_failed");
    }

    private static SpecSeat Seat(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return new SpecSeat(Read("observation_space"), Read("action_space"));

            Space Read(string key) => document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty(key, out var space)
                ? SpaceJson.Parse(space.GetRawText())
                : throw new SpaceException($"\"{key}\" is missing");
        }
        catch (Exception exception) when (exception is JsonException or SpaceException or IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{file} has no spaces: {exception.Message}", "write {\"observation_space\": …, \"action_space\": …} as docs/protocol.md says");
        }
    }

    private static void Tell(CliSession session, ProgramUnderTest side, ConformanceResult result)
    {
        session.Printer.Note($"{(result.Passed ? "kept  " : "BROKEN")} {result.Rule} (docs/protocol.md, {result.Section})");
        if (!result.Passed)
        {
            session.Printer.Note($"       {result.Detail}\n       try: {result.Remedy}");
            if (side.Output.Trim().Length > 0)
            {
                session.Printer.Note($"       it printed:\n{string.Join('\n', side.Output.TrimEnd().Split('\n').Select(line => $"         {line}"))}");
            }
        }
    }

    private static int Report(CliSession session, IReadOnlyList<ConformanceResult> results, int failed)
    {
        var broken = results.Count(result => !result.Passed);
        session.Printer.Result(new CheckReport(broken == 0, results), CheckJsonContext.Default.CheckReport, console => console.WriteLine(
            broken == 0 ? $"All {results.Count} rules are kept."
            : results.Count == 1 ? "The first rule is broken, so the others were not tried."
            : $"{broken} of {results.Count} rules {(broken == 1 ? "is" : "are")} broken."));
        return broken == 0 ? ExitCode.Ok : failed;
    }
}

/// <summary>What <c>palio check --json</c> gives.</summary>
internal sealed record CheckReport(bool Conforms, IReadOnlyList<ConformanceResult> Rules);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckJsonContext : JsonSerializerContext;
