using System.Globalization;

namespace Palio.Registry;

/// <summary>A chunk's place as clients write it: <c>0-1023</c>, inclusive, without the unit HTTP would want.</summary>
internal readonly record struct ContentRange(long First, long Last)
{
    public long Length => Last - First + 1;

    public static bool TryParse(string text, out ContentRange range)
    {
        range = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !TryRead(text.AsSpan(0, dash), out var first) || !TryRead(text.AsSpan(dash + 1), out var last) || last < first)
        {
            return false;
        }

        range = new ContentRange(first, last);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
