using System.Text;
using System.Text.RegularExpressions;

namespace Palio.Evaluation.Logs;

/// <summary>Makes untrusted output safe to show in a terminal and on a page, and short.</summary>
public static partial class LogText
{
    /// <summary>Bytes of a log that go into a fault.</summary>
    public const int TailBytes = 8 * 1024;

    /// <summary>
    /// Text of untrusted bytes: not UTF-8 becomes U+FFFD, carriage returns end lines, and control characters (escape sequences,
    /// bidirectional overrides) become visible symbols that no terminal obeys. Colours are left out.
    /// </summary>
    public static string Neutralise(ReadOnlySpan<byte> bytes)
    {
        var text = Colour().Replace(Encoding.UTF8.GetString(bytes), "");
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\r')
            {
                if (i + 1 < text.Length && text[i + 1] is '\n')
                {
                    continue;
                }

                c = '\n';
            }

            result.Append(Visible(c));
        }

        return result.ToString();
    }

    /// <summary>The last bytes of a text, from the beginning of a line where there is one, with a mark when something was left out.</summary>
    public static string Tail(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        const string Mark = "[… earlier output left out]\n";
        var room = bytes - Encoding.UTF8.GetByteCount(Mark);
        var start = text.Length;
        while (start > 0)
        {
            // Never between the halves of a surrogate pair.
            var next = start > 1 && char.IsLowSurrogate(text[start - 1]) ? start - 2 : start - 1;
            room -= Encoding.UTF8.GetByteCount(text.AsSpan(next, start - next));
            if (room < 0)
            {
                break;
            }

            start = next;
        }

        var line = text.IndexOf('\n', start);
        if (line >= 0 && line + 1 < text.Length && line - start < 1024)
        {
            start = line + 1;
        }

        return Mark + text[start..];
    }

    // What many a Python program puts around its warnings; of all escape sequences the one that says nothing.
    [GeneratedRegex(@"\x1b\[[0-9;]{0,32}m")]
    private static partial Regex Colour();

    private static char Visible(char c) => c switch
    {
        '\n' or '\t' => c,
        < ' ' => (char)(0x2400 + c),
        '\x7f' => '\x2421',
        >= '\x80' and <= '\x9f' => '\xfffd',
        // Line and paragraph separators, bidirectional marks, embeddings, overrides and isolates, byte order mark.
        '\x2028' or '\x2029' or '\x200e' or '\x200f' or '\x061c' or '\xfeff' => '\xfffd',
        (>= '\x202a' and <= '\x202e') or (>= '\x2066' and <= '\x2069') => '\xfffd',
        _ => c,
    };
}
