using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Palio.Server.Features.Evaluations;

/// <summary>The digest of a transcript from its stored records, as docs/protocol.md, "The record", defines it.</summary>
internal static class TranscriptDigest
{
    /// <summary>Chains the episodes' digests.</summary>
    /// <param name="records">Ordinal and file of every episode, in the order of the ordinals.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>Lower-case hex; null when a record cannot be read.</returns>
    public static async Task<string?> ComputeAsync(IEnumerable<(int Ordinal, string Path)> records, CancellationToken cancellationToken)
    {
        var digest = SHA256.HashData("palio.record.v1"u8);
        var link = new byte[32 + sizeof(uint) + 32];
        foreach (var (ordinal, path) in records)
        {
            try
            {
                await using var file = File.OpenRead(path);
                await using var record = new GZipStream(file, CompressionMode.Decompress);
                digest.CopyTo(link, 0);
                BinaryPrimitives.WriteUInt32LittleEndian(link.AsSpan(32), (uint)ordinal);
                (await SHA256.HashDataAsync(record, cancellationToken)).CopyTo(link, 36);
                digest = SHA256.HashData(link);
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException or InvalidDataException)
            {
                return null;
            }
        }

        return Convert.ToHexStringLower(digest);
    }
}
