using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;

namespace Palio.Cli.Commands;

/// <summary><c>palio host set URL</c>, <c>palio host show</c>.</summary>
internal static class HostCommand
{
    public static Command Create(CliSession session)
    {
        var url = Arguments.Required("URL", "Address of the server, such as https://palio.example.org");
        return CommandBuilding.Group("host", "The server that commands talk to",
        [
            CommandBuilding.Command("set", "Remember a server", [url],
                (parse, cancellationToken) => SetAsync(session, parse.GetRequiredValue(url), cancellationToken)),
            CommandBuilding.Command("show", "Show the server in use", [], (_, _) => ShowAsync(session)),
        ]);
    }

    private static async Task SetAsync(CliSession session, string text, CancellationToken cancellationToken)
    {
        var host = HostAddress.Parse(text);
        session.Credentials.Write(session.Credentials.Read() with { Current = host.AbsoluteUri });
        session.HostOption = host.AbsoluteUri;
        try
        {
            using var client = session.AnonymousClient();
            var instance = await client.InstanceAsync(cancellationToken);
            session.Printer.Note($"{instance.Name}, Palio {instance.Version}");
        }
        catch (CliException e)
        {
            session.Printer.Warn($"remembered, but {e.Message}");
        }

        await ShowAsync(session);
    }

    private static Task ShowAsync(CliSession session)
    {
        var host = session.Host();
        var credential = session.Credentials.Read().Find(host);
        var signedIn = credential is not null || session.Variable("PALIO_TOKEN") is not null;
        session.Printer.Result(new HostState(host.AbsoluteUri, credential?.User, signedIn), OutputJsonContext.Default.HostState,
            console => console.WriteLine(signedIn ? $"{host} ({Printable.Of(credential?.User ?? "PALIO_TOKEN")})" : $"{host} (not signed in)"));
        return Task.CompletedTask;
    }
}
