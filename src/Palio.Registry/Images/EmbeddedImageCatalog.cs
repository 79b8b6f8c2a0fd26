namespace Palio.Registry;

/// <summary>The catalog of the embedded registry.</summary>
internal sealed class EmbeddedImageCatalog(IRegistryIndex index, IBlobStore blobs) : IImageCatalog
{
    private const int MaxConfigBytes = 4 * 1024 * 1024;

    public ValueTask<Digest?> ResolveTagAsync(RepositoryName repository, string tag, CancellationToken cancellationToken) =>
        index.ResolveTagAsync(repository, tag, cancellationToken);

    public ValueTask<bool> PinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken) =>
        index.PinAsync(repository, digest, reason, cancellationToken);

    public ValueTask<bool> UnpinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken) =>
        index.UnpinAsync(repository, digest, reason, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        index.ListTagsAsync(repository, cancellationToken);

    public ValueTask<long> GetSizeAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        index.GetSizeAsync(repository, cancellationToken);

    public async ValueTask<ImageInspection> InspectAsync(
        RepositoryName repository, Digest digest, ImagePlatform platform, CancellationToken cancellationToken)
    {
        try
        {
            return await InspectManifestAsync(repository, digest, platform, cancellationToken);
        }
        catch (ManifestFormatException exception)
        {
            return new ImageInspection.Unusable(exception.Message); // pushed when more was let in
        }
    }

    private async ValueTask<ImageInspection> InspectManifestAsync(
        RepositoryName repository, Digest digest, ImagePlatform platform, CancellationToken cancellationToken)
    {
        if (await ReadAsync(repository, digest, cancellationToken) is not { } document)
        {
            return new ImageInspection.Missing();
        }

        if (!MediaTypes.IsIndex(document.MediaType))
        {
            return await DescribeAsync(repository, digest, digest, document, platform, cancellationToken);
        }

        if (document.Manifests.Where(m => EngineMayChoose(m, platform)).DistinctBy(m => m.Digest).Count() > 1)
        {
            return new ImageInspection.Unusable($"The index holds several images for {platform}: which one runs would depend on the engine. Push one.");
        }

        // Builders add attestations to an index; they name no platform.
        var images = document.Manifests.Where(m => m.Platform is not { Os: "unknown" } && !IsAttestation(m)).ToList();
        var chosen = images.FirstOrDefault(m => m.Platform == platform) ?? (images is [{ Platform: null } only] ? only : null);
        if (chosen is { HasUrls: true })
        {
            return new ImageInspection.Unusable("The index names its image at a place outside this registry. Push the image itself.");
        }

        if (chosen is null)
        {
            return images.Count == 0
                ? new ImageInspection.Unusable("The index holds no image, only attachments. Push the image itself.")
                : new ImageInspection.OtherPlatform([.. images.Select(m => m.Platform).OfType<ImagePlatform>().Distinct()]);
        }

        return await ReadAsync(repository, chosen.Digest, cancellationToken) is not { } manifest
            ? new ImageInspection.Unusable("The index refers to an image that is not in the repository. Push the image again.")
            : MediaTypes.IsIndex(manifest.MediaType)
                ? new ImageInspection.Unusable("An index inside an index cannot be run. Push the image itself.")
                : await DescribeAsync(repository, digest, chosen.Digest, manifest, platform, cancellationToken);
    }

    private async ValueTask<ManifestDocument?> ReadAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        await index.FindManifestAsync(repository, digest, cancellationToken) is { } record
        && await index.ReadManifestAsync(repository, digest, cancellationToken) is { } content
            ? ManifestDocument.Parse(content, record.MediaType)
            : null;

    private async ValueTask<ImageInspection> DescribeAsync(
        RepositoryName repository, Digest digest, Digest manifestDigest, ManifestDocument manifest, ImagePlatform wanted,
        CancellationToken cancellationToken)
    {
        // Engines fetch from urls first, whatever the type says: bytes we never saw, from places of a stranger's choice.
        if (manifest.Layers.Any(l => l.HasUrls || MediaTypes.IsForeignLayer(l.MediaType)) || manifest.Config is { HasUrls: true })
        {
            return new ImageInspection.Unusable("A layer of the image lies outside this registry. Build it on a base image without foreign layers.");
        }

        var descriptor = manifest.Config!; // a manifest that is no index was not accepted without one
        if (await ReadConfigAsync(repository, descriptor, cancellationToken) is not { } config)
        {
            return new ImageInspection.Unusable("The image has no readable config: this is an artifact, not an image that can be run.");
        }

        var platform = new ImagePlatform(config.Os ?? "", config.Architecture ?? "");
        return platform != wanted
            ? new ImageInspection.OtherPlatform([platform])
            : new ImageInspection.Found(Describe(digest, manifestDigest, manifest, platform, config.Run));
    }

    private async ValueTask<ImageConfig?> ReadConfigAsync(RepositoryName repository, Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (descriptor.Size > MaxConfigBytes
            || !await index.HasBlobAsync(repository, descriptor.Digest, renew: false, cancellationToken)
            || await blobs.FindAsync(descriptor.Digest, cancellationToken) is not { Length: <= MaxConfigBytes } blob)
        {
            return null;
        }

        return ImageConfig.TryParse(Read(blob)) is { Os.Length: > 0, Architecture.Length: > 0 } config ? config : null;
    }

    // Some kilobytes: handing them from thread to thread takes longer than reading them.
    private static byte[] Read(StoredBlob blob)
    {
        var bytes = new byte[blob.Length];
        using var stream = blob.OpenRead();
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static ImageDescription Describe(
        Digest digest, Digest manifestDigest, ManifestDocument manifest, ImagePlatform platform, ImageRunConfig? run) => new()
        {
            Digest = digest,
            ManifestDigest = manifestDigest,
            ConfigDigest = manifest.Config!.Digest, // as above
            Platform = platform,
            SizeBytes = manifest.Config.Size + manifest.Layers.DistinctBy(l => l.Digest).Sum(l => l.Size),
            LayerCount = manifest.Layers.Count,
            HasZstdLayers = manifest.Layers.Any(l => l.MediaType.EndsWith("zstd", StringComparison.Ordinal)),
            Entrypoint = Texts(run?.Entrypoint),
            Command = Texts(run?.Cmd),
            User = run?.User ?? "",
            WorkingDirectory = run?.WorkingDir ?? "",
            Environment = Texts(run?.Env),
            Labels = (run?.Labels ?? new Dictionary<string, string?>()).ToDictionary(l => l.Key, l => l.Value ?? ""),
        };

    private static List<string> Texts(IReadOnlyList<string?>? texts) => [.. (texts ?? []).OfType<string>()];

    // Engines take an entry without a platform for theirs, know other words for the architecture, and nothing of attestations.
    private static bool EngineMayChoose(Descriptor entry, ImagePlatform platform) =>
        entry.Platform is null
        || (entry.Platform.Os.Equals(platform.Os, StringComparison.OrdinalIgnoreCase)
            && Architecture(entry.Platform.Architecture) == Architecture(platform.Architecture));

    private static string Architecture(string text) => text.ToLowerInvariant() switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        var other => other,
    };

    private static bool IsAttestation(Descriptor entry) =>
        entry.Annotations?.TryGetValue("vnd.docker.reference.type", out var type) == true && type == "attestation-manifest";
}
