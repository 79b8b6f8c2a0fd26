using System.Globalization;

namespace Palio.Registry;

internal enum RangeKind
{
    /// <summary>No range, or one that may be ignored: the whole.</summary>
    Whole,
    Part,
    Unsatisfiable,
}

/// <summary>A Range header with one range. Backward ranges are unsatisfiable, as the conformance suite asks; several are ignored.</summary>
internal readonly record struct ByteRange(RangeKind Kind, long Offset = 0, long Count = 0)
{
    public static ByteRange Parse(string? header, long length)
    {
        const string Unit = "bytes=";
        if (string.IsNullOrEmpty(header) || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) || header.Contains(',', StringComparison.Ordinal))
        {
            return new ByteRange(RangeKind.Whole);
        }

        var text = header.AsSpan(Unit.Length).Trim();
        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            return new ByteRange(RangeKind.Whole);
        }

        var left = text[..dash].Trim();
        var right = text[(dash + 1)..].Trim();
        if (left.IsEmpty)
        {
            return TryRead(right, out var last) ? Suffix(last, length) : new ByteRange(RangeKind.Whole);
        }

        if (!TryRead(left, out var first) || (!TryRead(right, out var end) && !right.IsEmpty))
        {
            return new ByteRange(RangeKind.Whole);
        }

        if (right.IsEmpty || end >= length)
        {
            end = length - 1;
        }

        return first > end ? new ByteRange(RangeKind.Unsatisfiable) : new ByteRange(RangeKind.Part, first, end - first + 1);
    }

    private static ByteRange Suffix(long last, long length)
    {
        var count = Math.Min(last, length);
        return count == 0 ? new ByteRange(RangeKind.Unsatisfiable) : new ByteRange(RangeKind.Part, length - count, count);
    }

    private static bool TryRead(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
