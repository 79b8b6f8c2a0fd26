using Palio.Server.Errors;

namespace Palio.Server.Storage;

/// <summary>Files by the digest of their content, below the data folder: what teams submit, hosts' scripts and annotations.</summary>
internal sealed class ContentStore(DataFolder data)
{
    private const string Algorithm = "sha256";
    private const string Incoming = "incoming";

    /// <summary>Stores a stream, piece by piece, and gives its digest. The same content twice is one file.</summary>
    /// <param name="source">Read to its end.</param>
    /// <param name="maxBytes">More than this is refused.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="PalioException">It is longer.</exception>
    public async Task<StoredContent> PutAsync(Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        using var staged = await StageAsync(source, maxBytes, cancellationToken);
        staged.Keep();
        return staged.Content;
    }

    /// <summary>Reads a stream into a file aside, which is gone when nobody keeps it: what is refused leaves nothing behind.</summary>
    /// <param name="source">Read to its end.</param>
    /// <param name="maxBytes">More than this is refused.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="PalioException">It is longer.</exception>
    public async Task<StagedContent> StageAsync(Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(data.PrivateFolder("content", Incoming), Guid.NewGuid().ToString("N"));
        try
        {
            var (hash, bytes) = await HashedFile.WriteAsync(source, temporary, maxBytes, maxBytes, cancellationToken);
            var stored = new StoredContent($"{Algorithm}:{hash}", bytes);
            return new StagedContent(temporary, PathOf(stored.Digest), stored);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>At start: what a server that died had staged.</summary>
    public void RemoveStaged()
    {
        foreach (var file in Directory.EnumerateFiles(data.PrivateFolder("content", Incoming)))
        {
            File.Delete(file);
        }
    }

    /// <summary>Whether there is such a file.</summary>
    public bool Contains(string digest) => File.Exists(PathOf(digest));

    /// <summary>The file, to read from its beginning.</summary>
    public FileStream Open(string digest) => new(PathOf(digest), new FileStreamOptions
    {
        Access = FileAccess.Read,
        Share = FileShare.Read | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    });

    /// <summary>Where the file is, to be sent from there.</summary>
    public string PathOf(string digest)
    {
        var name = digest.StartsWith(Algorithm + ":", StringComparison.Ordinal) ? digest[(Algorithm.Length + 1)..] : "";
        return name.Length == 64 && name.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(data.PrivateFolder("content", Algorithm), name[..2], name)
            : throw new ArgumentException($"'{digest}' is no digest of stored content.", nameof(digest));
    }
}

/// <summary>Content on its way into the store.</summary>
internal sealed class StagedContent(string temporary, string path, StoredContent content) : IDisposable
{
    public StoredContent Content => content;

    /// <summary>Stores it. The same content twice is one file.</summary>
    public void Keep()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!); // below the root, so it has a folder
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes it, unless it was kept.</summary>
    public void Dispose() => File.Delete(temporary);
}

/// <summary>Content that is stored.</summary>
internal sealed record StoredContent(string Digest, long Bytes);
