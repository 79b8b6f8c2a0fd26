using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Credentials;

/// <summary>Gets a token and stores it.</summary>
internal static class SigningIn
{
    public static async Task<Me> WithPasswordAsync(CliSession session, string user, string password, CancellationToken cancellationToken)
    {
        using var client = session.AnonymousClient();
        var request = new SignInRequest { UserName = user, Password = password, TokenName = $"palio on {Environment.MachineName}" };
        var created = await client.SignInAsync(request, cancellationToken);
        return await WithTokenAsync(session, created.Secret, cancellationToken);
    }

    public static async Task<Me> WithTokenAsync(CliSession session, string token, CancellationToken cancellationToken)
    {
        var host = session.Host();
        using var client = new Api.PalioClient(host, token, session.Handler, session.Time);
        var me = await client.MeAsync(cancellationToken);
        session.Credentials.Write(session.Credentials.Read().With(host, new Credential(me.UserName, token, me.TokenExpires)));
        return me;
    }
}
