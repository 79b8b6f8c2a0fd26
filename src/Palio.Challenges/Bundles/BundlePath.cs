using System.Text;

namespace Palio.Challenges.Bundles;

/// <summary>Which paths a bundle may hold: those that mean the same file, inside the bundle, on every system.</summary>
internal static class BundlePath
{
    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create("<>:\"|?*");

    private static readonly HashSet<string> ReservedNames = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })], StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with the path; null when nothing is.</summary>
    public static (string Message, string Remedy)? Check(string path, BundleLimits limits)
    {
        if (path.Length == 0 || path.Length > limits.MaxPathLength)
        {
            return ($"The path has {path.Length} characters; 1 to {limits.MaxPathLength} are allowed.", "Shorten the names.");
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            return ("The path has a backslash.", "Pack the bundle with '/' between folders.");
        }

        if (path[0] == '/' || (path.Length > 1 && path[1] == ':'))
        {
            return ("The path is absolute.", "Pack the bundle with paths relative to challenge_config.yaml.");
        }

        var parts = path.Split('/');
        if (parts.Length > limits.MaxPathDepth)
        {
            return ($"The path is {parts.Length} folders deep; at most {limits.MaxPathDepth} are allowed.", "Use fewer folders.");
        }

        return parts.Select(CheckPart).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>Whether a folder or the file starts with a dot, or is what macOS adds to archives.</summary>
    public static bool IsHidden(string path) => path.Split('/').Any(part => part.StartsWith('.') || part == "__MACOSX");

    /// <summary>The form in which paths that some system takes for the same are the same.</summary>
    public static string Fold(string path) => path.ToUpperInvariant();

    /// <summary>The path fit for a terminal and a page: short, and without characters that do anything.</summary>
    public static string Printable(string path)
    {
        const int longest = 100;
        var shown = new StringBuilder();
        foreach (var rune in path.EnumerateRunes().Take(longest))
        {
            shown.Append(IsPlain(rune) ? rune.ToString() : $"\\u{rune.Value:x4}");
        }

        return path.Length > longest ? shown.Append('…').ToString() : shown.ToString();
    }

    private static (string Message, string Remedy)? CheckPart(string part)
    {
        if (part is "." or "..")
        {
            return ($"The path has a '{part}' in it.", "Pack the bundle with paths that stay inside it.");
        }

        if (part.Length == 0)
        {
            return ("The path has an empty name in it.", "Write one '/' between folders.");
        }

        if (part.EnumerateRunes().Any(rune => !IsPlain(rune)))
        {
            return ("The path has control, invisible or decomposed characters.", "Rename the file with plain letters.");
        }

        return part.AsSpan().IndexOfAny(Forbidden) >= 0 || part[^1] is ' ' or '.' || ReservedNames.Contains(part.Split('.')[0])
            ? ($"'{part}' cannot be a file's name on every system.", "Rename it with letters, digits, '-', '_' and '.'.")
            : null;
    }

    // Marks are refused as a whole: without ICU (invariant globalization) nothing tells composed from decomposed letters.
    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.Surrogate or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.PrivateUse
        or System.Globalization.UnicodeCategory.OtherNotAssigned
        or System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.EnclosingMark) && rune != Rune.ReplacementChar;
}
