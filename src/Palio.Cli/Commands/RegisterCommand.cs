using System.CommandLine;
using Palio.Cli.Credentials;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio register</c>: makes an account and signs in.</summary>
internal static class RegisterCommand
{
    public static Command Create(CliSession session)
    {
        var user = Arguments.Text("--user", "User name", "NAME");
        var email = Arguments.Text("--email", "E-mail address", "ADDRESS");
        var fromInput = Arguments.Flag("--password-stdin", "Read the password from standard input");
        return CommandBuilding.Command("register", "Make an account and sign in", [user, email, fromInput], async (parse, cancellationToken) =>
        {
            var prompts = new Prompts(session);
            var name = prompts.Text(parse.GetValue(user), "User name", "--user");
            var address = prompts.Text(parse.GetValue(email), "E-mail address", "--email");
            var password = prompts.Password(parse.GetValue(fromInput));
            using var client = session.AnonymousClient();
            await client.RegisterAsync(new RegisterRequest { UserName = name, Email = address, Password = password }, cancellationToken);
            var me = await SigningIn.WithPasswordAsync(session, name, password, cancellationToken);
            session.Printer.Result(me, ApiJsonContext.Default.Me, console => console.WriteLine(Printable.Of($"Registered and signed in to {session.Host()} as {me.UserName}.")));
        });
    }
}
