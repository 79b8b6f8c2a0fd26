using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Cli.Credentials;
using Palio.Cli.Engine;
using Palio.Cli.Session;

namespace Palio.Cli.Tests.Kit;

/// <summary>The whole program in this process: its own configuration folder, a fake server, a fake engine.</summary>
internal sealed class CliHarness : IDisposable
{
    public const string Host = "http://palio.test/";

    private readonly string _folder = Directory.CreateTempSubdirectory("palio-cli-").FullName;

    public FakeServer Server { get; } = new();

    public FakeEngine Engine { get; } = new();

    public Dictionary<string, string> Variables { get; } = new() { ["PALIO_HOST"] = Host };

    public string Input { get; set; } = "";

    public string Folder => _folder;

    /// <summary>The working folder, when it is another than <see cref="Folder"/>.</summary>
    public string? WorkingFolder { get; set; }

    /// <summary>The clock; where real programs are waited for it is a real one.</summary>
    public TimeProvider Time { get; set; } = new InstantTime();

    public CredentialStore Credentials => new(Path.Combine(_folder, "config", "credentials.json"));

    public CliHarness SignedIn(string token = "palio_token")
    {
        Credentials.Write(CredentialFile.Empty.With(new Uri(Host), new Credential("ada", token, null)));
        return this;
    }

    public async Task<CliResult> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var session = Session(output, error);
        var exit = await PalioCli.RunAsync(args, session, TestContext.Current.CancellationToken);
        return new CliResult(exit, output.ToString(), error.ToString());
    }

    /// <summary>What a command gets.</summary>
    public CliSession Session(TextWriter? output = null, TextWriter? error = null) => new()
    {
        Input = new StringReader(Input),
        StandardOutput = output ?? TextWriter.Null,
        StandardError = error ?? TextWriter.Null,
        Variable = Variables.GetValueOrDefault,
        Handler = Server.Handler,
        OpenEngineAsync = _ => Task.FromResult<ILocalEngine>(Engine),
        Time = Time,
        ConfigFolder = Path.Combine(_folder, "config"),
        Folder = WorkingFolder ?? _folder,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

internal sealed record CliResult(int Exit, string Output, string Error)
{
    /// <summary>Standard output, which must be exactly one JSON document.</summary>
    public JsonNode Json => JsonNode.Parse(Output) ?? throw new JsonException("null");
}

/// <summary>A clock on which every wait is over at once.</summary>
internal sealed class InstantTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
}
