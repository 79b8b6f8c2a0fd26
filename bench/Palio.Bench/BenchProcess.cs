using System.Diagnostics;

namespace Palio.Bench;

/// <summary>A child process that answers lines with lines, pinned to cores when asked, killed with its owner.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private readonly Process _process;
    private Task _drain = Task.CompletedTask;

    private BenchProcess(Process process) => _process = process;

    /// <summary>Starts a program.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="cores">Cores to pin it to ("0"); null for all.</param>
    /// <param name="environment">Variables to set.</param>
    public static BenchProcess Start(IReadOnlyList<string> command, string? cores = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] words = cores is null ? [.. command] : ["taskset", "-c", cores, .. command];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"could not start {words[0]}");
        return new BenchProcess(process);
    }

    /// <summary>From now on reads and drops its standard output, so that it never waits for a reader.</summary>
    public void DrainOutput() => _drain = DrainAsync(_process);

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>CPU time used so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Sends a line and reads the line that answers it.</summary>
    public async Task<string> AskAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await ReadLineAsync(cancellationToken);
    }

    /// <summary>Reads a line of its standard output.</summary>
    /// <exception cref="InvalidOperationException">The process ended.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken)
        ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} ended early");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        await _drain;
        _process.Dispose();
    }

    private static async Task DrainAsync(Process process)
    {
        var buffer = new byte[1 << 16];
        while (await process.StandardOutput.BaseStream.ReadAsync(buffer) > 0) // nothing is kept
        {
        }
    }
}
