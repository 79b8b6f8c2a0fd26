using System.CommandLine;
using Palio.Cli.Credentials;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio login [URL]</c>: asks for user and password, or takes a token.</summary>
internal static class LoginCommand
{
    public static Command Create(CliSession session)
    {
        var url = Arguments.Maybe("URL", "Server to sign in to; default the one set");
        var user = Arguments.Text("--user", "User name or e-mail address", "NAME");
        var fromInput = Arguments.Flag("--password-stdin", "Read the password from standard input");
        var token = Arguments.Text("--token", "A personal access token instead of user and password; '-' reads it from standard input", "TOKEN");
        return CommandBuilding.Command("login", "Sign in", [url, user, fromInput, token], async (parse, cancellationToken) =>
        {
            session.HostOption = parse.GetValue(url) ?? session.HostOption;
            var prompts = new Prompts(session);
            var me = parse.GetValue(token) is { } secret
                ? await SigningIn.WithTokenAsync(session, secret == "-" ? prompts.Line("token") : secret, cancellationToken)
                : await SigningIn.WithPasswordAsync(session, prompts.Text(parse.GetValue(user), "User name", "--user"),
                    prompts.Password(parse.GetValue(fromInput)), cancellationToken);
            session.Printer.Result(me, ApiJsonContext.Default.Me,
                console => console.WriteLine(Printable.Of($"Signed in to {session.Host()} as {me.UserName} until {me.TokenExpires:yyyy-MM-dd}.")));
        });
    }
}
