using Docker.DotNet;
using Docker.DotNet.Models;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Docker;

/// <summary>The containers and volumes that a scoring pod made so far, so that none is left.</summary>
internal sealed class ScoringObjects(Engine engine, PodPlan plan)
{
    private readonly List<string> _containers = [];
    private readonly List<string> _volumes = [];

    /// <summary>Makes a volume.</summary>
    public async Task CreateAsync(VolumesCreateParameters volume, CancellationToken cancellationToken)
    {
        _volumes.Add(volume.Name!); // before the answer: a request that is cut off may still be carried out
        await engine.Client.Volumes.CreateAsync(volume, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a container, and refuses it when a restriction of its plan is not in force.</summary>
    public async Task<(string Id, ContainerInspectResponse Inspected)> CreateAsync(
        CreateContainerParameters request, ContainerPlan container, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(plan.StartLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // Not cut off by a cancel: the engine would carry it out all the same, and perhaps after the removal.
            var id = await CreateUncheckedAsync(request, limit.Token).ConfigureAwait(false);
            var inspected = await engine.Client.Containers.InspectContainerAsync(id, either.Token).ConfigureAwait(false);
            return PolicyReader.FaultOf(container, inspected) is { } fault ? throw new PodFaultException(fault) : (id, inspected);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfStart(container.Role, EngineFaults.MessageOf(exception)), exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PodFaultException(Fault.Of(FaultCode.PlatformEngine, $"A container was not created within {plan.StartLimit.TotalSeconds:0} s."));
        }
    }

    /// <summary>Makes a container that is never started.</summary>
    public async Task<string> CreateUncheckedAsync(CreateContainerParameters request, CancellationToken cancellationToken)
    {
        _containers.Add(request.Name!);
        return (await engine.Client.Containers.CreateContainerAsync(request, cancellationToken).ConfigureAwait(false)).ID;
    }

    /// <summary>Removes all of it.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_containers.Select(name => OrphanSweep.RemoveContainerAsync(engine, name, cancellationToken))).ConfigureAwait(false);
        await Task.WhenAll(_volumes.Select(name => OrphanSweep.RemoveVolumeAsync(engine, name, cancellationToken))).ConfigureAwait(false);
    }
}
