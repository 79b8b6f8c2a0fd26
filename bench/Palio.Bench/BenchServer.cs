using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Palio.Protocol.Api;

namespace Palio.Bench;

/// <summary>A real server process on a free loopback port with a data folder of its own, gone with its owner.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly bool _isOwner;
    private readonly string _root;

    private BenchServer(Process process, DirectoryInfo folder, bool isOwner, string root, Uri url)
    {
        (_process, _folder, _isOwner, _root, Url) = (process, folder, isOwner, root, url);
        Http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
        Nobody = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>A client; signed in after <see cref="SignInAsync"/>.</summary>
    public HttpClient Http { get; }

    /// <summary>A client that is nobody in particular.</summary>
    public HttpClient Nobody { get; }

    /// <summary>Milliseconds of processor time so far.</summary>
    public double ProcessorMs
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalMilliseconds;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>From the start of the process to its word that it is ready.</summary>
    public TimeSpan StartTime { get; private init; }

    /// <summary>The token of who is signed in; null for nobody.</summary>
    public string? Token
    {
        get => Http.DefaultRequestHeaders.Authorization?.Parameter;
        set => Http.DefaultRequestHeaders.Authorization = value is null ? null : new AuthenticationHeaderValue("Bearer", value);
    }

    /// <summary>The token of the challenge's host; null before there is one.</summary>
    public string? HostToken { get; set; }

    /// <summary>Starts one with nothing in it and waits until it is ready.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<BenchServer> StartAsync(string root, CancellationToken cancellationToken) =>
        StartOwnAsync(root, Directory.CreateTempSubdirectory("palio-bench-"), null, cancellationToken);

    /// <summary>Starts one on a folder that goes with it.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="folder">A copy of a stopped server's, or an empty one.</param>
    /// <param name="settings">Settings beside the defaults, as environment variables without their prefix ("Worker__Capacity").</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<BenchServer> StartOwnAsync(
        string root, DirectoryInfo folder, IReadOnlyDictionary<string, string>? settings, CancellationToken cancellationToken) =>
        StartAsync(root, folder, true, [], settings, cancellationToken);

    /// <summary>Starts one on a folder that stays.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="folder">Of a server that was stopped, or an empty one.</param>
    /// <param name="options">Further options of <c>palio serve</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<BenchServer> StartOnAsync(string root, DirectoryInfo folder, string[] options, CancellationToken cancellationToken) =>
        StartAsync(root, folder, false, options, null, cancellationToken);

    private static async Task<BenchServer> StartAsync(
        string root, DirectoryInfo folder, bool isOwner, string[] options, IReadOnlyDictionary<string, string>? settings, CancellationToken cancellationToken)
    {
        var ready = Path.Combine(folder.FullName, "ready.json");
        File.Delete(ready);
        var start = new ProcessStartInfo(Path.Combine(root, "palio"),
            ["serve", "--urls", "http://127.0.0.1:0", "--data", Path.Combine(folder.FullName, "data"), "--ready-file", ready, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PALIO__Challenges__SelfService"] = "true";
        start.Environment["PALIO__Accounts__SignInsPerMinute"] = "100000";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment["PALIO__" + name] = value;
        }

        var begun = Stopwatch.GetTimestamp();
        var process = Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        while (!File.Exists(ready))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"the server ended with code {process.ExitCode}");
            }

            if (cancellationToken.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true); // nobody else knows of it yet
            }

            await Task.Delay(10, cancellationToken);
        }

        var taken = Stopwatch.GetElapsedTime(begun);
        var url = JsonDocument.Parse(await File.ReadAllTextAsync(ready, cancellationToken)).RootElement.GetProperty("url").GetString();
        return new BenchServer(process, folder, isOwner, root, new Uri(url ?? throw new InvalidOperationException("no url in the ready file"))) { StartTime = taken };
    }

    /// <summary>Registers a person and signs in; the CLI run by <see cref="CliAsync"/> acts for the same person.</summary>
    public async Task SignInAsync(CancellationToken cancellationToken) =>
        Http.DefaultRequestHeaders.Authorization = await RegisterAsync("bench", cancellationToken);

    /// <summary>Registers a person and signs in, for a client of their own.</summary>
    public async Task<AuthenticationHeaderValue> RegisterAsync(string name, CancellationToken cancellationToken)
    {
        var password = Guid.NewGuid().ToString("N");
        using var registered = await Http.PostAsJsonAsync("api/v1/accounts",
            new RegisterRequest { UserName = name, Email = $"{name}@example.org", Password = password }, cancellationToken);
        registered.EnsureSuccessStatusCode();
        using var signedIn = await Http.PostAsJsonAsync("api/v1/tokens/sign-in",
            new SignInRequest { UserName = name, Password = password }, cancellationToken);
        signedIn.EnsureSuccessStatusCode();
        var token = await signedIn.Content.ReadFromJsonAsync(ApiJsonContext.Default.CreatedToken, cancellationToken);
        return new AuthenticationHeaderValue("Bearer", token?.Secret);
    }

    /// <summary>A client that is signed in as somebody, with as many connections as it has requests.</summary>
    public HttpClient ClientOf(AuthenticationHeaderValue person) =>
        new() { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(30), DefaultRequestHeaders = { Authorization = person } };

    /// <summary>Runs a command of the CLI as a person would, and fails with what it said.</summary>
    public async Task CliAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path.Combine(_root, "palio"), arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PALIO_HOST"] = Url.ToString();
        start.Environment["PALIO_TOKEN"] = Http.DefaultRequestHeaders.Authorization?.Parameter;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("the CLI did not start");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"palio {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{errors}{await output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Nobody.Dispose();
        if (!_process.HasExited)
        {
            // In order, so that its containers are gone, and its database is in one file again.
            using var asked = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await asked.WaitForExitAsync();
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(20)));
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        await BareEngine.RemoveNamesAsync(Url.Authority);
        if (_isOwner)
        {
            _folder.Delete(recursive: true);
        }
    }
}
