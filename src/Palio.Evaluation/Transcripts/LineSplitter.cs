namespace Palio.Evaluation.Transcripts;

/// <summary>Cuts a byte stream into lines, with a cap on the length of a line and on all of them together.</summary>
internal sealed class LineSplitter(int longestLine, long mostBytes)
{
    private byte[] _line = new byte[4096];
    private int _length;
    private long _total;

    /// <summary>Takes bytes and hands each complete line on, without its end.</summary>
    /// <returns>False when a cap was passed; nothing after it is handed on.</returns>
    public bool Add(ReadOnlySpan<byte> bytes, Func<ReadOnlyMemory<byte>, bool> onLine)
    {
        _total += bytes.Length;
        if (_total > mostBytes)
        {
            return false;
        }

        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var piece = end < 0 ? bytes : bytes[..end];
            if (_length + piece.Length > longestLine)
            {
                return false;
            }

            Append(piece);
            if (end < 0)
            {
                return true;
            }

            var more = onLine(_line.AsMemory(0, _length));
            _length = 0;
            if (!more)
            {
                return false;
            }

            bytes = bytes[(end + 1)..];
        }

        return true;
    }

    /// <summary>Bytes after the last line's end.</summary>
    public int Unfinished => _length;

    private void Append(ReadOnlySpan<byte> piece)
    {
        if (_length + piece.Length > _line.Length)
        {
            Array.Resize(ref _line, Math.Max(_line.Length * 2, _length + piece.Length));
        }

        piece.CopyTo(_line.AsSpan(_length));
        _length += piece.Length;
    }
}
