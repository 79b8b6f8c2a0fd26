using Palio.Cli.Api;
using Palio.Cli.Credentials;
using Palio.Cli.Engine;
using Palio.Cli.Output;

namespace Palio.Cli.Session;

/// <summary>All a command touches outside itself. Tests hand in their own parts.</summary>
internal sealed class CliSession
{
    public required TextReader Input { get; init; }

    public required TextWriter StandardOutput { get; init; }

    public required TextWriter StandardError { get; init; }

    /// <summary>A person can be asked.</summary>
    public bool Interactive { get; init; }

    /// <summary>Standard output is a terminal that shows colours.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Standard error is a terminal: bars move there.</summary>
    public bool ErrorIsTerminal { get; init; }

    public required Func<string, string?> Variable { get; init; }

    public required Func<HttpMessageHandler> Handler { get; init; }

    /// <summary>Opens the local container engine.</summary>
    public required Func<CancellationToken, Task<ILocalEngine>> OpenEngineAsync { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Where credentials are kept.</summary>
    public required string ConfigFolder { get; init; }

    /// <summary>The working directory.</summary>
    public required string Folder { get; init; }

    /// <summary><c>--json</c> was given.</summary>
    public bool Json { get; set; }

    /// <summary>The value of <c>--host</c>.</summary>
    public string? HostOption { get; set; }

    public Printer Printer => field ??= new Printer(this);

    public CredentialStore Credentials => field ??= new CredentialStore(Path.Combine(ConfigFolder, "credentials.json"));

    /// <summary>The server commands talk to: --host, PALIO_HOST, or the one set with <c>palio host set</c>.</summary>
    public Uri Host()
    {
        var text = HostOption ?? Variable("PALIO_HOST") ?? Credentials.Read().Current
            ?? throw new CliException(ExitCode.Usage, "No Palio server is set.", "run: palio host set URL   (or give --host URL)", "no_host");
        return HostAddress.Parse(text);
    }

    /// <summary>A client without a token: registering, signing in, looking at what is open to all.</summary>
    public PalioClient AnonymousClient() => new(Host(), null, Handler, Time);

    /// <summary>A client with the token, when there is one.</summary>
    public PalioClient OpenClient() => new(Host(), Token(), Handler, Time);

    /// <summary>A client with a token.</summary>
    public PalioClient Client() => new(Host(), RequiredToken(), Handler, Time);

    public string RequiredToken() => Token()
        ?? throw new CliException(ExitCode.Auth, $"Not signed in to {Host()}.", "run: palio login", "auth_required");

    public string FullPath(string path) => Path.GetFullPath(path, Folder);

    private string? Token() => Variable("PALIO_TOKEN") ?? Credentials.Read().Find(Host())?.Token;
}
