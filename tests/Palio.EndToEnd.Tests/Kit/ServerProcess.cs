using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Palio.EndToEnd.Tests.Kit;

/// <summary>The real server as a process of its own, on a free port, with a data folder of its own; can be killed and started again.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    private readonly int _port = FreePort();
    private readonly IReadOnlyList<string> _settings;
    private Process? _process;

    private ServerProcess(IReadOnlyList<string> settings) => _settings = settings;

    public string Data { get; } = Directory.CreateTempSubdirectory("palio-e2e-").FullName;

    public Uri Url => new($"http://127.0.0.1:{_port}/");

    /// <summary>The administrator's name, made on the first start.</summary>
    public string Administrator { get; private set; } = "";

    /// <summary>The administrator's random first password.</summary>
    public string AdministratorPassword { get; private set; } = "";

    /// <summary>Label value of every container of this instance.</summary>
    public string Instance => File.ReadAllText(Path.Combine(Data, "instance-id")).Trim();

    private string ReadyFile => Path.Combine(Data, "ready.json");

    private string LogFile => Path.Combine(Data, "server.log");

    public static async Task<ServerProcess> StartAsync(params string[] settings)
    {
        var server = new ServerProcess(settings);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts on the same data and port.</summary>
    public async Task StartAgainAsync()
    {
        File.Delete(ReadyFile);
        using var watcher = new FileSystemWatcher(Data, Path.GetFileName(ReadyFile));
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => ready.TrySetResult();
        watcher.Renamed += (_, _) => ready.TrySetResult();
        watcher.EnableRaisingEvents = true;
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", LogFile, "dotnet", Programs.Server,
            "--urls", Url.GetLeftPart(UriPartial.Authority), "--data", Data, "--ready-file", ReadyFile, .. _settings]);
        start.Environment["PALIO_REFEREE"] = Programs.Referee;
        _process = Process.Start(start)!; // a started process is never null without UseShellExecute
        await ListenAsync(_process, ready.Task);
        var told = JsonNode.Parse(await File.ReadAllTextAsync(ReadyFile))!; // written whole, then moved
        if ((string?)told["password"] is { } password)
        {
            (Administrator, AdministratorPassword) = ((string?)told["administrator"] ?? "", password);
        }
    }

    private async Task ListenAsync(Process process, Task ready)
    {
        try
        {
            await Task.WhenAny(ready, process.WaitForExitAsync(TestContext.Current.CancellationToken)).WaitAsync(LongestStart, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            // Told below.
        }

        Assert.True(File.Exists(ReadyFile), $"The server did not start:\n{Log()}");
    }

    /// <summary>Ends the process at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    public string Log() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            await Run.ProgramAsync("kill", ["-TERM", $"{process.Id}"]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        _process?.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
