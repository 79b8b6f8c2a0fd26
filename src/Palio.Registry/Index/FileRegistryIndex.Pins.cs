using System.Text.Json;

namespace Palio.Registry;

internal sealed partial class FileRegistryIndex
{
    public ValueTask<bool> PinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, 200, nameof(reason));
        var folder = Folder(repository);
        if (ReadReasons(folder.Pin(digest)).Contains(reason))
        {
            return ValueTask.FromResult(true); // what is pinned is there: nobody waits for those who write
        }

        lock (_changing)
        {
            if (!File.Exists(folder.ManifestRecord(digest)))
            {
                return ValueTask.FromResult(false);
            }

            var reasons = ReadReasons(folder.Pin(digest));
            if (!reasons.Contains(reason))
            {
                WriteReasons(folder.Pin(digest), [.. reasons, reason]);
            }

            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> UnpinAsync(RepositoryName repository, Digest digest, string reason, CancellationToken cancellationToken)
    {
        var path = Folder(repository).Pin(digest);
        lock (_changing)
        {
            var reasons = ReadReasons(path);
            if (!reasons.Contains(reason))
            {
                return ValueTask.FromResult(false);
            }

            if (reasons.Count == 1)
            {
                File.Delete(path);
            }
            else
            {
                WriteReasons(path, [.. reasons.Where(r => r != reason)]);
            }

            return ValueTask.FromResult(true);
        }
    }

    /// <remarks>
    /// What holds a manifest: a tag, a pin, an index that is held, or a held subject. Untagged is not unused: children and attestations
    /// of an index are always untagged.
    /// </remarks>
    public ValueTask<CollectionResult> CollectAsync(
        RepositoryName repository, DateTimeOffset manifestsBefore, DateTimeOffset blobsBefore, CancellationToken cancellationToken)
    {
        var folder = Folder(repository);
        lock (_changing)
        {
            var records = Records(folder).ToDictionary(r => r.Digest, r => r with { Annotations = null }); // of no use here, and may be megabytes
            var held = Held(folder, records, manifestsBefore);
            var forgotten = records.Values.Where(r => !held.Contains(r.Digest)).ToList();
            foreach (var record in forgotten)
            {
                ForgetUnsynchronized(repository, folder, record);
                records.Remove(record.Digest);
            }

            var used = records.Values.SelectMany(r => r.Blobs).ToHashSet();
            var unused = folder.Blobs().Where(b => !used.Contains(b.Digest) && b.Link.LastWriteTimeUtc < blobsBefore).ToList();
            foreach (var (digest, _) in unused)
            {
                UnlinkUnsynchronized(repository, folder, digest);
            }

            return ValueTask.FromResult(new CollectionResult(forgotten.Count, unused.Count));
        }
    }

    private static HashSet<Digest> Held(RepositoryFolder folder, Dictionary<Digest, ManifestRecord> records, DateTimeOffset manifestsBefore)
    {
        var tagged = folder.Tags().Select(t => ReadTag(t.FullName)).OfType<Digest>();
        var young = records.Values.Where(r => r.PushedAt >= manifestsBefore).Select(r => r.Digest);
        var referrers = records.Values.Where(r => r.Subject is not null).ToLookup(r => r.Subject, r => r.Digest);
        var held = new HashSet<Digest>();
        var open = new Stack<Digest>(tagged.Concat(folder.Pins()).Concat(young));
        while (open.TryPop(out var digest))
        {
            if (held.Add(digest) && records.TryGetValue(digest, out var record))
            {
                foreach (var next in record.Manifests.Concat(referrers[digest]))
                {
                    open.Push(next);
                }
            }
        }

        return held;
    }

    private static List<string> ReadReasons(string path) =>
        ReadFile(path) is { } json ? JsonSerializer.Deserialize(json, RegistryJson.Default.ListString) ?? [] : [];

    private void WriteReasons(string path, List<string> reasons) =>
        Write(path, JsonSerializer.SerializeToUtf8Bytes(reasons, RegistryJson.Default.ListString));
}
