using Docker.DotNet;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;
using DockerEngine = Palio.Evaluation.Docker.Engine;

namespace Palio.Evaluation.Local;

/// <summary>
/// An image's side beside a program that is no container: the same sandbox, but its socket is in a folder of this machine. Only at home:
/// there both programs are the user's.
/// </summary>
internal sealed class MountedContainer(DockerEngine engine, PodPlan pod, ContainerPlan plan, string folder, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(60);
    private string? _name;

    /// <summary>Pulls if need be and creates. Throws <see cref="PodFaultException"/>.</summary>
    public async Task<ContainerPart> CreateAsync(IPodObserver observer, CancellationToken cancellationToken)
    {
        var image = await PrepareAsync(observer, cancellationToken).ConfigureAwait(false);
        var mounted = plan with { Sockets = [new SocketMount(folder, PodPlanner.SideDirectory, ReadOnly: true)] };
        var request = ContainerRequests.Container(pod, mounted, image, engine.IsPodman, SocketPlacement.Directories);
        try
        {
            _name = request.Name;
            var created = await engine.Client.Containers.CreateContainerAsync(request, cancellationToken).ConfigureAwait(false);
            var inspected = await engine.Client.Containers.InspectContainerAsync(created.ID, cancellationToken).ConfigureAwait(false);
            return PolicyReader.FaultOf(mounted, inspected) is { } fault
                ? throw new PodFaultException(fault)
                : new ContainerPart(engine, plan.Role, created.ID);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfStart(plan.Role, EngineFaults.MessageOf(exception)), exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_name is not { } name)
        {
            return;
        }

        using var limit = new CancellationTokenSource(RemovalLimit, time);
        try
        {
            await OrphanSweep.RemoveContainerAsync(engine, name, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException or OperationCanceledException)
        {
            // An engine that does not answer any more: what play said stands without it.
        }
    }

    private async Task<ImageFacts> PrepareAsync(IPodObserver observer, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(pod.PullLimit, time, cancellationToken);
        try
        {
            await observer.PreparingAsync($"looking at {plan.Image.Reference}", limit.Token).ConfigureAwait(false);
            return await new ImagePreparation(engine).PrepareAsync(plan.Role, plan.Image, _ => { }, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PodFaultException(Fault.Of(FaultCode.PlatformPullFailed, $"{plan.Image.Reference} was not pulled within {pod.PullLimit.TotalSeconds:0} s."));
        }
    }
}
