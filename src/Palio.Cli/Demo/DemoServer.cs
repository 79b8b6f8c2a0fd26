using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Cli.Session;

namespace Palio.Cli.Demo;

/// <summary>What a server that is ready writes.</summary>
internal sealed record ReadyDocument(string Url, string? Administrator, string? Password);

/// <summary>The server, as a process of its own that ends with the demo.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int PortsTried = 50;

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly TimeProvider _time;

    private DemoServer(Process process, TimeProvider time, ReadyDocument ready)
    {
        _process = process;
        _time = time;
        Ready = ready;
    }

    public ReadyDocument Ready { get; }

    public static async Task<DemoServer> StartAsync(CliSession session, string data, int port, CancellationToken cancellationToken)
    {
        var program = session.Variable("PALIO_SERVER_DLL") is { } named && File.Exists(named) ? named
            : throw new CliException(ExitCode.PlatformFailed, "The server's program is not known.", "run the demo by the launcher: ./palio demo");
        var readyFile = Path.Combine(data, "demo-ready.json");
        File.Delete(readyFile);
        var log = Path.Combine(data, "demo-server.log");
        var process = Launch(program, data, FreePort(port), readyFile, log);
        var stop = true;
        try
        {
            var ready = await WaitAsync(process, readyFile, log, session.Time, cancellationToken);
            File.Delete(readyFile); // it may hold the administrator's password
            stop = false;
            return new DemoServer(process, session.Time, ready);
        }
        finally
        {
            if (stop)
            {
                await StopAsync(process, session.Time);
            }
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(_process, _time);

    /// <summary>Completes when the server ends by itself.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    private static Process Launch(string program, string data, int port, string readyFile, string log)
    {
        // A shell sends both outputs to the log without a pump in this process that would end with it.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = data };
        foreach (var argument in new[]
        {
            "-c", "log=$1; shift; exec dotnet \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, program,
            "--urls", $"http://127.0.0.1:{port}", "--data", data, "--ready-file", readyFile,
        })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new CliException(ExitCode.PlatformFailed, "The server's process could not be started.");
    }

    private static async Task<ReadyDocument> WaitAsync(Process process, string readyFile, string log, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (!File.Exists(readyFile))
        {
            if (process.HasExited || time.GetElapsedTime(begun) > LongestStart)
            {
                var last = File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "";
                throw new CliException(ExitCode.PlatformFailed, $"The server did not start.\n{last}", $"its whole log: {log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }

        // The server moves the file into place whole.
        await using var file = File.OpenRead(readyFile);
        return await JsonSerializer.DeserializeAsync(file, DemoJsonContext.Default.ReadyDocument, cancellationToken)
            ?? throw new CliException(ExitCode.PlatformFailed, "The server did not say where it listens.");
    }

    private static async Task StopAsync(Process process, TimeProvider time)
    {
        using (process)
        {
            if (!process.HasExited)
            {
                _ = Signal(process.Id, Terminate);
                using var limit = new CancellationTokenSource(LongestStop, time);
                try
                {
                    await process.WaitForExitAsync(limit.Token);
                }
                catch (OperationCanceledException)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
    }

    private static int FreePort(int wanted)
    {
        for (var port = wanted; port < wanted + PortsTried; port++)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: the next.
            }
        }

        throw CliException.Usage($"No port from {wanted} to {wanted + PortsTried - 1} is free.", "give another: --port N");
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ReadyDocument))]
[JsonSerializable(typeof(DemoAccounts))]
internal sealed partial class DemoJsonContext : JsonSerializerContext;
