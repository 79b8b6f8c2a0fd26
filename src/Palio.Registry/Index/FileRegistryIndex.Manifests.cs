using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Palio.Registry;

internal sealed partial class FileRegistryIndex
{
    public ValueTask<ManifestRecord?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        ValueTask.FromResult(ReadRecord(Folder(repository).ManifestRecord(digest)));

    public ValueTask<byte[]?> ReadManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        ValueTask.FromResult(ReadIntact(Folder(repository), digest));

    public ValueTask<Digest?> PutManifestAsync(
        RepositoryName repository, ManifestRecord manifest, ReadOnlyMemory<byte> content, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var folder = Folder(repository);
        lock (_changing)
        {
            var missing = manifest.Blobs.FirstOrDefault(b => !File.Exists(folder.Blob(b)))
                ?? manifest.Manifests.FirstOrDefault(m => !File.Exists(folder.ManifestRecord(m)));
            if (missing is not null)
            {
                return ValueTask.FromResult<Digest?>(missing);
            }

            // The record comes last: with it the manifest counts. A referrer's entry without one is ignored.
            // The same bytes again only renew it: what they were stored as stays, and a damaged file is mended.
            var known = ReadRecord(folder.ManifestRecord(manifest.Digest));
            if (known is null || ReadIntact(folder, manifest.Digest) is null)
            {
                Write(folder.Manifest(manifest.Digest), content.Span);
            }

            if (manifest.Subject is { } subject)
            {
                Write(folder.Referrer(subject, manifest.Digest), []);
            }

            var record = known is null ? manifest : known with { PushedAt = manifest.PushedAt };
            Write(folder.ManifestRecord(manifest.Digest), JsonSerializer.SerializeToUtf8Bytes(record, RegistryJson.Default.ManifestRecord));
            foreach (var tag in tags)
            {
                var isNew = !File.Exists(folder.Tag(tag));
                Write(folder.Tag(tag), Encoding.ASCII.GetBytes(manifest.Digest.ToString()));
                ChangeUsageUnsynchronized(repository, 0, isNew ? 1 : 0);
            }

            if (known is null)
            {
                ChangeUsageUnsynchronized(repository, manifest.Size, 1);
            }

            return ValueTask.FromResult<Digest?>(null);
        }
    }

    public ValueTask<RemovalResult> DeleteManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        var folder = Folder(repository);
        lock (_changing)
        {
            if (ReadRecord(folder.ManifestRecord(digest)) is not { } record)
            {
                return ValueTask.FromResult(RemovalResult.Missing);
            }

            if (Reachable(folder, folder.Pins()).Contains(digest))
            {
                return ValueTask.FromResult(RemovalResult.InUse);
            }

            foreach (var tag in folder.Tags().Where(t => ReadTag(t.FullName) == digest))
            {
                tag.Delete();
                ChangeUsageUnsynchronized(repository, 0, -1);
            }

            ForgetUnsynchronized(repository, folder, record);
            return ValueTask.FromResult(RemovalResult.Removed);
        }
    }

    public ValueTask<Digest?> ResolveTagAsync(RepositoryName repository, string tag, CancellationToken cancellationToken) =>
        ValueTask.FromResult(TagName.IsValid(tag) ? ReadTag(Folder(repository).Tag(tag)) : null);

    public ValueTask<IReadOnlyList<string>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        var tags = Folder(repository).Tags().Select(t => t.Name).ToArray();
        Array.Sort(tags, string.CompareOrdinal);
        return ValueTask.FromResult<IReadOnlyList<string>>(tags);
    }

    public ValueTask<bool> DeleteTagAsync(RepositoryName repository, string tag, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            var path = Folder(repository).Tag(tag);
            var exists = TagName.IsValid(tag) && File.Exists(path);
            if (exists)
            {
                File.Delete(path);
                ChangeUsageUnsynchronized(repository, 0, -1);
            }

            return ValueTask.FromResult(exists);
        }
    }

    public async IAsyncEnumerable<ManifestRecord> ListReferrersAsync(
        RepositoryName repository, Digest subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var folder = Folder(repository);
        foreach (var digest in folder.Referrers(subject).OrderBy(d => d.ToString(), StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ReadRecord(folder.ManifestRecord(digest)) is { } record)
            {
                yield return record;
            }
        }
    }

    private void ForgetUnsynchronized(RepositoryName repository, RepositoryFolder folder, ManifestRecord record)
    {
        if (record.Subject is { } subject)
        {
            folder.DeleteReferrer(subject, record.Digest);
        }

        File.Delete(folder.ManifestRecord(record.Digest));
        File.Delete(folder.Manifest(record.Digest));
        ChangeUsageUnsynchronized(repository, -record.Size, -1);
    }

    // These manifests and, through indexes, all below them.
    private static HashSet<Digest> Reachable(RepositoryFolder folder, IEnumerable<Digest> roots)
    {
        var reached = new HashSet<Digest>();
        var open = new Stack<Digest>(roots);
        while (open.TryPop(out var digest))
        {
            if (reached.Add(digest) && ReadRecord(folder.ManifestRecord(digest)) is { } record)
            {
                foreach (var child in record.Manifests)
                {
                    open.Push(child);
                }
            }
        }

        return reached;
    }

    private static Digest? ReadTag(string path) =>
        ReadFile(path) is { } text && Digest.TryParse(Encoding.ASCII.GetString(text), out var digest) ? digest : null;
}
