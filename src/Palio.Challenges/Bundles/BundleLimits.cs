namespace Palio.Challenges.Bundles;

/// <summary>How large a bundle may be. Everything in it comes from a stranger and is held in memory.</summary>
public sealed record BundleLimits
{
    /// <summary>The defaults.</summary>
    public static BundleLimits Default { get; } = new();

    /// <summary>Longest archive, in bytes. Default 64 MiB.</summary>
    public long MaxArchiveBytes { get; init; } = 64L << 20;

    /// <summary>Most entries of an archive, and most files of a bundle. Default 2,000.</summary>
    public int MaxEntries { get; init; } = 2_000;

    /// <summary>Largest file, in bytes, unpacked. Default 64 MiB.</summary>
    public long MaxFileBytes { get; init; } = 64L << 20;

    /// <summary>All files together, in bytes, unpacked. Default 256 MiB.</summary>
    public long MaxTotalBytes { get; init; } = 256L << 20;

    /// <summary>Most unpacked bytes for each packed byte of one entry, above the first MiB. Default 200.</summary>
    public int MaxCompressionRatio { get; init; } = 200;

    /// <summary>Longest path, in characters. Default 240.</summary>
    public int MaxPathLength { get; init; } = 240;

    /// <summary>Deepest folder. Default 16.</summary>
    public int MaxPathDepth { get; init; } = 16;

    /// <summary>Longest <c>challenge_config.yaml</c>, in bytes. Default 1 MiB.</summary>
    public int MaxConfigBytes { get; init; } = 1 << 20;

    /// <summary>Longest template, in bytes. Default 1 MiB.</summary>
    public int MaxPageBytes { get; init; } = 1 << 20;

    /// <summary>Largest logo, in bytes. Default 4 MiB.</summary>
    public int MaxImageBytes { get; init; } = 4 << 20;

    /// <summary>Deepest nesting of the YAML. Default 32.</summary>
    public int MaxYamlDepth { get; init; } = 32;

    /// <summary>Most values in the YAML, aliases counted as often as they are used. Default 50,000.</summary>
    public int MaxYamlNodes { get; init; } = 50_000;

    /// <summary>Most problems reported; the rest is counted. Default 200.</summary>
    public int MaxProblems { get; init; } = 200;
}
