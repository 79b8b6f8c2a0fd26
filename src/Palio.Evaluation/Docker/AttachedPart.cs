using Docker.DotNet;
using Docker.DotNet.Models;
using Palio.Evaluation.Logs;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Docker;

/// <summary>A container whose standard output is a channel of ours, and whose standard error is its log.</summary>
internal sealed class AttachedPart(Engine engine, PodRole role, string id, int logBytes) : ContainerPart(engine, role, id), IDisposable
{
    private readonly TailBuffer _log = new(Math.Max(logBytes, 1024));
    private MultiplexedStream? _stream;

    /// <summary>Makes ready to read, before the start, so that nothing is lost.</summary>
    public async Task AttachAsync(bool withInput, CancellationToken cancellationToken)
    {
        try
        {
            _stream = await Engine.Client.Containers.AttachContainerAsync(
                Id, new ContainerAttachParameters { Stream = true, Stdin = withInput, Stdout = true, Stderr = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfStart(Role, EngineFaults.MessageOf(exception)), exception);
        }
    }

    /// <summary>Gives the byte that it waits for.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        await _stream!.WriteAsync([(byte)'\n'], 0, 1, cancellationToken).ConfigureAwait(false); // attached before
        _stream.CloseWrite();
    }

    /// <summary>Reads standard output until its end, which is the container's. What is no longer wanted is read all the same: a full pipe stops nobody.</summary>
    public Task ReadOutputAsync(Func<ReadOnlyMemory<byte>, ValueTask> onBytes, CancellationToken cancellationToken) =>
        CopyAsync(_stream!, async (bytes, isError) => // attached before
        {
            if (isError)
            {
                _log.Add(bytes.Span);
            }
            else
            {
                await onBytes(bytes).ConfigureAwait(false);
            }

            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public override Task<string> LogAsync(int bytes, CancellationToken cancellationToken) => Task.FromResult(_log.Read());

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();
}
