using System.CommandLine;
using Palio.Cli.Session;
using Palio.Cli.Submitting;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio leaderboard CHALLENGE/PHASE</c>.</summary>
internal static class LeaderboardCommand
{
    public static Command Create(CliSession session)
    {
        var where = Arguments.Required("CHALLENGE/PHASE", "The phase");
        var split = Arguments.Text("--split", "The split; default the phase's first", "NAME");
        var sort = Arguments.Text("--sort", "The metric to order by", "METRIC");
        var limit = new Option<int?>("--limit") { Description = "At most so many teams" };
        return CommandBuilding.Command("leaderboard", "The ranking of a phase", [where, split, sort, limit], async (parse, cancellationToken) =>
        {
            using var client = session.OpenClient();
            if (parse.GetRequiredValue(where).Split('/') is not [{ Length: > 0 } challenge, { Length: > 0 } phase])
            {
                var found = await PhaseFinder.FindAsync(client, parse.GetRequiredValue(where), cancellationToken);
                (challenge, phase) = (found.Challenge.Summary.Slug, found.Phase.Codename);
            }

            var board = await client.LeaderboardAsync(challenge, phase, parse.GetValue(split), parse.GetValue(sort), parse.GetValue(limit), cancellationToken);
            session.Printer.Result(board, ApiJsonContext.Default.Leaderboard, console => BoardView.Write(console, board));
        });
    }
}
