using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio whoami</c>.</summary>
internal static class WhoamiCommand
{
    public static Command Create(CliSession session) =>
        CommandBuilding.Command("whoami", "Who you are to the server", [], async (_, cancellationToken) =>
        {
            using var client = session.Client();
            var me = await client.MeAsync(cancellationToken);
            session.Printer.Result(me, ApiJsonContext.Default.Me, console =>
            {
                var grid = new Facts(console);
                grid.Add("user", me.UserName + (me.IsAdministrator ? " (administrator)" : ""));
                grid.Add("e-mail", me.Email);
                grid.Add("server", session.Host().AbsoluteUri);
                grid.Add("teams", string.Join(", ", me.Teams.Select(team => $"{team.Name} ({Words.Of(team.Kind)})")));
                grid.Add("token", $"{string.Join(", ", me.TokenScopes.Select(Words.Of))}; until {Words.Of(me.TokenExpires)}");
                grid.Write();
            });
        });
}
