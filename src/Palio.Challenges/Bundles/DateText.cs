using System.Globalization;
using System.Text.RegularExpressions;

namespace Palio.Challenges.Bundles;

/// <summary>
/// Dates in the forms that EvalAI takes and hosts write: <c>2024-05-01 12:00:00</c>, without leading zeros, with <c>T</c>, with or without
/// seconds, fraction or zone. What has no zone is UTC.
/// </summary>
public static partial class DateText
{
    /// <summary>What to write, for messages.</summary>
    public const string Example = "2024-05-01 12:00:00 (UTC) or 2024-05-01T12:00:00+02:00";

    /// <summary>Reads a date.</summary>
    /// <param name="text">The text.</param>
    /// <param name="date">The moment, in UTC.</param>
    /// <param name="hasTime">Whether there is a time of day in it; else it is the day's first moment.</param>
    /// <param name="problem">What is wrong, when the result is false.</param>
    public static bool TryParse(string text, out DateTimeOffset date, out bool hasTime, out string problem)
    {
        (date, hasTime, problem) = (default, false, "");
        var match = Whole().Match(text.Trim());
        if (!match.Success)
        {
            problem = $"Cannot read '{BundlePath.Printable(text)}' as a date.";
            return false;
        }

        hasTime = match.Groups["hour"].Success;
        problem = DayProblem(match) ?? TimeProblem(match) ?? "";
        if (problem.Length > 0)
        {
            problem = $"'{text}' is not a date: {problem}";
            return false;
        }

        var local = new DateTime(
            Number(match, "year"), Number(match, "month"), Number(match, "day"), Number(match, "hour"), Number(match, "minute"), Number(match, "second"),
            DateTimeKind.Unspecified).AddSeconds(Fraction(match));
        if (TryZone(match, out var zone) && local.Ticks - zone.Ticks is >= 0 and <= 3155378975999999999)
        {
            date = new DateTimeOffset(local.Ticks - zone.Ticks, TimeSpan.Zero);
            return true;
        }

        problem = $"'{text}' has no time zone that exists.";
        return false;
    }

    private static string? DayProblem(Match match)
    {
        var (year, month, day) = (Number(match, "year"), Number(match, "month"), Number(match, "day"));
        if (year < 1 || month is < 1 or > 12)
        {
            return "months go from 1 to 12.";
        }

        var days = DateTime.DaysInMonth(year, month);
        return day >= 1 && day <= days ? null : $"{CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month)} {year} has {days} days.";
    }

    private static string? TimeProblem(Match match) =>
        Number(match, "hour") > 23 ? "hours go from 0 to 23."
        : Number(match, "minute") > 59 || Number(match, "second") > 59 ? "minutes and seconds go from 0 to 59."
        : null;

    private static bool TryZone(Match match, out TimeSpan zone)
    {
        zone = TimeSpan.Zero;
        if (!match.Groups["sign"].Success)
        {
            return true;
        }

        var (hours, minutes) = (Number(match, "zoneHour"), Number(match, "zoneMinute"));
        zone = new TimeSpan(hours, minutes, 0) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        return hours <= 14 && minutes <= 59;
    }

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true, ValueSpan: var digits } ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    private static double Fraction(Match match) =>
        match.Groups["fraction"].Success ? double.Parse("0." + match.Groups["fraction"].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})" +
        @"((?:[Tt]|[ \t]+)(?<hour>\d{1,2}):(?<minute>\d{1,2})(:(?<second>\d{1,2})(\.(?<fraction>\d{1,9}))?)?" +
        @"[ \t]*(Z|z|((?i:utc|gmt))?((?<sign>[+-])(?<zoneHour>\d{1,2})(:?(?<zoneMinute>\d{2}))?)?))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();
}
