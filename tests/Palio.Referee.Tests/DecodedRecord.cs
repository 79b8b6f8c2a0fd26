using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

/// <summary>Reads the records of a session as docs/protocol.md describes them; shares nothing with the referee's own code.</summary>
internal static class DecodedRecord
{
    /// <summary>The transcript digest of the records.</summary>
    public static string Digest(IReadOnlyList<RefereeEvent> events)
    {
        var chain = SHA256.HashData("palio.record.v1"u8);
        foreach (var ordinal in events.OfType<EpisodeFinished>().Select(said => said.Episode.Ordinal).Order())
        {
            var number = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)ordinal);
            chain = SHA256.HashData([.. chain, .. number, .. SHA256.HashData(Bytes(events, ordinal))]);
        }

        return Convert.ToHexStringLower(chain);
    }

    /// <summary>An episode's entries with their kinds.</summary>
    public static IReadOnlyList<(byte Kind, Entry Entry)> Entries(IReadOnlyList<RefereeEvent> events, int ordinal)
    {
        var bytes = Bytes(events, ordinal).AsSpan();
        var entries = new List<(byte, Entry)>();
        while (!bytes.IsEmpty)
        {
            var header = EntryHeader.Read(bytes[1..]);
            var size = 1 + EntryHeader.ByteCount + header.Size;
            entries.Add((bytes[0], new Entry(header, bytes[(1 + EntryHeader.ByteCount)..size].ToArray())));
            bytes = bytes[size..];
        }

        return entries;
    }

    private static byte[] Bytes(IReadOnlyList<RefereeEvent> events, int ordinal)
    {
        var chunks = events.OfType<RecordChunk>().Where(chunk => chunk.Episode == ordinal).ToList();
        Assert.Equal(Enumerable.Range(0, chunks.Count), chunks.Select(chunk => chunk.Part));
        Assert.Equal(chunks.Count - 1, chunks.FindIndex(chunk => chunk.Last));
        using var plain = new MemoryStream();
        using var packed = new GZipStream(
            new MemoryStream([.. chunks.SelectMany(chunk => Convert.FromBase64String(chunk.Data))]), CompressionMode.Decompress);
        packed.CopyTo(plain);
        return plain.ToArray();
    }
}
