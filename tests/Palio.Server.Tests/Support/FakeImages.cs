using System.Collections.Concurrent;
using Palio.Registry;

namespace Palio.Server.Tests.Support;

/// <summary>A registry's catalogue without a registry.</summary>
internal sealed class FakeImages : IImageCatalog
{
    private readonly ConcurrentDictionary<string, ImageInspection> _images = new();
    private readonly ConcurrentDictionary<string, Digest> _tags = new();

    public ConcurrentDictionary<string, bool> Pins { get; } = new();

    /// <summary>A digest that is there.</summary>
    public string Add(string repository, string name, string? tag = null, long size = 1000, string platform = "amd64", bool entrypoint = true, string? manifest = null)
    {
        var digest = Digest.Of(System.Text.Encoding.UTF8.GetBytes(name));
        var image = new ImageDescription
        {
            Digest = digest,
            ManifestDigest = manifest is null ? digest : Digest.Of(System.Text.Encoding.UTF8.GetBytes(manifest)),
            ConfigDigest = digest,
            Platform = new ImagePlatform("linux", platform),
            SizeBytes = size,
            LayerCount = 1,
            HasZstdLayers = false,
            Entrypoint = entrypoint ? ["/agent"] : [],
            Command = [],
            User = "",
            WorkingDirectory = "",
            Environment = [],
            Labels = new Dictionary<string, string>(),
        };
        _images[$"{repository}@{digest}"] = platform == "amd64" ? new ImageInspection.Found(image) : new ImageInspection.OtherPlatform([image.Platform]);
        if (tag is not null)
        {
            _tags[$"{repository}:{tag}"] = digest;
        }

        return digest.ToString();
    }

    public ValueTask<Digest?> ResolveTagAsync(RepositoryName repository, string tag, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_tags.GetValueOrDefault($"{repository}:{tag}"));

    public ValueTask<ImageInspection> InspectAsync(RepositoryName repository, Digest digest, ImagePlatform platform, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_images.GetValueOrDefault($"{repository}@{digest}") ?? new ImageInspection.Missing());

    public ValueTask<bool> PinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken)
    {
        Pins[$"{repository}@{digest} {reason}"] = true;
        return ValueTask.FromResult(_images.ContainsKey($"{repository}@{digest}"));
    }

    public ValueTask<bool> UnpinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Pins.TryRemove($"{repository}@{digest} {reason}", out _));

    public ValueTask<IReadOnlyList<string>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    public ValueTask<long> GetSizeAsync(RepositoryName repository, CancellationToken cancellationToken) => ValueTask.FromResult(0L);
}
