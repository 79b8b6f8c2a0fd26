using System.Buffers.Binary;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>What the first bytes of a picture say. Names lie, and SVG is a program.</summary>
internal sealed record PictureHeader(string MediaType, int Width, int Height)
{
    /// <summary>Most pixels to a side: browsers of participants decode it.</summary>
    public const int MaxSide = 8_192;

    /// <summary>The header; null when it is no picture of a known type.</summary>
    public static PictureHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 24 && bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return new("image/png", Side(BinaryPrimitives.ReadUInt32BigEndian(bytes[16..])), Side(BinaryPrimitives.ReadUInt32BigEndian(bytes[20..])));
        }

        if (bytes.Length >= 10 && (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8)))
        {
            return new("image/gif", BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
        }

        if (bytes.Length >= 16 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8))
        {
            return WebP(bytes);
        }

        return bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg(bytes) : null;
    }

    private static int Side(uint value) => (int)Math.Min(value, int.MaxValue);

    // A file of chunks: VP8X says the canvas of a picture with more than one part, VP8L and VP8 the picture itself. The largest counts.
    private static PictureHeader? WebP(ReadOnlySpan<byte> bytes)
    {
        var (width, height) = (0, 0);
        for (var at = 12L; at + 18 <= bytes.Length;)
        {
            var chunk = bytes[(int)at..];
            var (w, h) = WebPChunk(chunk[..4], chunk[8..]);
            (width, height) = (Math.Max(width, w), Math.Max(height, h));
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            at += 8L + length + (length & 1);
        }

        return width > 0 && height > 0 ? new("image/webp", width, height) : null;
    }

    private static (int Width, int Height) WebPChunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name.SequenceEqual("VP8X"u8))
        {
            return (1 + (data[4] | data[5] << 8 | data[6] << 16), 1 + (data[7] | data[8] << 8 | data[9] << 16));
        }

        if (name.SequenceEqual("VP8L"u8) && data[0] == 0x2F)
        {
            var sides = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return (1 + (int)(sides & 0x3FFF), 1 + (int)(sides >> 14 & 0x3FFF));
        }

        return name.SequenceEqual("VP8 "u8) && data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            ? (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF)
            : (0, 0);
    }

    private static PictureHeader? Jpeg(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 9 < bytes.Length && bytes[at] == 0xFF;)
        {
            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            // The start-of-frame markers, without the three in their range that are something else.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return new("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return null;
    }
}
