namespace Palio.Registry;

/// <summary>A platform in the words of image indexes.</summary>
/// <param name="Os">For example <c>linux</c>.</param>
/// <param name="Architecture">For example <c>amd64</c> or <c>arm64</c>.</param>
public sealed record ImagePlatform(string Os, string Architecture)
{
    public override string ToString() => $"{Os}/{Architecture}";
}

/// <summary>What <see cref="IImageCatalog.InspectAsync"/> found.</summary>
public abstract record ImageInspection
{
    private ImageInspection()
    {
    }

    /// <summary>A runnable image.</summary>
    public sealed record Found(ImageDescription Image) : ImageInspection;

    /// <summary>There is no such manifest in this repository.</summary>
    public sealed record Missing : ImageInspection;

    /// <summary>The image is there, but not for the platform asked for.</summary>
    /// <param name="Available">The platforms that are there.</param>
    public sealed record OtherPlatform(IReadOnlyList<ImagePlatform> Available) : ImageInspection;

    /// <summary>It cannot be run as an image.</summary>
    /// <param name="Reason">Why, and what to do, as a sentence for a person.</param>
    public sealed record Unusable(string Reason) : ImageInspection;
}

/// <summary>An image that can be run, as its manifest and config say.</summary>
public sealed record ImageDescription
{
    /// <summary>The digest that was asked about (the index's, when it is one).</summary>
    public required Digest Digest { get; init; }

    /// <summary>The digest of the platform's own manifest; equal to <see cref="Digest"/> unless that is an index.</summary>
    public required Digest ManifestDigest { get; init; }

    /// <summary>The config's digest: what engines call the image id.</summary>
    public required Digest ConfigDigest { get; init; }

    /// <summary>The platform the config names.</summary>
    public required ImagePlatform Platform { get; init; }

    /// <summary>Config and layers together as stored (compressed), in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The number of layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Whether a layer is compressed with zstd, which engines before Docker 23 cannot unpack.</summary>
    public required bool HasZstdLayers { get; init; }

    /// <summary>The entry point; empty when there is none.</summary>
    public required IReadOnlyList<string> Entrypoint { get; init; }

    /// <summary>The command; empty when there is none.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The user the image wants to run as; empty for root.</summary>
    public required string User { get; init; }

    /// <summary>The working directory; empty when none is set.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The environment variables, <c>NAME=value</c>.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>The labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}
