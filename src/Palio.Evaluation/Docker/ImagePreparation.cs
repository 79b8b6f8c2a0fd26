using System.Collections.Concurrent;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Docker;

/// <summary>Brings an image to the engine by digest and looks at it before anything of it runs.</summary>
internal sealed class ImagePreparation(Engine engine)
{
    /// <summary>The image, pulled if it is not there. Throws <see cref="PodFaultException"/>.</summary>
    public async Task<ImageFacts> PrepareAsync(PodRole role, JobImage image, Action<string> onProgress, CancellationToken cancellationToken)
    {
        var found = await FindAsync(image.Reference, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            await PullAsync(role, image, onProgress, cancellationToken).ConfigureAwait(false);
            found = await FindAsync(image.Reference, cancellationToken).ConfigureAwait(false)
                ?? throw new PodFaultException(EngineFaults.OfPull(role, image, "the engine does not have it after the pull"));
        }

        return Look(role, found);
    }

    /// <summary>Facts of an image, if it can be judged on this machine.</summary>
    internal ImageFacts Look(PodRole role, ImageInspectResponse image)
    {
        var name = PodPlanner.NameOf(role);
        var machine = engine.Description.Architecture;
        if (image.Os is { Length: > 0 } os && os != "linux")
        {
            throw new PodFaultException(EngineFaults.BadImage(role, $"The {name}'s image is for {os}; only Linux images can be judged."));
        }

        if (image.Architecture is { Length: > 0 } architecture && architecture != machine)
        {
            throw new PodFaultException(EngineFaults.BadImage(
                role, $"The {name}'s image is for {architecture}; this machine is {machine}. Build it with --platform linux/{machine}."));
        }

        if (role is PodRole.Script)
        {
            return new ImageFacts(image.ID, image.Config?.User, [.. image.Config?.Volumes?.Keys ?? []]); // its own program is not started
        }

        if (image.Config is not { } config || (config.Entrypoint is not { Count: > 0 } && config.Cmd is not { Count: > 0 }))
        {
            throw new PodFaultException(EngineFaults.BadImage(role, $"The {name}'s image has neither ENTRYPOINT nor CMD: there is nothing to start."));
        }

        return new ImageFacts(image.ID, config.User, [.. config.Volumes?.Keys ?? []]);
    }

    private async Task PullAsync(PodRole role, JobImage image, Action<string> onProgress, CancellationToken cancellationToken)
    {
        if (!image.Reference.Contains('/', StringComparison.Ordinal) || image.Reference.StartsWith("sha256:", StringComparison.Ordinal))
        {
            throw new PodFaultException(EngineFaults.OfPull(role, image, "this engine does not have it, and its name says no registry: not found"));
        }

        var auth = new AuthConfig { Username = image.PullUser, Password = image.PullPassword, ServerAddress = image.Reference.Split('/')[0] };
        string? error = null;
        var progress = new PullProgress(PodPlanner.NameOf(role), onProgress);
        try
        {
            await engine.Client.Images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = image.Reference },
                image.PullUser is null ? new AuthConfig() : auth,
                new Immediate<JSONMessage>(message =>
                {
                    error ??= message.Error?.Message;
                    progress.Add(message);
                }),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfPull(role, image, EngineFaults.MessageOf(exception)), exception);
        }

        if (error is not null)
        {
            throw new PodFaultException(EngineFaults.OfPull(role, image, error));
        }
    }

    private async Task<ImageInspectResponse?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.Client.Images.InspectImageAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Sums the layers up and tells about every tenth part.</summary>
    private sealed class PullProgress(string name, Action<string> onProgress)
    {
        private readonly ConcurrentDictionary<string, (long Current, long Total)> _layers = [];
        private long _told = -1;

        public void Add(JSONMessage message)
        {
            if (message is not { ID: { } id, Status: "Downloading", Progress: { Current: { } current, Total: > 0 } progress })
            {
                return;
            }

            _layers[id] = (current, progress.Total.Value);
            var (done, total) = (_layers.Values.Sum(layer => layer.Current), _layers.Values.Sum(layer => layer.Total));
            var tenth = done * 10 / total;
            if (tenth != _told)
            {
                _told = tenth;
                onProgress($"pulling the {name}'s image, {done >> 20} of {total >> 20} MB");
            }
        }
    }
}
