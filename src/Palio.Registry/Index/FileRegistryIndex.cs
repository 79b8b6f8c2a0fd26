using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>
/// The index as files below <c>repositories/</c>. Changes take one lock for the whole registry, held for a few renames; readers take none,
/// as every file is whole or absent.
/// </summary>
internal sealed partial class FileRegistryIndex(IOptions<RegistryOptions> options, TimeProvider time) : IRegistryIndex
{
    private readonly Lock _changing = new();
    private readonly Dictionary<RepositoryName, RegistryUsage> _usage = [];
    private readonly Dictionary<RepositoryName, RegistryUsage> _ownerUsage = [];
    private readonly string _root = Path.Combine(options.Value.DataFolder, "repositories");
    private readonly string _temporary = Path.Combine(options.Value.DataFolder, "tmp");

    public ValueTask<bool> ExistsAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Folder(repository).Exists);

    public ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(RepositoryFolder.List(_root));

    public ValueTask LinkBlobAsync(RepositoryName repository, Digest digest, long length, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            LinkUnsynchronized(repository, digest, length);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> MountBlobAsync(RepositoryName from, RepositoryName to, Digest digest, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            if (ReadFile(Folder(from).Blob(digest)) is not { } length)
            {
                return ValueTask.FromResult(false);
            }

            LinkUnsynchronized(to, digest, ParseLength(Encoding.ASCII.GetString(length)));
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> HasBlobAsync(RepositoryName repository, Digest digest, bool renew, CancellationToken cancellationToken)
    {
        var path = Folder(repository).Blob(digest);
        if (!renew)
        {
            return ValueTask.FromResult(File.Exists(path));
        }

        lock (_changing)
        {
            var exists = File.Exists(path);
            if (exists)
            {
                Touch(path);
            }

            return ValueTask.FromResult(exists);
        }
    }

    public ValueTask<long?> FindBlobLengthAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        ValueTask.FromResult(ReadFile(Folder(repository).Blob(digest)) is { } text ? ParseLength(Encoding.ASCII.GetString(text)) : (long?)null);

    public ValueTask<RemovalResult> UnlinkBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        var folder = Folder(repository);
        lock (_changing)
        {
            if (!File.Exists(folder.Blob(digest)))
            {
                return ValueTask.FromResult(RemovalResult.Missing);
            }

            if (Records(folder).Any(r => r.Blobs.Contains(digest)))
            {
                return ValueTask.FromResult(RemovalResult.InUse);
            }

            UnlinkUnsynchronized(repository, folder, digest);
            return ValueTask.FromResult(RemovalResult.Removed);
        }
    }

    /// <remarks>Under the lock: between two repositories looked at, a mount could otherwise move the last link from one to the other.</remarks>
    public ValueTask<IReadOnlyList<Digest>> FindUnlinkedAsync(IReadOnlyList<Digest> digests, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            var folders = RepositoryFolder.List(_root).Select(Folder).ToList();
            return ValueTask.FromResult<IReadOnlyList<Digest>>([.. digests.Where(d => !folders.Any(f => File.Exists(f.Blob(d))))]);
        }
    }

    public ValueTask<long> GetSizeAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            return ValueTask.FromResult(UsageUnsynchronized(repository).Bytes);
        }
    }

    public ValueTask<RegistryUsage> GetUsageAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            return ValueTask.FromResult(OwnerUsageUnsynchronized(repository.Owner));
        }
    }

    private void LinkUnsynchronized(RepositoryName repository, Digest digest, long length)
    {
        var path = Folder(repository).Blob(digest);
        if (!File.Exists(path))
        {
            Write(path, Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
            ChangeUsageUnsynchronized(repository, length, 1);
        }

        Touch(path);
    }

    private void UnlinkUnsynchronized(RepositoryName repository, RepositoryFolder folder, Digest digest)
    {
        var length = ReadLength(folder.Blob(digest));
        File.Delete(folder.Blob(digest));
        ChangeUsageUnsynchronized(repository, -length, -1);
    }

    private void ChangeUsageUnsynchronized(RepositoryName repository, long bytes, int objects)
    {
        if (_usage.TryGetValue(repository, out var known))
        {
            _usage[repository] = known.Plus(bytes, objects);
        }

        if (_ownerUsage.TryGetValue(repository.Owner, out var ownerKnown))
        {
            _ownerUsage[repository.Owner] = ownerKnown.Plus(bytes, objects);
        }
    }

    // Added up from the files once, then carried along.
    private RegistryUsage UsageUnsynchronized(RepositoryName repository)
    {
        if (!_usage.TryGetValue(repository, out var usage))
        {
            var folder = Folder(repository);
            usage = new RegistryUsage(0, folder.Tags().Count());
            foreach (var (_, link) in folder.Blobs())
            {
                usage = usage.Plus(ReadLength(link.FullName), 1);
            }

            foreach (var record in Records(folder))
            {
                usage = usage.Plus(record.Size, 1);
            }

            _usage[repository] = usage;
        }

        return usage;
    }

    private RegistryUsage OwnerUsageUnsynchronized(RepositoryName owner)
    {
        if (!_ownerUsage.TryGetValue(owner, out var usage))
        {
            foreach (var repository in RepositoryFolder.List(_root, owner.Value).Where(r => r.Owner == owner))
            {
                var part = UsageUnsynchronized(repository);
                usage = usage.Plus(part.Bytes, part.Objects);
            }

            _ownerUsage[owner] = usage;
        }

        return usage;
    }

    private static long ReadLength(string link) => ParseLength(File.ReadAllText(link));

    private static long ParseLength(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0;

    private static IEnumerable<ManifestRecord> Records(RepositoryFolder folder) =>
        folder.ManifestRecords().Select(r => ReadRecord(r.Record.FullName)).OfType<ManifestRecord>();

    private static ManifestRecord? ReadRecord(string path) =>
        ReadFile(path) is { } json ? JsonSerializer.Deserialize(json, RegistryJson.Default.ManifestRecord) : null;

    private static byte[]? ReadIntact(RepositoryFolder folder, Digest manifest) =>
        ReadFile(folder.Manifest(manifest)) is { } content && Digest.Of(content, manifest.Algorithm) == manifest ? content : null;

    private static byte[]? ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Touch(string path) => File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);

    private void Write(string path, ReadOnlySpan<byte> content) => AtomicFile.Write(_temporary, path, content);

    private RepositoryFolder Folder(RepositoryName repository) => new(_root, repository);
}
