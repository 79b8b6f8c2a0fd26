using System.Security.Cryptography;
using Palio.Server.Errors;

namespace Palio.Server.Storage;

/// <summary>Writes what is sent into a new file, piece by piece, and hashes it on the way.</summary>
internal static class HashedFile
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Writes a stream to its end.</summary>
    /// <param name="source">What is sent.</param>
    /// <param name="path">The new file.</param>
    /// <param name="room">Bytes it may have.</param>
    /// <param name="maxBytes">The limit that is told, of which the room is what is left.</param>
    /// <param name="cancellationToken">Gives up; the file is the caller's to remove.</param>
    /// <returns>SHA-256 in lower-case hex, and the length.</returns>
    /// <exception cref="PalioException">It is longer.</exception>
    public static async Task<(string Hash, long Bytes)> WriteAsync(Stream source, string path, long room, long maxBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
        var buffer = new byte[BufferBytes];
        long length = 0;
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            length += read;
            if (length > room)
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
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }
}
