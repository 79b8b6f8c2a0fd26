using System.CommandLine;
using Palio.Cli.Session;

namespace Palio.Cli.Commands;

/// <summary><c>palio logout</c>: forgets the token of the server.</summary>
internal static class LogoutCommand
{
    public static Command Create(CliSession session) =>
        CommandBuilding.Command("logout", "Forget the token of the server", [], (_, _) =>
        {
            var host = session.Host();
            var file = session.Credentials.Read();
            if (file.Find(host) is null)
            {
                session.Printer.Done($"Not signed in to {host}.");
                return Task.CompletedTask;
            }

            session.Credentials.Write(file.Without(host));
            session.Printer.Done($"Signed out of {host}. The token itself is good until it ends; to end it now: palio token revoke");
            return Task.CompletedTask;
        });
}
