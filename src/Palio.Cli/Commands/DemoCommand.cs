using System.CommandLine;
using Palio.Cli.Demo;
using Palio.Cli.Session;

namespace Palio.Cli.Commands;

/// <summary><c>palio demo</c>: the whole of Palio on this machine, from nothing to a leaderboard.</summary>
internal static class DemoCommand
{
    private const int DefaultPort = 8080;

    public static Command Create(CliSession session)
    {
        var once = Arguments.Flag("--once", "End when the leaderboard is there, instead of at Ctrl-C");
        var port = new Option<int>("--port") { Description = "Port of the server; the next free one when it is taken", DefaultValueFactory = _ => DefaultPort };
        var data = Arguments.Text("--data", "Folder for everything it keeps; default palio-data beside the launcher", "DIR");
        return CommandBuilding.Command("demo", "Host a challenge and play in it on this machine", [once, port, data], async (parse, cancellationToken) =>
        {
            var home = session.Variable("PALIO_HOME");
            var folder = session.FullPath(parse.GetValue(data) ?? Path.Combine(home ?? session.Folder, "palio-data"));
            var show = new DemoShow(session, folder);
            return await show.RunAsync(parse.GetValue(port), parse.GetValue(once), cancellationToken);
        });
    }
}
