namespace Palio.Cli.Output;

/// <summary>Text of others (team names, logs) must not steer the reader's terminal.</summary>
internal static class Printable
{
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = IsHarmless(source[i]) ? source[i] : '\uFFFD';
            }
        });
    }

    // C0 and C1 controls steer terminals; the bidirectional marks reorder what is read.
    private static bool IsHarmless(char c) =>
        c is '\n' or '\t' || (!char.IsControl(c) && c is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')));
}
