using System.Globalization;
using System.Text.RegularExpressions;

namespace Palio.Challenges.Bundles;

/// <summary>Durations as people write them: <c>100ms</c>, <c>10s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>; a bare number is seconds.</summary>
public static partial class DurationText
{
    /// <summary>What to write, for messages.</summary>
    public const string Example = "100ms, 10s, 5m, 1h30m or 2d";

    /// <summary>Reads a duration; false when it is none or too long for a <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (Bare().IsMatch(text))
        {
            return TryAdd(ref duration, text, TimeSpan.TicksPerSecond);
        }

        if (!Whole().IsMatch(text))
        {
            return false;
        }

        foreach (Match part in Part().Matches(text))
        {
            if (!TryAdd(ref duration, part.Groups[1].Value, Ticks(part.Groups[2].Value)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes a duration in the largest units that are exact: <c>1h30m</c>, <c>100ms</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = "";
        foreach (var unit in (string[])["d", "h", "m", "s", "ms"])
        {
            var count = duration.Ticks / Ticks(unit);
            duration -= TimeSpan.FromTicks(count * Ticks(unit));
            text += count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{count}{unit}") : "";
        }

        return text;
    }

    private static long Ticks(string unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" or "min" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };

    private static bool TryAdd(ref TimeSpan duration, string number, long unit)
    {
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > TimeSpan.MaxValue.Ticks / 2 / unit)
        {
            return false;
        }

        var sum = duration.Ticks + (long)(count * unit);
        duration = TimeSpan.FromTicks(Math.Min(sum, TimeSpan.MaxValue.Ticks / 2));
        return true;
    }

    [GeneratedRegex(@"^\d{1,18}(\.\d{1,9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();

    [GeneratedRegex(@"^(\d{1,18}(\.\d{1,9})? ?(ms|s|min|m|h|d) ?){1,5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(\d+(?:\.\d+)?) ?(ms|s|min|m|h|d)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
