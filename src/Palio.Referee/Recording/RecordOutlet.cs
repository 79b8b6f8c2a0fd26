using System.IO.Compression;
using Palio.Protocol.Evaluations;
using Palio.Referee.Events;

namespace Palio.Referee.Recording;

/// <summary>Where the records of all slots go out: standard output, up to a budget. The digest covers what does not fit all the same.</summary>
internal sealed class RecordOutlet(EventLog events, bool wanted, long bytes = RecordOutlet.DefaultBytes)
{
    /// <summary>Bytes of a record that go into one line, before they are packed.</summary>
    public const int PieceBytes = 64 * 1024;

    // Standard output is read to a cap that is far above this.
    private const long DefaultBytes = 64L * 1024 * 1024;

    // What gzip may add to bytes that it cannot make fewer: the fastest level writes up to nine bits for a byte.
    private const int GzipBytes = (PieceBytes / 8) + 1024;

    // What stands in a line beside the data.
    private const int LineBytes = 100;

    private readonly byte[] _packed = new byte[PieceBytes + GzipBytes];
    private long _left = bytes;

    public bool IsOpen => wanted && _left > 0;

    /// <summary>Packs a piece and writes it. False when it does not fit; nothing fits after that.</summary>
    public bool TryWrite(int ordinal, int part, bool last, ReadOnlySpan<byte> piece)
    {
        var text = Convert.ToBase64String(Pack(piece));
        _left -= IsOpen ? text.Length + LineBytes : 0;
        if (!IsOpen)
        {
            return false;
        }

        events.Write(new RecordChunk { Sequence = events.Next(), Episode = ordinal, Part = part, Last = last, Data = text });
        return true;
    }

    // A gzip member for each piece, one after another a gzip file: no slot keeps a compressor of its own between pieces.
    private ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> piece)
    {
        using var packed = new MemoryStream(_packed);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(piece);
        }

        return _packed.AsSpan(0, (int)packed.Position);
    }

    /// <summary>Says that an episode's record is not whole: its last part comes with a gap in the numbers and is empty.</summary>
    public void WriteGap(int ordinal, int parts)
    {
        if (wanted)
        {
            events.Write(new RecordChunk { Sequence = events.Next(), Episode = ordinal, Part = parts + 1, Last = true, Data = "" });
        }
    }
}
