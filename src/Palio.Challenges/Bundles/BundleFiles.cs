using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Palio.Challenges.Bundles;

/// <summary>A bundle's files in memory: safe relative paths with <c>/</c>, unique also where letter case does not count.</summary>
public sealed class BundleFiles
{
    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> _files;

    private BundleFiles(SortedDictionary<string, ReadOnlyMemory<byte>> files) => _files = files;

    /// <summary>All paths, in ordinal order.</summary>
    public IReadOnlyCollection<string> Paths => _files.Keys;

    /// <summary>All files, in ordinal order of their paths.</summary>
    public IReadOnlyCollection<KeyValuePair<string, ReadOnlyMemory<byte>>> All => _files;

    /// <summary>Bytes in all.</summary>
    public long TotalBytes => _files.Values.Sum(content => (long)content.Length);

    /// <summary>Takes files from a folder. Hidden files and folders (<c>.git</c>) are left out; paths are checked as an archive's are.</summary>
    /// <param name="files">Relative path with <c>/</c>, and content.</param>
    /// <param name="limits">Default <see cref="BundleLimits.Default"/>.</param>
    public static BundleFilesReading Create(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files, BundleLimits? limits = null)
    {
        var intake = new BundleIntake(limits ?? BundleLimits.Default);
        foreach (var (path, content) in files)
        {
            if (intake.Admits(path, content.Length))
            {
                intake.Add(path, content);
            }
        }

        return intake.Finish();
    }

    /// <summary>The file's content.</summary>
    public bool TryGet(string path, out ReadOnlyMemory<byte> content) => _files.TryGetValue(path, out content);

    /// <summary>Whether there is such a file.</summary>
    public bool Contains(string path) => _files.ContainsKey(path);

    /// <summary>Whether there is a file below this folder.</summary>
    public bool ContainsFolder(string path) => _files.Keys.Any(file => file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>SHA-256 over all paths and contents, <c>sha256:…</c>; the way the files were packed does not matter.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (var (path, content) in _files)
        {
            var name = Encoding.UTF8.GetBytes(path);
            BinaryPrimitives.WriteInt64BigEndian(length, name.Length);
            hash.AppendData(length);
            hash.AppendData(name);
            BinaryPrimitives.WriteInt64BigEndian(length, content.Length);
            hash.AppendData(length);
            hash.AppendData(content.Span);
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static BundleFiles FromChecked(SortedDictionary<string, ReadOnlyMemory<byte>> files) => new(files);
}
