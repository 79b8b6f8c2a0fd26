namespace Palio.Registry;

/// <summary>
/// Which repository holds what: blob links, manifests, tags, referrers, pins. Every change is durable and atomic, and checks what it
/// relies on in the same step. Knows no permissions.
/// </summary>
public interface IRegistryIndex
{
    /// <summary>Whether anything was ever stored there.</summary>
    ValueTask<bool> ExistsAsync(RepositoryName repository, CancellationToken cancellationToken);

    /// <summary>All repositories, in ordinal order.</summary>
    ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(CancellationToken cancellationToken);

    /// <summary>Lets the repository hold a stored blob. Repeating it renews the grace it has from the collector.</summary>
    ValueTask LinkBlobAsync(RepositoryName repository, Digest digest, long length, CancellationToken cancellationToken);

    /// <summary>Lets another repository hold a blob that this one holds. False when it does not.</summary>
    ValueTask<bool> MountBlobAsync(RepositoryName from, RepositoryName to, Digest digest, CancellationToken cancellationToken);

    /// <summary>Whether the repository holds the blob.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="renew">Whether somebody relies on the answer to push: renews the grace from the collector.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<bool> HasBlobAsync(RepositoryName repository, Digest digest, bool renew, CancellationToken cancellationToken);

    /// <summary>The length of a blob the repository holds, or null.</summary>
    ValueTask<long?> FindBlobLengthAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);

    /// <summary>Takes a blob out of the repository unless one of its manifests uses it.</summary>
    ValueTask<RemovalResult> UnlinkBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);

    /// <summary>What is known about a manifest, or null.</summary>
    ValueTask<ManifestRecord?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);

    /// <summary>A manifest's exact bytes; null when there are none, or they are not those it was stored with.</summary>
    ValueTask<byte[]?> ReadManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);

    /// <summary>Stores a manifest and moves tags to it, if all it refers to is there. Returns the first that is missing, or null.</summary>
    ValueTask<Digest?> PutManifestAsync(
        RepositoryName repository, ManifestRecord manifest, ReadOnlyMemory<byte> content, IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>Deletes a manifest with its tags, unless it is pinned or part of something pinned.</summary>
    ValueTask<RemovalResult> DeleteManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);

    /// <summary>The digest a tag stands at, or null.</summary>
    ValueTask<Digest?> ResolveTagAsync(RepositoryName repository, string tag, CancellationToken cancellationToken);

    /// <summary>All tags, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken);

    /// <summary>Deletes only the tag. False when there is none.</summary>
    ValueTask<bool> DeleteTagAsync(RepositoryName repository, string tag, CancellationToken cancellationToken);

    /// <summary>The manifests whose subject this is, ordered by digest; read one by one, for they may be many and large.</summary>
    IAsyncEnumerable<ManifestRecord> ListReferrersAsync(RepositoryName repository, Digest subject, CancellationToken cancellationToken);

    /// <summary>Adds a pin. False when the manifest is not there.</summary>
    ValueTask<bool> PinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken);

    /// <summary>Takes a pin away. False when there was none with this reason.</summary>
    ValueTask<bool> UnpinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken);

    /// <summary>The bytes held, each blob counted once, manifests included.</summary>
    ValueTask<long> GetSizeAsync(RepositoryName repository, CancellationToken cancellationToken);

    /// <summary>What this repository and all others of the same owner, the first two components of its name, hold together.</summary>
    ValueTask<RegistryUsage> GetUsageAsync(RepositoryName repository, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets manifests that nothing holds and that were pushed before one moment, and blobs that no manifest uses and that were linked
    /// before another. Returns how much it forgot; the bytes of the blobs are the blob store's to delete.
    /// </summary>
    ValueTask<CollectionResult> CollectAsync(
        RepositoryName repository, DateTimeOffset manifestsBefore, DateTimeOffset blobsBefore, CancellationToken cancellationToken);

    /// <summary>Those of the blobs that no repository holds.</summary>
    ValueTask<IReadOnlyList<Digest>> FindUnlinkedAsync(IReadOnlyList<Digest> digests, CancellationToken cancellationToken);
}

/// <summary>What became of a removal.</summary>
public enum RemovalResult
{
    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It was not there.</summary>
    Missing,

    /// <summary>Something else needs it: a pin, or a manifest.</summary>
    InUse,
}

/// <summary>What is held.</summary>
/// <param name="Bytes">Blobs and manifests.</param>
/// <param name="Objects">The number of blobs, manifests and tags.</param>
public readonly record struct RegistryUsage(long Bytes, int Objects)
{
    internal RegistryUsage Plus(long bytes, int objects) => new(Bytes + bytes, Objects + objects);
}

/// <summary>What a collection forgot.</summary>
public sealed record CollectionResult(int Manifests, int Blobs);

/// <summary>What is known about a stored manifest.</summary>
public sealed record ManifestRecord
{
    /// <summary>Its digest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The content type it was pushed with.</summary>
    public required string MediaType { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>When it was last pushed.</summary>
    public required DateTimeOffset PushedAt { get; init; }

    /// <summary>What it is an attachment to, if anything; need not exist.</summary>
    public Digest? Subject { get; init; }

    /// <summary>Its artifact type, or its config's media type.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Its annotations.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The blobs it needs: config and layers, but those that may not be distributed.</summary>
    public required IReadOnlyList<Digest> Blobs { get; init; }

    /// <summary>The manifests it needs: an index's entries.</summary>
    public required IReadOnlyList<Digest> Manifests { get; init; }
}
