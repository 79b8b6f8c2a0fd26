using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio submissions [CHALLENGE[/PHASE]]</c>.</summary>
internal static class SubmissionsCommand
{
    public static Command Create(CliSession session)
    {
        var where = Arguments.Maybe("CHALLENGE/PHASE", "Only those of a challenge, or of one of its phases");
        var all = Arguments.Flag("--all", "Those of all teams (hosts)");
        var page = new Option<int>("--page") { Description = "Page of the list, from 1", DefaultValueFactory = _ => 1 };
        return CommandBuilding.Command("submissions", "List submissions, newest first", [where, all, page], async (parse, cancellationToken) =>
        {
            var parts = parse.GetValue(where)?.Split('/') ?? [];
            using var client = session.Client();
            var list = await client.SubmissionsAsync(parts.ElementAtOrDefault(0), parts.ElementAtOrDefault(1), parse.GetValue(all), parse.GetValue(page), cancellationToken);
            session.Printer.Result(list, ApiJsonContext.Default.PageSubmissionSummary, console =>
            {
                var table = new Listing(">id", "phase", "team", "method", "state", ">score", "submitted");
                foreach (var one in list.Items)
                {
                    table.Add($"{one.Id}", $"{one.Challenge}/{one.Phase}", one.Team, one.MethodName, Words.Of(one.State),
                        one.Score is { } score ? Words.Number(score) : "", Words.Of(one.Submitted));
                }

                table.Write(console, "No submissions.");
                if (list.Total > list.Number * list.Size)
                {
                    session.Printer.Note($"{list.Total} in all; the next: --page {list.Number + 1}");
                }
            });
        });
    }
}
