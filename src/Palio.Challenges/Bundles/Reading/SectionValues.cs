using System.Globalization;
using Palio.Challenges.Bundles.Schema;
using Palio.Challenges.Bundles.Yaml;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>The getters of single values.</summary>
internal sealed partial class Section
{
    /// <summary>A text, trimmed; null when it is not there or wrong.</summary>
    public string? Text(string key)
    {
        var spec = _table[key];
        if (Scalar(key, "a text") is not { } text)
        {
            return spec.Default;
        }

        var value = text.Value.Trim();
        if (value.Length == 0)
        {
            if (spec.IsRequired)
            {
                Error(key, $"'{key}' is empty.", $"Write it. {spec.About}");
            }

            return spec.Default;
        }

        if (value.Length > spec.Max)
        {
            Error(key, $"The text has {value.Length} characters; at most {spec.Max} are allowed.", "Shorten it.");
            return spec.Default;
        }

        if (value.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            Error(key, "The text has control characters.", "Remove them.");
            return spec.Default;
        }

        return spec.Choices.Count == 0 || spec.Choices.Contains(value) ? value : NoChoice(key, value, spec);
    }

    /// <summary>A yes or no; a key without default counts as false.</summary>
    public bool Flag(string key) => FlagOrNull(key) ?? _table[key].Default == "true";

    /// <summary>A yes or no; null when it is not there or wrong.</summary>
    public bool? FlagOrNull(string key)
    {
        if (Scalar(key, "true or false") is not { } text)
        {
            return null;
        }

        switch (text.Value.ToUpperInvariant())
        {
            case "TRUE" or "YES" or "ON":
                return true;
            case "FALSE" or "NO" or "OFF":
                return false;
            default:
                Error(key, $"Expected true or false, found '{BundlePath.Printable(text.Value)}'.", "Write true or false.");
                return null;
        }
    }

    /// <summary>A whole number; the default when it is not there or wrong.</summary>
    public int Integer(string key) =>
        IntegerOrNull(key) ?? (_table[key].Default is { } text ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0);

    /// <summary>A whole number; null when it is not there or wrong.</summary>
    public int? IntegerOrNull(string key) =>
        Scalar(key, "a whole number") is { } text ? Whole(text, PathOf(key), _table[key]) : null;

    /// <summary>Reads a whole number.</summary>
    public int? Whole(YamlText text, string path, Key spec)
    {
        var value = text.Value.Trim();
        var digits = value.TrimStart('+', '-');
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit) || value.Length - digits.Length > 1 || (digits.Length > 1 && digits[0] == '0'))
        {
            Context.Error(text, path, $"Expected a whole number, found '{BundlePath.Printable(text.Value)}'.", "Write decimal digits only, such as 5.");
            return null;
        }

        return decimal.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && IsInside((double)number, spec)
            && number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : OutOfRange<int>(text, path, spec, Plain);
    }

    /// <summary>A number; the default when it is not there or wrong.</summary>
    public double Number(string key) =>
        (Scalar(key, "a number") is { } text ? Real(text, PathOf(key), _table[key]) : null)
        ?? double.Parse(_table[key].Default!, CultureInfo.InvariantCulture);

    /// <summary>Reads a number.</summary>
    public double? Real(YamlText text, string path, Key spec)
    {
        if (!double.TryParse(text.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            Context.Error(text, path, $"Expected a number, found '{BundlePath.Printable(text.Value)}'.", "Write a number such as 1 or -0.5.");
            return null;
        }

        return IsInside(number, spec) ? number : OutOfRange<double>(text, path, spec, Plain);
    }

    /// <summary>A duration; null when it is not there or wrong, and the key has no default.</summary>
    public TimeSpan? DurationOrNull(string key)
    {
        var spec = _table[key];
        TimeSpan? fallback = spec.Default is { } text && DurationText.TryParse(text, out var standard) ? standard : null;
        if (Scalar(key, "a duration") is not { } value)
        {
            return fallback;
        }

        if (!DurationText.TryParse(value.Value.Trim(), out var duration))
        {
            Error(key, $"Expected a duration, found '{BundlePath.Printable(value.Value)}'.", $"Write a number with its unit: {DurationText.Example}.");
            return fallback;
        }

        return IsInside(duration.TotalSeconds, spec)
            ? duration
            : OutOfRange<TimeSpan>(value, PathOf(key), spec, seconds => DurationText.Format(TimeSpan.FromSeconds(seconds))) ?? fallback;
    }

    /// <summary>A duration with a default.</summary>
    public TimeSpan Duration(string key) => DurationOrNull(key) ?? TimeSpan.Zero;

    /// <summary>A size in bytes, with a default.</summary>
    public long Size(string key)
    {
        var spec = _table[key];
        _ = SizeText.TryParse(spec.Default!, out var fallback);
        if (Scalar(key, "a size") is not { } value)
        {
            return fallback;
        }

        if (!SizeText.TryParse(value.Value.Trim(), out var bytes))
        {
            Error(key, $"Expected a size, found '{BundlePath.Printable(value.Value)}'.", $"Write a number with its unit: {SizeText.Example}.");
            return fallback;
        }

        return IsInside(bytes, spec) ? bytes : OutOfRange<long>(value, PathOf(key), spec, size => SizeText.Format((long)size)) ?? fallback;
    }

    /// <summary>A date; null when it is not there or wrong.</summary>
    public DateTimeOffset? Date(string key)
    {
        if (Scalar(key, "a date") is not { } text)
        {
            return null;
        }

        if (!DateText.TryParse(text.Value, out var date, out var hasTime, out var problem))
        {
            Error(key, problem, $"Write {DateText.Example}.");
            return null;
        }

        if (!hasTime)
        {
            Warning(key, $"'{text.Value}' has no time of day; 00:00:00 UTC is taken.", $"Write {DateText.Example}.");
        }

        return date;
    }

    /// <summary>A list of texts; a single text counts as a list of one. Empty when it is not there or wrong.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Node(key) is not { } node)
        {
            return [];
        }

        if (node is YamlMap)
        {
            Wrong<string>(key, "a list of texts", $"{key}: [one, two]");
            return [];
        }

        IReadOnlyList<YamlNode> items = node is YamlList list ? list.Items : [node];
        if (items.Count > _table[key].Max)
        {
            Error(key, $"There are {items.Count} entries; at most {_table[key].Max} are allowed.", "Use fewer.");
            return [];
        }

        var texts = new List<string>();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is YamlText text)
            {
                texts.Add(text.Value.Trim());
            }
            else
            {
                Context.Error(items[i], $"{PathOf(key)}[{i}]", $"Expected a text, found {Describe(items[i])}.", "Write a text.");
            }
        }

        return texts;
    }

    private static bool IsInside(double number, Key spec) => !(number < spec.Min) && !(number > spec.Max);

    private static string Plain(double number) => number.ToString("0.###############", CultureInfo.InvariantCulture);

    private T? OutOfRange<T>(YamlText text, string path, Key spec, Func<double, string> show)
        where T : struct
    {
        var range = (spec.Min, spec.Max) switch
        {
            ({ } min, { } max) => $"from {show(min)} to {show(max)}",
            ({ } min, null) => $"at least {show(min)}",
            _ => $"at most {show(spec.Max ?? 0)}",
        };
        Context.Error(text, path, $"'{BundlePath.Printable(text.Value)}' is out of range.", $"Write a value {range}.");
        return null;
    }

    private YamlText? Scalar(string key, string expected) => Node(key) switch
    {
        null => null,
        YamlText text => text,
        _ => Wrong<YamlText>(key, expected, $"{expected} behind '{key}:'"),
    };

    private string? NoChoice(string key, string value, Key spec)
    {
        var near = spec.Choices.FirstOrDefault(choice => string.Equals(choice, value, StringComparison.OrdinalIgnoreCase)) ?? Nearest.Find(value, spec.Choices);
        var hint = near is null ? "" : $", did you mean '{near}'?";
        Error(key, $"'{BundlePath.Printable(value)}' is not possible here{(hint.Length > 0 ? hint : ".")}", $"Write one of {string.Join(", ", spec.Choices)}.");
        return spec.Default;
    }
}
