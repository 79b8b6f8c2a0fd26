using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio instance</c>.</summary>
internal static class InstanceCommand
{
    public static Command Create(CliSession session) =>
        CommandBuilding.Command("instance", "What the server is", [], async (_, cancellationToken) =>
        {
            using var client = session.AnonymousClient();
            var instance = await client.InstanceAsync(cancellationToken);
            session.Printer.Result(instance, ApiJsonContext.Default.InstanceInfo, console =>
            {
                var grid = new Facts(console);
                grid.Add("name", instance.Name);
                grid.Add("address", session.Host().AbsoluteUri);
                grid.Add("version", instance.Version);
                grid.Add("registry", instance.RegistryHost);
                grid.Add("new challenges", instance.SelfService ? "open at once" : "wait for the administrator's approval");
                grid.Add("registration", instance.Registration ? "open" : "closed");
                grid.Write();
            });
        });
}
