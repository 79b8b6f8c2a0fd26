using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio episodes ID</c>.</summary>
internal static class EpisodesCommand
{
    public static Command Create(CliSession session)
    {
        var id = Arguments.Id("The submission");
        var from = new Option<int>("--from") { Description = "First episode, from 0", DefaultValueFactory = _ => 0 };
        var size = new Option<int>("--size") { Description = "How many, 1 to 1000", DefaultValueFactory = _ => 100 };
        return CommandBuilding.Command("episodes", "The episodes of a submission's newest evaluation", [id, from, size], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var evaluation = await LogsCommand.NewestAsync(client, parse.GetRequiredValue(id), cancellationToken);
            var page = await client.EpisodesAsync(evaluation.Id, parse.GetValue(from), parse.GetValue(size), cancellationToken);
            session.Printer.Result(page, ApiJsonContext.Default.EpisodePage, console =>
            {
                var table = new Listing(">episode", "scenario", ">return", ">steps", "end", ">agent ms", ">slowest ms");
                foreach (var one in page.Episodes)
                {
                    table.Add($"{one.Ordinal}", one.Scenario, Words.Number(one.Return), $"{one.Steps}",
                        Words.Of(one.End) + (one.Fault is { } fault ? $": {Words.Of(fault)}" : ""), Words.Number(one.AgentMs, 1), Words.Number(one.SlowestActionMs, 2));
                }

                table.Write(console, "No episodes yet.");
                if (page.NextOrdinal is { } next)
                {
                    session.Printer.Note($"{page.Total} in all; the next: --from {next}");
                }
            });
        });
    }
}
