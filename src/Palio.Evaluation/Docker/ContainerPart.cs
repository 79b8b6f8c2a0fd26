using System.Buffers;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Palio.Evaluation.Logs;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Docker;

/// <summary>A created container as a part of a pod.</summary>
internal class ContainerPart(Engine engine, PodRole role, string id) : IPodPart
{
    private const string LiveLines = "300";
    private const int KilledExitCode = 128 + 9;

    /// <inheritdoc/>
    public PodRole Role => role;

    /// <summary>Id in the engine.</summary>
    public string Id => id;

    /// <summary>The engine.</summary>
    protected Engine Engine => engine;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.Client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfStart(role, EngineFaults.MessageOf(exception)), exception);
        }
    }

    /// <inheritdoc/>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.Client.Containers.WaitContainerAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new PodFaultException(EngineFaults.OfStart(role, EngineFaults.MessageOf(exception)), exception);
        }
    }

    /// <inheritdoc/>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.Client.Containers.KillContainerAsync(id, new ContainerKillParameters { Signal = "KILL" }, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.InternalServerError)
        {
            // Gone, or not running.
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfStart(role, EngineFaults.MessageOf(exception)), exception);
        }
    }

    /// <inheritdoc/>
    public async Task<PartEnding> EndingAsync(bool killedByUs, CancellationToken cancellationToken)
    {
        var state = await StateAsync(cancellationToken).ConfigureAwait(false);
        // The engine's word may be missing: it hears of the kernel's kill beside the end, not before it, not at all in a container's first
        // moments (cgroup v1), and never with Podman. A SIGKILL that was not ours is the kernel's: nothing else here sends one.
        var outOfMemory = state.OOMKilled || (state.ExitCode is KilledExitCode && !killedByUs);
        return new PartEnding((int)state.ExitCode, outOfMemory, killedByUs, string.IsNullOrEmpty(state.Error) ? null : state.Error);
    }

    /// <inheritdoc/>
    public async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        // The kernel's table of the container's namespace; there is none where the engine is not on this machine.
        var process = (await StateAsync(cancellationToken).ConfigureAwait(false)).Pid;
        return process > 0 && ListeningPorts.Has(process, port);
    }

    /// <inheritdoc/>
    public virtual Task<string> LogAsync(int bytes, CancellationToken cancellationToken) => ReadLogAsync(bytes, "all", cancellationToken);

    /// <inheritdoc/>
    public Task<string> TailAsync(int bytes, CancellationToken cancellationToken) => ReadLogAsync(bytes, LiveLines, cancellationToken);

    // By lines, since the engine then reads from the end; of what they hold the last bytes are kept.
    private async Task<string> ReadLogAsync(int bytes, string lines, CancellationToken cancellationToken)
    {
        var tail = new TailBuffer(Math.Max(bytes, 1024));
        try
        {
            using var stream = await engine.Client.Containers.GetContainerLogsAsync(
                id, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Tail = lines }, cancellationToken).ConfigureAwait(false);
            await CopyAsync(stream, (bytes, _) =>
            {
                tail.Add(bytes.Span);
                return ValueTask.FromResult(true);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            tail.Add("[the engine's log ended early]\n"u8);
        }

        return tail.Read();
    }

    /// <summary>Hands on what comes from a stream of both outputs until it ends or is no longer wanted.</summary>
    protected static async Task CopyAsync(
        MultiplexedStream stream, Func<ReadOnlyMemory<byte>, bool, ValueTask<bool>> onBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (true)
            {
                var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false);
                if (read.EOF)
                {
                    return;
                }

                var isError = read.Target is MultiplexedStream.TargetStream.StandardError;
                if (!await onBytes(buffer.AsMemory(0, read.Count), isError).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<State> StateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var inspected = await engine.Client.Containers.InspectContainerAsync(id, cancellationToken).ConfigureAwait(false);
            return inspected.State!;
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfStart(role, EngineFaults.MessageOf(exception)), exception);
        }
    }
}

/// <summary>The referee's container, attached to.</summary>
internal sealed class RefereeContainer(Engine engine, string id) : ContainerPart(engine, PodRole.Referee, id), IRefereePart, IDisposable
{
    private readonly TailBuffer _complaints = new(LogText.TailBytes);
    private MultiplexedStream? _stream;

    /// <inheritdoc/>
    public async Task AttachAsync(CancellationToken cancellationToken)
    {
        try
        {
            _stream = await Engine.Client.Containers.AttachContainerAsync(
                Id, new ContainerAttachParameters { Stream = true, Stdout = true, Stderr = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfStart(PodRole.Referee, EngineFaults.MessageOf(exception)), exception);
        }
    }

    /// <inheritdoc/>
    public Task ReadOutputAsync(Func<ReadOnlyMemory<byte>, ValueTask<bool>> onBytes, CancellationToken cancellationToken) =>
        CopyAsync(_stream!, (bytes, isError) =>
        {
            if (!isError)
            {
                return onBytes(bytes);
            }

            _complaints.Add(bytes.Span);
            return ValueTask.FromResult(true);
        }, cancellationToken);

    /// <inheritdoc/>
    public override Task<string> LogAsync(int bytes, CancellationToken cancellationToken) => Task.FromResult(_complaints.Read());

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();
}
