using System.Security.Cryptography;
using Palio.Server.Errors;

namespace Palio.Server.Storage;

/// <summary>Files by the digest of their content, below the data folder: what teams submit, hosts' scripts and annotations.</summary>
internal sealed class ContentStore(DataFolder data)
{
    private const string Algorithm = "sha256";
    private const string Incoming = "incoming";
    private const int BufferBytes = 1 << 17;

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
            var stored = await WriteAsync(source, temporary, maxBytes, cancellationToken);
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

    private static async Task<StoredContent> WriteAsync(Stream source, string path, long maxBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
        var buffer = new byte[BufferBytes];
        long length = 0;
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            length += read;
            if (length > maxBytes)
            {
                throw new PalioException(
                    StatusCodes.Status413PayloadTooLarge, RefusalCodes.FileTooLarge, $"The file has more than {maxBytes} bytes, the most that is taken.",
                    "Make it smaller: fewer digits, or packed, if the phase takes packed files.");
            }

            hash.AppendData(buffer.AsSpan(0, read));
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        await target.FlushAsync(cancellationToken);
        target.Flush(flushToDisk: true);
        return new StoredContent($"{Algorithm}:{Convert.ToHexStringLower(hash.GetHashAndReset())}", length);
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
