namespace Palio.Registry;

/// <summary>What the server asks of a registry about images that were pushed, and the pins that keep submitted ones alive.</summary>
public interface IImageCatalog
{
    /// <summary>The digest a tag stands at now, or null when the repository or tag does not exist.</summary>
    ValueTask<Digest?> ResolveTagAsync(RepositoryName repository, string tag, CancellationToken cancellationToken);

    /// <summary>
    /// Looks at an image without trusting it: for an index, chooses the entry for <paramref name="platform"/> (attestations are skipped);
    /// reads the config and adds up the layers. Never throws for what a client pushed; see <see cref="ImageInspection"/>.
    /// </summary>
    ValueTask<ImageInspection> InspectAsync(
        RepositoryName repository, Digest digest, ImagePlatform platform, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps the digest, and all it refers to, from deletion and collection for as long as any pin stands. Persistent; idempotent
    /// for the same reason. False when the digest is not there.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="digest">A manifest's or an index's digest.</param>
    /// <param name="reason">Who holds it, for example <c>submission 17</c>: one to 200 characters, shown to people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<bool> PinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken);

    /// <summary>Takes one pin away. False when there was none with this reason.</summary>
    ValueTask<bool> UnpinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken);

    /// <summary>The tags of a repository in ordinal order; empty when there is no such repository.</summary>
    ValueTask<IReadOnlyList<string>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken);

    /// <summary>The bytes a repository holds, each blob counted once, without uploads in progress.</summary>
    ValueTask<long> GetSizeAsync(RepositoryName repository, CancellationToken cancellationToken);
}
