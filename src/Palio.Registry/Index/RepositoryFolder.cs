namespace Palio.Registry;

/// <summary>
/// The layout of one repository on disk. Names nest; the folders of a repository itself begin with an underscore, which no component of a
/// name can: <c>_blobs</c> (links whose text is the blob's length), <c>_manifests</c> (bytes, and a record beside them that makes them
/// count), <c>_tags</c>, <c>_referrers</c>, <c>_pins</c>.
/// </summary>
internal sealed class RepositoryFolder(string root, RepositoryName name)
{
    private readonly string _path = Path.Combine(root, name.Value);

    /// <summary>All repositories, or those at and below a name.</summary>
    public static IReadOnlyList<RepositoryName> List(string root, string below = "")
    {
        var names = new HashSet<RepositoryName>();
        Walk(new DirectoryInfo(Path.Combine(root, below)), below.Length == 0 ? "" : $"{below}/");
        return [.. names.OrderBy(n => n.Value, StringComparer.Ordinal)];

        void Walk(DirectoryInfo folder, string prefix)
        {
            foreach (var child in folder.Exists ? folder.EnumerateDirectories() : [])
            {
                if (child.Name[0] != '_')
                {
                    Walk(child, $"{prefix}{child.Name}/");
                }
                else if (child.Name is "_blobs" or "_manifests" && RepositoryName.TryParse(prefix.TrimEnd('/'), out var name))
                {
                    names.Add(name);
                }
            }
        }
    }

    public bool Exists => Directory.Exists(Path.Combine(_path, "_blobs")) || Directory.Exists(Path.Combine(_path, "_manifests"));

    public string Blob(Digest digest) => Content("_blobs", digest);

    public string Manifest(Digest digest) => Content("_manifests", digest);

    public string ManifestRecord(Digest digest) => Content("_manifests", digest) + ".json";

    public string Tag(string tag) => Path.Combine(_path, "_tags", tag);

    public string Pin(Digest digest) => Content("_pins", digest);

    public string Referrer(Digest subject, Digest digest) =>
        Path.Combine(_path, "_referrers", subject.Algorithm, subject.Hex, $"{digest.Algorithm}-{digest.Hex}");

    // With its folder when it was the last: subjects are of a stranger's choice and need not exist.
    public void DeleteReferrer(Digest subject, Digest digest)
    {
        var file = new FileInfo(Referrer(subject, digest));
        if (file.Exists)
        {
            file.Delete();
            if (!file.Directory!.EnumerateFileSystemInfos().Any()) // a file's path below the root has one
            {
                file.Directory.Delete();
            }
        }
    }

    public IEnumerable<(Digest Digest, FileInfo Link)> Blobs() => Contents("_blobs", "");

    public IEnumerable<(Digest Digest, FileInfo Record)> ManifestRecords() => Contents("_manifests", ".json");

    public IEnumerable<Digest> Pins() => Contents("_pins", "").Select(p => p.Digest);

    public IEnumerable<FileInfo> Tags() => Files(Path.Combine(_path, "_tags"));

    public IEnumerable<Digest> Referrers(Digest subject)
    {
        foreach (var file in Files(Path.Combine(_path, "_referrers", subject.Algorithm, subject.Hex)))
        {
            if (Digest.TryParse(file.Name.Replace('-', ':'), out var digest))
            {
                yield return digest;
            }
        }
    }

    private IEnumerable<(Digest Digest, FileInfo File)> Contents(string folder, string suffix)
    {
        foreach (var algorithm in new[] { Digest.Sha256, Digest.Sha512 })
        {
            foreach (var file in Files(Path.Combine(_path, folder, algorithm)))
            {
                if (file.Name.EndsWith(suffix, StringComparison.Ordinal)
                    && Digest.TryParse($"{algorithm}:{file.Name[..^suffix.Length]}", out var digest))
                {
                    yield return (digest, file);
                }
            }
        }
    }

    private static FileInfo[] Files(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetFiles();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private string Content(string folder, Digest digest) => Path.Combine(_path, folder, digest.Algorithm, digest.Hex);
}
