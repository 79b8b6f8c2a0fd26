namespace Palio.Registry;

/// <summary>Where blobs are kept by their content's address. Knows no repositories and no permissions.</summary>
public interface IBlobStore
{
    /// <summary>The blob, or null when it is not stored.</summary>
    ValueTask<StoredBlob?> FindAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Opens the staging area of an upload, making it when it is not there. One owner at a time.</summary>
    /// <param name="uploadId">The upload's id: letters, digits and dashes.</param>
    /// <param name="algorithm">The digest algorithm expected at the end; another one costs a second reading.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IBlobUpload> OpenUploadAsync(string uploadId, string algorithm, CancellationToken cancellationToken);

    /// <summary>Deletes the staging areas that no upload claims; at start only.</summary>
    ValueTask DeleteUploadsExceptAsync(IReadOnlySet<string> uploadIds, CancellationToken cancellationToken);

    /// <summary>Deletes a blob stored before this moment. False when it is not there or younger: somebody pushed it again.</summary>
    ValueTask<bool> DeleteAsync(Digest digest, DateTimeOffset storedBefore, CancellationToken cancellationToken);

    /// <summary>Reads the blob; one whose bytes have another digest is set aside and found no more.</summary>
    ValueTask<BlobCondition> VerifyAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>All blobs stored before this moment.</summary>
    IAsyncEnumerable<Digest> ListAsync(DateTimeOffset storedBefore, CancellationToken cancellationToken);
}

/// <summary>What reading a blob again came to.</summary>
public enum BlobCondition
{
    /// <summary>It has the bytes it was stored with.</summary>
    Sound,

    /// <summary>It has others, and was set aside.</summary>
    Damaged,

    /// <summary>It is not there, or was replaced while it was read.</summary>
    Missing,
}

/// <summary>A stored blob.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Path">The file that holds it, for sending it without copying; null when the store has no files.</param>
/// <param name="OpenRead">Opens it at its beginning; seekable.</param>
public sealed record StoredBlob(Digest Digest, long Length, string? Path, Func<Stream> OpenRead);

/// <summary>The staging area of one upload. Survives the process; its length is the truth about what was received.</summary>
public interface IBlobUpload : IAsyncDisposable
{
    /// <summary>Bytes received.</summary>
    long Length { get; }

    /// <summary>
    /// Appends what the body holds, hashing beside writing, in memory that does not grow with it. What arrived before a failure stays.
    /// </summary>
    /// <param name="body">The bytes.</param>
    /// <param name="admit">Asked before each piece of so many bytes is kept; throws to refuse it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes appended.</returns>
    ValueTask<long> AppendAsync(Stream body, Func<int, ValueTask> admit, CancellationToken cancellationToken);

    /// <summary>Forgets everything after this length.</summary>
    ValueTask TruncateAsync(long length, CancellationToken cancellationToken);

    /// <summary>Makes the bytes durable and stores them under the digest. False, and nothing stored, when they have another one.</summary>
    ValueTask<bool> CommitAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Throws the bytes away.</summary>
    ValueTask DeleteAsync(CancellationToken cancellationToken);
}
