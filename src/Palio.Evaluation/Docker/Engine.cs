using Docker.DotNet;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Docker;

/// <summary>A connected engine and what it is.</summary>
internal sealed class Engine : IDisposable
{
    private static readonly Version OldestApi = new(1, 41);

    private Engine(DockerClient client, EngineDescription description, bool isPodman)
    {
        Client = client;
        Description = description;
        IsPodman = isPodman;
    }

    /// <summary>Its API. Without a version in the path, so the newest the engine itself speaks.</summary>
    public DockerClient Client { get; }

    /// <summary>What it is and has.</summary>
    public EngineDescription Description { get; }

    /// <summary>Podman behind Docker's API.</summary>
    public bool IsPodman { get; }

    /// <summary>Connects, or throws <see cref="EngineUnavailableException"/>.</summary>
    public static async Task<Engine> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var client = new DockerClientBuilder().WithEndpoint(address).WithTimeout(Timeout.InfiniteTimeSpan).Build();
        try
        {
            return await DescribeAsync(client, address, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not EngineUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            client.Dispose();
            throw new EngineUnavailableException($"The container engine at {address} does not answer: {exception.Message}", exception);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task<Engine> DescribeAsync(DockerClient client, Uri address, CancellationToken cancellationToken)
    {
        var version = await client.System.GetVersionAsync(cancellationToken).ConfigureAwait(false);
        var info = await client.System.GetSystemInfoAsync(cancellationToken).ConfigureAwait(false);
        if (!Version.TryParse(version.APIVersion, out var api) || api < OldestApi)
        {
            throw new EngineUnavailableException(
                $"The engine at {address} speaks API {version.APIVersion}; Palio needs {OldestApi} (Docker 20.10, Podman 4) or newer.");
        }

        var podman = version.Components?.Any(component => component.Name.Contains("Podman", StringComparison.OrdinalIgnoreCase)) is true;
        return new Engine(
            client,
            new EngineDescription(
                $"{(podman ? "Podman" : "Docker")} {version.Version}",
                version.APIVersion,
                (int)info.NCPU,
                info.MemTotal,
                [.. (info.Runtimes?.Keys ?? []).Order(StringComparer.Ordinal)],
                version.Arch ?? "amd64",
                info.MemoryLimit && info.PidsLimit && info.CPUCfsQuota),
            podman);
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}
