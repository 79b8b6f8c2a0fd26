using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Cli.Playing;
using Palio.Cli.Session;
using Palio.Protocol.Conformance;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;

namespace Palio.Cli.Commands;

/// <summary><c>palio check</c>: whether a program keeps the rules of docs/protocol.md.</summary>
internal static class CheckCommand
{
    public static Command Create(CliSession session) => CommandBuilding.Group("check", "Check a program against every rule of the step protocol", [Agent(session), Environment(session)]);

    private static Command Agent(CliSession session)
    {
        var command = Arguments.Required("COMMAND|IMAGE", "Command that starts the agent, or its image");
        var spaces = Arguments.Text("--spaces", "JSON file with observation_space and action_space, as in docs/protocol.md; default CartPole's", "FILE");
        return CommandBuilding.Command("agent", "Check an agent", [command, spaces], async (parse, cancellationToken) =>
        {
            var side = new CommandUnderTest(session, parse.GetRequiredValue(command));
            var seat = parse.GetValue(spaces) is { } file ? Seat(Path.Combine(session.Folder, file)) : ConformanceKit.CartPole;
            var results = await ConformanceKit.CheckAgentAsync(side, seat, new ConformanceBudgets(), told => Tell(session, side, told), cancellationToken);
            return Report(session, results, ExitCode.AgentFailed);
        });
    }

    private static Command Environment(CliSession session)
    {
        var command = Arguments.Required("COMMAND|IMAGE", "Command that starts the environment, or its image");
        return CommandBuilding.Command("environment", "Check an environment", [command], async (parse, cancellationToken) =>
        {
            var side = new CommandUnderTest(session, parse.GetRequiredValue(command));
            var results = await ConformanceKit.CheckEnvironmentAsync(side, new ConformanceBudgets(), told => Tell(session, side, told), cancellationToken);
            return Report(session, results, ExitCode.EnvironmentFailed);
        });
    }

    private static SpecSeat Seat(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return new SpecSeat(Read("observation_space"), Read("action_space"));

            Space Read(string key) => document.RootElement.TryGetProperty(key, out var space)
                ? SpaceJson.Parse(space.GetRawText())
                : throw new SpaceException($"\"{key}\" is missing");
        }
        catch (Exception exception) when (exception is JsonException or SpaceException)
        {
            throw CliException.Usage($"{file} has no spaces: {exception.Message}", "write {\"observation_space\": …, \"action_space\": …} as docs/protocol.md says");
        }
    }

    private static void Tell(CliSession session, CommandUnderTest side, ConformanceResult result)
    {
        session.Printer.Note($"{(result.Passed ? "kept  " : "BROKEN")} {result.Rule} (docs/protocol.md, {result.Section})");
        if (!result.Passed)
        {
            session.Printer.Note($"       {result.Detail}\n       try: {result.Remedy}");
            if (side.Output.Length > 0)
            {
                session.Printer.Note($"       it printed:\n{side.Output.TrimEnd()}");
            }
        }
    }

    private static int Report(CliSession session, IReadOnlyList<ConformanceResult> results, int failed)
    {
        var broken = results.Count(result => !result.Passed);
        session.Printer.Result(new CheckReport(broken == 0, results), CheckJsonContext.Default.CheckReport, console => console.WriteLine(
            broken == 0 ? $"All {results.Count} rules are kept." : $"{broken} of {results.Count} rules are broken."));
        return broken == 0 ? ExitCode.Ok : failed;
    }
}

/// <summary>What <c>palio check --json</c> gives.</summary>
internal sealed record CheckReport(bool Conforms, IReadOnlyList<ConformanceResult> Rules);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckJsonContext : JsonSerializerContext;
