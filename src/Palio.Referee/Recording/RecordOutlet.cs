using System.Buffers.Text;
using System.IO.Compression;
using Palio.Referee.Events;

namespace Palio.Referee.Recording;

/// <summary>Where the records of all slots go out: standard output, up to a budget. The digest covers what does not fit all the same.</summary>
internal sealed class RecordOutlet(EventLog events, bool wanted, int slots = 1, long bytes = RecordOutlet.DefaultBytes)
{
    private const int LargestPiece = 64 * 1024;
    private const int SmallestPiece = 4 * 1024;

    // All slots together wait with this much: many of them must not take much more memory than one.
    private const int WaitingBytes = 1024 * 1024;

    // Standard output is read to a cap that is far above this.
    private const long DefaultBytes = 64L * 1024 * 1024;

    // What gzip may add to bytes that it cannot make fewer: the fastest level writes up to nine bits for a byte.
    private const int GzipBytes = (LargestPiece / 8) + 1024;

    // What stands in a line beside the data.
    private const int LineBytes = 100;

    // What packing leaves behind, half a kilobyte each, is collected after so many: by itself the collector waits until it fills the cache, tens of megabytes.
    private const int PiecesOfGarbage = 200;

    private readonly byte[] _packed = new byte[LargestPiece + GzipBytes];
    private long _left = bytes;
    private int _garbage;

    /// <summary>Bytes of a record that go into one line, before they are packed.</summary>
    public int PieceBytes { get; } = Math.Clamp(WaitingBytes / slots, SmallestPiece, LargestPiece);

    public bool IsOpen => wanted && _left > 0;

    /// <summary>Packs a piece and writes it. False when it does not fit; nothing fits after that.</summary>
    public bool TryWrite(int ordinal, int part, bool last, ReadOnlySpan<byte> piece)
    {
        var packed = Pack(piece);
        _left -= IsOpen ? Base64.GetMaxEncodedToUtf8Length(packed.Length) + LineBytes : 0;
        if (!IsOpen)
        {
            return false;
        }

        events.WriteRecord(ordinal, part, last, packed);
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

        if (++_garbage == PiecesOfGarbage)
        {
            _garbage = 0;
            GC.Collect(0);
        }

        return _packed.AsSpan(0, (int)packed.Position);
    }

    /// <summary>Says that an episode's record is not whole: its last part comes with a gap in the numbers and is empty.</summary>
    public void WriteGap(int ordinal, int parts)
    {
        if (wanted)
        {
            events.WriteRecord(ordinal, parts + 1, last: true, []);
        }
    }
}
