using System.ComponentModel;
using System.Diagnostics;
using Palio.Evaluation.Logs;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Local;

/// <summary>A process of this machine as a part of a pod.</summary>
internal class ProcessPart(PodRole role, ProcessStartInfo start, int logBytes, TimeProvider time) : IPodPart, IDisposable
{
    // A pipe ends with the last process that has it; one that left the group may keep it.
    private static readonly TimeSpan OutputLimit = TimeSpan.FromSeconds(1);

    private readonly TailBuffer _log = new(Math.Max(logBytes, 1024));
    private readonly CancellationTokenSource _over = new();
    private Process? _process;
    private Task _output = Task.CompletedTask;

    /// <inheritdoc/>
    public PodRole Role => role;

    /// <summary>The process, once started.</summary>
    protected Process Process => _process ?? throw new InvalidOperationException("The process was not started.");

    /// <summary>The outputs that are its log.</summary>
    protected virtual IEnumerable<Stream> LogStreams => [Process.StandardOutput.BaseStream, Process.StandardError.BaseStream];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            _process = Process.Start(start);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            return Task.FromException(new PodFaultException(LocalFaults.OfStart(role, exception.Message), exception));
        }

        Process.StandardInput.Close();
        _output = Task.WhenAll(LogStreams.Select(PumpAsync).ToArray());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WaitAsync(CancellationToken cancellationToken) => Process.WaitForExitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task KillAsync(CancellationToken cancellationToken)
    {
        if (_process is { } process)
        {
            ProcessGroup.Kill(process);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<PartEnding> EndingAsync(bool killedByUs, CancellationToken cancellationToken)
    {
        await Process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return new PartEnding(Process.ExitCode, KilledByUs: killedByUs);
    }

    /// <inheritdoc/>
    public async Task<string> LogAsync(int bytes, CancellationToken cancellationToken)
    {
        // What it started and left behind would keep the pipes.
        await KillAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _output.WaitAsync(OutputLimit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What was said so far is the log.
        }

        return LogText.Tail(_log.Read(), bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what is left of the process and closes the pipes.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_process is { } process)
        {
            ProcessGroup.Kill(process);
            _over.Cancel();
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
            process.Dispose();
        }

        _over.Dispose();
    }

    private async Task PumpAsync(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, _over.Token).ConfigureAwait(false)) > 0;)
            {
                _log.Add(buffer.AsSpan(0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The play is over.
        }
    }
}

/// <summary>The referee as a process: its standard output is the events.</summary>
internal sealed class RefereeProcess(ProcessStartInfo start, int logBytes, TimeProvider time)
    : ProcessPart(PodRole.Referee, start, logBytes, time), IRefereePart
{
    /// <inheritdoc/>
    protected override IEnumerable<Stream> LogStreams => [Process.StandardError.BaseStream];

    /// <inheritdoc/>
    public Task AttachAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task ReadOutputAsync(Func<ReadOnlyMemory<byte>, ValueTask<bool>> onBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var output = Process.StandardOutput.BaseStream;
        for (int read; (read = await output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (!await onBytes(buffer.AsMemory(0, read)).ConfigureAwait(false))
            {
                return;
            }
        }
    }
}
