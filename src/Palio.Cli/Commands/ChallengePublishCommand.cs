using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Publishing;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio challenge publish DIR [--environment IMAGE]</c>.</summary>
internal static class ChallengePublishCommand
{
    public static Command Create(CliSession session)
    {
        var folder = Arguments.Maybe("DIR", "The bundle: a folder or a zip; default this folder");
        var environment = Arguments.Text("--environment", "Local image to push as the environment the bundle names", "IMAGE");
        var team = Arguments.Text("--team", "Name or id of your host team; needed when you have several", "TEAM");
        var dryRun = Arguments.Flag("--dry-run", "Only ask the server whether it would be taken");
        return CommandBuilding.Command("publish", "Publish a bundle, or a new revision of it", [folder, environment, team, dryRun], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            int? id = parse.GetValue(team) is { } given ? (await TeamCommand.FindAsync(client, given, TeamKind.Host, cancellationToken)).Id : null;
            var result = await new BundlePublication(session, client)
                .RunAsync(session.FullPath(parse.GetValue(folder) ?? "."), parse.GetValue(environment), id, parse.GetValue(dryRun), cancellationToken);
            session.Printer.Result(result, ApiJsonContext.Default.PublishResult, console => Write(console, result, client.Host, parse.GetValue(dryRun)));
            return IsRefused(result) ? ExitCode.InvalidInput : ExitCode.Ok;
        });
    }

    private static bool IsRefused(PublishResult result) => result.Problems.Any(problem => problem.Severity.Equals("error", StringComparison.OrdinalIgnoreCase));

    private static void Write(IAnsiConsole console, PublishResult result, Uri host, bool dryRun)
    {
        var problems = ProblemListing.Rows(result.Problems);
        ProblemListing.Write(console, problems);
        var text = result switch
        {
            _ when IsRefused(result) => $"Not published: {ProblemListing.Count(problems)}.",
            _ when dryRun || result.Challenge is null => $"It would be taken: {ProblemListing.Count(problems)}.",
            { Changed: false } => $"Nothing changed: {result.Challenge.Slug} stays at revision {result.Revision}.",
            _ => $"Published {result.Challenge.Slug}, revision {result.Revision}: {new Uri(host, "challenges/" + result.Challenge.Slug)}",
        };
        console.WriteLine(Printable.Of(text));
        if (result.Challenge?.State == ChallengeState.Waiting)
        {
            console.WriteLine("It waits for the administrator's approval.");
        }
    }
}
