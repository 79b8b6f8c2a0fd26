using Palio.Cli.Engine;

namespace Palio.Cli.Tests.Kit;

/// <summary>A local engine with images by name; a pushed image gets its digest and is known by it after.</summary>
internal sealed class FakeEngine : ILocalEngine
{
    public const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    public Dictionary<string, LocalImage> Images { get; } = [];

    public List<string> Pushed { get; } = [];

    public List<RegistryLogin> Logins { get; } = [];

    public void Has(string name, params string[] repositoryDigests) => Images[name] = new LocalImage("sha256:1", "linux/amd64", 10, repositoryDigests);

    public Task<EngineInfo> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(
        new EngineInfo("unix:///run/docker.sock", "Docker", "20.10.24", "1.41", "Debian", "x86_64", 2, 1L << 30, "2", ["runc"], []));

    public Task<LocalImage?> FindImageAsync(string image, CancellationToken cancellationToken) => Task.FromResult(Images.GetValueOrDefault(image));

    public Task TagAsync(string image, ImageName name, CancellationToken cancellationToken)
    {
        Images[name.ToString()] = Images[image];
        return Task.CompletedTask;
    }

    public Task<string> PushAsync(ImageName name, RegistryLogin login, IProgress<PushProgress> progress, CancellationToken cancellationToken)
    {
        Pushed.Add(name.ToString());
        Logins.Add(login);
        progress.Report(new PushProgress(5, 10, 0, 1));
        return Task.FromResult(Digest);
    }

    public Task UntagAsync(string image, CancellationToken cancellationToken)
    {
        Images.Remove(image);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }
}
