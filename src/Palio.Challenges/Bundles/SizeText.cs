using System.Globalization;
using System.Text.RegularExpressions;

namespace Palio.Challenges.Bundles;

/// <summary>Sizes as people write them: <c>1GiB</c>, <c>512MB</c>, Kubernetes' <c>8Gi</c>; a bare number is bytes.</summary>
public static partial class SizeText
{
    /// <summary>What to write, for messages.</summary>
    public const string Example = "512MiB, 1GiB or 2GB";

    private static readonly (string Unit, long Bytes)[] Binary =
        [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10)];

    /// <summary>Reads a size; false when it is none, or not below 8 EiB. A lone <c>G</c> is refused: engines do not agree what it means.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var match = Whole().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var factor = match.Groups[2].Value switch
        {
            "" or "B" => 1L,
            "kB" or "KB" => 1_000L,
            "MB" => 1_000_000L,
            "GB" => 1_000_000_000L,
            "TB" => 1_000_000_000_000L,
            "Ki" or "KiB" => 1L << 10,
            "Mi" or "MiB" => 1L << 20,
            "Gi" or "GiB" => 1L << 30,
            _ => 1L << 40,
        };
        if (!decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > (decimal)long.MaxValue / factor)
        {
            return false;
        }

        bytes = (long)(count * factor);
        return true;
    }

    /// <summary>Writes a size in the largest binary unit that is exact.</summary>
    public static string Format(long bytes)
    {
        var (unit, factor) = Binary.FirstOrDefault(unit => bytes >= unit.Bytes && bytes % unit.Bytes == 0, ("B", 1));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }

    [GeneratedRegex(@"^(\d{1,19}(?:\.\d{1,9})?) ?(B|kB|KB|MB|GB|TB|Ki|Mi|Gi|Ti|KiB|MiB|GiB|TiB|)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
