namespace Palio.Cli.Engine;

/// <summary>The container engine on this machine, as far as commands need it.</summary>
internal interface ILocalEngine : IDisposable
{
    Task<EngineInfo> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>The image, or null when the engine has none of this name.</summary>
    Task<LocalImage?> FindImageAsync(string image, CancellationToken cancellationToken);

    Task TagAsync(string image, ImageName name, CancellationToken cancellationToken);

    /// <summary>Pushes and gives the manifest's digest.</summary>
    Task<string> PushAsync(ImageName name, RegistryLogin login, IProgress<PushProgress> progress, CancellationToken cancellationToken);

    /// <summary>Takes a name off an image; the image goes with its last name. Nothing happens when there is none.</summary>
    Task UntagAsync(string image, CancellationToken cancellationToken);
}

/// <summary>What an engine says of itself.</summary>
internal sealed record EngineInfo(string Address, string Product, string Version, string ApiVersion, string OperatingSystem, string Architecture,
    long Cpus, long MemoryBytes, string CgroupVersion, IReadOnlyList<string> Runtimes, IReadOnlyList<string> Missing);

/// <summary>An image the engine has.</summary>
/// <param name="Id">Digest of its configuration.</param>
/// <param name="System">Operating system and architecture, <c>linux/amd64</c>.</param>
/// <param name="Bytes">Size on disk.</param>
/// <param name="RepositoryDigests">Where it was pushed to or pulled from: <c>repository@sha256:…</c>.</param>
internal sealed record LocalImage(string Id, string System, long Bytes, IReadOnlyList<string> RepositoryDigests);

/// <summary>User and password for the registry: user name and token.</summary>
internal sealed record RegistryLogin(string ServerAddress, string UserName, string Secret);

/// <summary>How far a push is.</summary>
internal sealed record PushProgress(long Done, long Total, int LayersDone, int Layers);
