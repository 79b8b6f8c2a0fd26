using System.CommandLine;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio password USER</c> (administrators): a new password for somebody who lost theirs.</summary>
internal static class PasswordCommand
{
    public static Command Create(CliSession session)
    {
        var user = Arguments.Required("USER", "User name");
        return CommandBuilding.Command("password", "Give an account a new password, and open it if it is locked or disabled (administrators)", [user], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var given = await client.GivePasswordAsync(parse.GetRequiredValue(user), cancellationToken);
            session.Printer.Result(given, ApiJsonContext.Default.GivenPassword, console => console.WriteLine(given.Password));
            session.Printer.Note($"This is {given.UserName}'s password now, shown once. The website asks for another at the first sign-in.");
        });
    }
}
