using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Blobs as files: <c>blobs/&lt;algorithm&gt;/&lt;first two digits&gt;/&lt;digits&gt;</c>; uploads beside them in the same file system.</summary>
internal sealed class FileBlobStore(IOptions<RegistryOptions> options, TimeProvider time) : IBlobStore
{
    // Held while a file is put into its place or taken from it, so that a deletion never takes what was just pushed again.
    private readonly Lock _placing = new();
    private readonly string _blobs = Path.Combine(options.Value.DataFolder, "blobs");
    private readonly string _damaged = Path.Combine(options.Value.DataFolder, "damaged");
    private readonly string _uploads = Path.Combine(options.Value.DataFolder, "uploads");

    public ValueTask<StoredBlob?> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        var path = PathOf(digest);
        var file = new FileInfo(path);
        return ValueTask.FromResult(file.Exists
            ? new StoredBlob(digest, file.Length, path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete))
            : null);
    }

    public ValueTask<IBlobUpload> OpenUploadAsync(string uploadId, string algorithm, CancellationToken cancellationToken)
    {
        if (uploadId.Length == 0 || !uploadId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new ArgumentException("An upload's id is letters, digits and dashes.", nameof(uploadId));
        }

        Directory.CreateDirectory(_uploads);
        return ValueTask.FromResult<IBlobUpload>(new FileBlobUpload(Path.Combine(_uploads, uploadId), algorithm, Place));
    }

    public ValueTask DeleteUploadsExceptAsync(IReadOnlySet<string> uploadIds, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.CreateDirectory(_uploads).EnumerateFiles().Where(f => !uploadIds.Contains(f.Name)))
        {
            file.Delete();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> DeleteAsync(Digest digest, DateTimeOffset storedBefore, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(digest));
        lock (_placing)
        {
            if (!file.Exists || file.LastWriteTimeUtc >= storedBefore)
            {
                return ValueTask.FromResult(false);
            }

            file.Delete();
            return ValueTask.FromResult(true);
        }
    }

    public async ValueTask<BlobCondition> VerifyAsync(Digest digest, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(digest));
        if (!file.Exists)
        {
            return BlobCondition.Missing;
        }

        var (stored, length) = (file.LastWriteTimeUtc, file.Length);
        try
        {
            if (await HashAsync(file.FullName, digest.Algorithm, cancellationToken) == digest)
            {
                return BlobCondition.Sound;
            }
        }
        catch (FileNotFoundException)
        {
            return BlobCondition.Missing;
        }

        lock (_placing)
        {
            // Pushed again while the old bytes were read?
            file.Refresh();
            if (!file.Exists || file.LastWriteTimeUtc != stored || file.Length != length)
            {
                return BlobCondition.Missing;
            }

            Directory.CreateDirectory(_damaged);
            File.Move(file.FullName, Path.Combine(_damaged, $"{digest.Algorithm}-{digest.Hex}"), overwrite: true);
            return BlobCondition.Damaged;
        }
    }

    public async IAsyncEnumerable<Digest> ListAsync(DateTimeOffset storedBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var algorithm in new[] { Digest.Sha256, Digest.Sha512 })
        {
            var folder = new DirectoryInfo(Path.Combine(_blobs, algorithm));
            if (!folder.Exists)
            {
                continue;
            }

            foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Digest.TryParse($"{algorithm}:{file.Name}", out var digest) && file.LastWriteTimeUtc < storedBefore)
                {
                    yield return digest;
                }
            }
        }
    }

    private static async Task<Digest> HashAsync(string path, string algorithm, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.SequentialScan, BufferSize = 1 << 20 };
        await using var stream = new FileStream(path, options);
        return Digest.FromHash(algorithm, algorithm == Digest.Sha512
            ? await SHA512.HashDataAsync(stream, cancellationToken)
            : await SHA256.HashDataAsync(stream, cancellationToken));
    }

    // Replaces an equal file when there is one: the same content, but a new age, which keeps it from a collection under way.
    private void Place(string staged, Digest digest)
    {
        var path = PathOf(digest);
        lock (_placing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!); // a path below the data folder always has one
            File.SetLastWriteTimeUtc(staged, time.GetUtcNow().UtcDateTime);
            File.Move(staged, path, overwrite: true);
        }
    }

    private string PathOf(Digest digest) => Path.Combine(_blobs, digest.Algorithm, digest.Hex[..2], digest.Hex);
}
