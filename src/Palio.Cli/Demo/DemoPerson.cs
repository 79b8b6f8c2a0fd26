using Palio.Cli.Api;
using Palio.Cli.Credentials;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Demo;

/// <summary>Somebody in the demo: a session of their own, signed in, as if on a machine of their own.</summary>
internal sealed record DemoPerson(string Name, CliSession Session, PalioClient Client) : IDisposable
{
    public void Dispose() => Client.Dispose();

    public static async Task<DemoPerson> ComeAsync(CliSession demo, string data, Uri host, string name, string password, bool register, CancellationToken cancellationToken)
    {
        var session = Own(demo, Path.Combine(data, "demo-sessions", name), host);
        try
        {
            await SigningIn.WithPasswordAsync(session, name, password, cancellationToken);
        }
        catch (CliException e) when (register && e.ExitCode == ExitCode.Auth)
        {
            using var anonymous = session.AnonymousClient();
            var request = new RegisterRequest { UserName = name, Email = $"{name}@demo.palio.invalid", Password = password };
            await anonymous.RegisterAsync(request, cancellationToken);
            await SigningIn.WithPasswordAsync(session, name, password, cancellationToken);
        }

        return new DemoPerson(name, session, session.Client());
    }

    /// <summary>The person's team of the kind, made when there is none.</summary>
    public async Task<TeamSummary> TeamAsync(TeamKind kind, string name, CancellationToken cancellationToken)
    {
        var teams = await Client.TeamsAsync(kind, cancellationToken);
        return teams is [var first, ..] ? first : await Client.CreateTeamAsync(new CreateTeamRequest { Name = name, Kind = kind }, cancellationToken);
    }

    private static CliSession Own(CliSession demo, string folder, Uri host) => new()
    {
        Input = demo.Input,
        StandardOutput = demo.StandardOutput,
        StandardError = demo.StandardError,
        OutputIsTerminal = demo.OutputIsTerminal,
        ErrorIsTerminal = demo.ErrorIsTerminal,
        Variable = name => name is "PALIO_HOST" or "PALIO_TOKEN" ? null : demo.Variable(name),
        Handler = demo.Handler,
        OpenEngineAsync = demo.OpenEngineAsync,
        Time = demo.Time,
        ConfigFolder = folder,
        Folder = demo.Folder,
        HostOption = host.AbsoluteUri,
    };
}
