using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio token create|list|revoke</c>.</summary>
internal static class TokenCommand
{
    public static Command Create(CliSession session) => CommandBuilding.Group("token", "Personal access tokens",
        [CreateToken(session), List(session), Revoke(session)]);

    private static Command CreateToken(CliSession session)
    {
        var name = Arguments.Required("NAME", "Shown in the list");
        var scope = new Option<TokenScope>("--scope") { Description = "read, submit, host or admin; each holds those before it", DefaultValueFactory = _ => TokenScope.Submit };
        var days = new Option<int>("--days") { Description = "Days until it ends, 1 to 365", DefaultValueFactory = _ => 90 };
        return CommandBuilding.Command("create", "Make a token; its secret is shown this once", [name, scope, days], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var request = new CreateTokenRequest { Name = parse.GetRequiredValue(name), Scope = parse.GetValue(scope), Days = parse.GetValue(days) };
            var created = await client.CreateTokenAsync(request, cancellationToken);
            session.Printer.Note($"{Words.Of(created.Token.Scope)}, until {Words.Of(created.Token.Expires)}. Keep it: it is not shown again.");
            session.Printer.Result(created, ApiJsonContext.Default.CreatedToken, console => console.WriteLine(created.Secret));
        });
    }

    private static Command List(CliSession session) => CommandBuilding.Command("list", "List your tokens", [], async (_, cancellationToken) =>
    {
        using var client = session.Client();
        var tokens = await client.TokensAsync(cancellationToken);
        session.Printer.Result(tokens, ApiJsonContext.Default.IReadOnlyListTokenSummary, console =>
        {
            var table = new Listing(">id", "name", "scope", "made", "ends", "last used");
            foreach (var token in tokens)
            {
                table.Add($"{token.Id}", token.Name, Words.Of(token.Scope), Words.Of(token.Created),
                    token.Revoked is null ? Words.Of(token.Expires) : "revoked", token.LastUsed is { } used ? Words.Of(used) : "never");
            }

            table.Write(console, "No tokens.");
        });
    });

    private static Command Revoke(CliSession session)
    {
        var id = Arguments.Id("The token's id: palio token list");
        return CommandBuilding.Command("revoke", "End a token now", [id], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            await client.RevokeTokenAsync(parse.GetRequiredValue(id), cancellationToken);
            session.Printer.Done($"Token {parse.GetRequiredValue(id)} is revoked.");
        });
    }
}
