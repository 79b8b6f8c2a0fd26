using System.Diagnostics;
using Palio.Bench.Seeds;

namespace Palio.Bench;

/// <summary>Debian's docker-registry with a configuration of its own, on a free port, its storage beside ours; gone with its owner.</summary>
internal sealed class PeerRegistry : IAsyncDisposable
{
    private const string Program = "/usr/bin/docker-registry";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private PeerRegistry(Process process, DirectoryInfo folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

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

    public static async Task<PeerRegistry> StartAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Program))
        {
            throw new FileNotFoundException($"{Program} is missing; './palio bench' installs it (Debian: docker-registry).");
        }

        var folder = Directory.CreateTempSubdirectory("palio-bench-");
        var url = new Uri($"http://127.0.0.1:{PeerBoard.FreePort()}/");
        var configuration = Path.Combine(folder.FullName, "config.yml");
        await File.WriteAllTextAsync(configuration, $"""
            version: 0.1
            log:
              level: error
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {folder.FullName}/storage
            http:
              addr: {url.Authority}
            """, cancellationToken);
        var start = new ProcessStartInfo(Program, ["serve", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        var process = Process.Start(start) ?? throw new InvalidOperationException("docker-registry did not start");
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        await PeerBoard.AnswersAsync(new Uri(url, "v2/"), process, cancellationToken);
        return new PeerRegistry(process, folder, url);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
