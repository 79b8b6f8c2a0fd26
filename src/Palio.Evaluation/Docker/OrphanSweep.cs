using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Docker;

/// <summary>Removes containers and volumes that a killed process of this instance left behind.</summary>
internal static class OrphanSweep
{
    /// <summary>Removes all of the instance's but those of evaluations that are held.</summary>
    public static Task<int> RunAsync(Engine engine, string instance, IReadOnlySet<long> held, CancellationToken cancellationToken) =>
        RunAsync(engine, instance, labels => IsHeld(labels, held), cancellationToken);

    /// <summary>Removes all of the instance's but what is still in use, as its labels tell.</summary>
    public static async Task<int> RunAsync(Engine engine, string instance, Func<IDictionary<string, string>?, bool> inUse, CancellationToken cancellationToken)
    {
        var label = new Dictionary<string, IDictionary<string, bool>>
        {
            ["label"] = new Dictionary<string, bool> { [$"{PodPlanner.InstanceLabel}={instance}"] = true },
        };
        var containers = await engine.Client.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = label }, cancellationToken).ConfigureAwait(false);
        var orphans = containers.Where(container => !inUse(container.Labels)).ToArray();
        foreach (var round in orphans.ToLookup(container => IsOurs(container.Labels)).OrderBy(round => round.Key))
        {
            // Podman removes no container whose network another one shares: the sides before what is ours.
            await Task.WhenAll(round.Select(container => RemoveContainerAsync(engine, container.ID, cancellationToken))).ConfigureAwait(false);
        }

        var volumes = await engine.Client.Volumes.ListAsync(new VolumesListParameters { Filters = label }, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll((volumes.Volumes ?? []).Where(volume => !inUse(volume.Labels))
            .Select(volume => RemoveVolumeAsync(engine, volume.Name, cancellationToken))).ConfigureAwait(false);
        return orphans.Length;
    }

    /// <summary>Removes a container with SIGKILL, whatever state it is in. One that is gone is no error.</summary>
    public static async Task RemoveContainerAsync(Engine engine, string id, CancellationToken cancellationToken)
    {
        try
        {
            await engine.Client.Containers.RemoveContainerAsync(
                id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone, or being removed already.
        }
    }

    /// <summary>Removes a volume. One that is gone is no error.</summary>
    public static async Task RemoveVolumeAsync(Engine engine, string name, CancellationToken cancellationToken)
    {
        try
        {
            await engine.Client.Volumes.RemoveAsync(name, true, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound)
        {
            // Gone.
        }
    }

    private static bool IsOurs(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(PodPlanner.RoleLabel, out var role)
        && (role == PodPlanner.NameOf(PodRole.Referee) || role == PodPlanner.NameOf(PodRole.Gate));

    private static bool IsHeld(IDictionary<string, string>? labels, IReadOnlySet<long> held) =>
        labels is not null
        && labels.TryGetValue(PodPlanner.EvaluationLabel, out var text)
        && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var evaluation)
        && held.Contains(evaluation);
}
