using System.Globalization;
using System.Text.RegularExpressions;

namespace Palio.Server.Tests.Pages;

/// <summary>Every pair of colours that text is set in has WCAG's 4.5:1, lines of fields and marks have 3:1, in light and dark.</summary>
public sealed partial class ContrastTests(PageApp app) : IClassFixture<PageApp>
{
    private static readonly string[] Papers = ["paper", "surface", "sunken", "accent-soft"];

    private static readonly (string Ink, string[] On, double Least)[] Pairs =
    [
        ("ink", Papers, 7),
        ("ink-soft", Papers, 4.5),
        ("accent", [.. Papers], 4.5),
        ("accent-strong", ["accent-soft", "surface"], 4.5),
        ("on-accent", ["accent", "accent-strong"], 4.5),
        ("good", ["good-soft", "surface", "accent-soft"], 4.5),
        ("warn", ["warn-soft", "surface", "accent-soft"], 4.5),
        ("bad", ["bad-soft", "surface", "paper", "accent-soft"], 4.5),
        ("info", ["info-soft", "surface"], 4.5),
        ("surface", ["bad"], 4.5),
        ("code-ink", ["code"], 7),
        ("code-soft", ["code"], 4.5),
        ("line-strong", ["surface", "paper"], 3),
        ("gold", ["surface", "code"], 3),
    ];

    [Fact]
    public async Task Colours_OfEachTheme_CanBeRead()
    {
        var css = await app.Browser().Client.GetStringAsync("/css/tokens.css", TestContext.Current.CancellationToken);
        var themes = Block().Matches(css).Select(block => Token().Matches(block.Value).ToDictionary(t => t.Groups[1].Value, t => t.Groups[2].Value)).ToList();
        Assert.Equal(3, themes.Count);
        Assert.Equal(themes[1], themes[2]);

        var tooWeak =
            from theme in themes
            from pair in Pairs
            from paper in pair.On
            let ratio = Ratio(theme[pair.Ink], theme[paper])
            where ratio < pair.Least
            select string.Create(CultureInfo.InvariantCulture, $"{pair.Ink} on {paper} ({theme[paper]}): {ratio:0.00} < {pair.Least}");

        Assert.Empty(tooWeak);
    }

    private static double Ratio(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string hex) => (0.2126 * Channel(hex, 1)) + (0.7152 * Channel(hex, 3)) + (0.0722 * Channel(hex, 5));

    private static double Channel(string hex, int at)
    {
        var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex("color-scheme:[^}]+}")]
    private static partial Regex Block();

    [GeneratedRegex("--([a-z-]+): (#[0-9a-f]{6});")]
    private static partial Regex Token();
}
