namespace Palio.Protocol.Pickles;

/// <summary>The values that protocol 0 writes as text.</summary>
internal static class PickleText
{
    private static readonly System.Buffers.SearchValues<byte> RealLetters = System.Buffers.SearchValues.Create("0123456789+-.einfa"u8);

    /// <summary>INT and LONG: decimal digits only, where Python would take other bases too.</summary>
    public static PickleItem Integer(ReadOnlySpan<byte> line, int maxDigits)
    {
        if (line.SequenceEqual("00"u8) || line.SequenceEqual("01"u8))
        {
            return new PickleItem(PickleKind.Bool, line[1] - '0');
        }

        var digits = line.StartsWith("-"u8) ? line[1..] : line;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            throw new PickleRefusedException("a whole number that is not made of digits");
        }

        return digits.Length > maxDigits ? throw new PickleRefusedException($"a whole number of {digits.Length} digits; at most {maxDigits} may cross")
            : System.Buffers.Text.Utf8Parser.TryParse(line, out long value, out var used) && used == line.Length ? new PickleItem(PickleKind.Int, value)
            : new PickleItem(PickleKind.BigInt, 0, digits.Length);
    }

    public static PickleItem Real(ReadOnlySpan<byte> line) =>
        line.Length is > 0 and <= 64 && !line.ContainsAnyExcept(RealLetters)
            ? new PickleItem(PickleKind.Float)
            : throw new PickleRefusedException("a number that is not written as one");

    /// <summary>STRING: a quoted Python 2 text.</summary>
    public static PickleItem Quoted(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2 || line[0] != line[^1] || line[0] is not ((byte)'\'' or (byte)'"')
            || line.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
        {
            throw new PickleRefusedException("a quoted text without its quotes");
        }

        return new PickleItem(PickleKind.EscapedText, 0, -1);
    }

    /// <summary>UNICODE: one byte a character, the others as \uXXXX or \UXXXXXXXX.</summary>
    public static PickleItem Escaped(ReadOnlySpan<byte> line, int offset)
    {
        var characters = 0;
        var past = false;
        for (var i = 0; i < line.Length; characters++)
        {
            if (line[i] != (byte)'\\')
            {
                i++;
                continue;
            }

            var digits = i + 1 < line.Length ? line[i + 1] switch { (byte)'u' => 4, (byte)'U' => 8, _ => 0 } : 0;
            if (digits == 0 || line.Length - i - 2 < digits || !TryHex(line.Slice(i + 2, digits), out var character) || character > 0x10ffff)
            {
                throw new PickleRefusedException("a text with an escape that pickle does not write");
            }

            past |= character > 0xff;
            i += digits + 2;
        }

        return characters == line.Length && System.Text.Ascii.IsValid(line)
            ? new PickleItem(PickleKind.Text, offset, line.Length)
            : new PickleItem(PickleKind.EscapedText, line.Length, past ? -1 : characters);
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, out uint value) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out value, out var used, 'x') && used == digits.Length;

    /// <summary>Characters of a UTF-8 text, -1 when one is past U+00FF and so no byte.</summary>
    public static int Latin1Length(ReadOnlySpan<byte> utf8)
    {
        // U+0080 to U+00FF are two bytes, led by C2 or C3.
        if (utf8.ContainsAnyInRange((byte)0xc4, (byte)0xff))
        {
            return -1;
        }

        return utf8.Length - utf8.Count((byte)0xc2) - utf8.Count((byte)0xc3);
    }
}
