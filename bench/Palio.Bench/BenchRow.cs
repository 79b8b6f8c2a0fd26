using System.Globalization;

namespace Palio.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Figure">What was measured.</param>
/// <param name="Ours">Median of our side.</param>
/// <param name="Theirs">Median of the other side; null for an absolute bound.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="OtherSide">Name of the other side, or of the bound.</param>
/// <param name="Ratio">Median over rounds of what <paramref name="Aim"/> speaks of.</param>
/// <param name="Low">First quartile of the ratio.</param>
/// <param name="High">Third quartile of the ratio.</param>
/// <param name="Aim">In words: "at least 5x faster".</param>
/// <param name="Met">Whether the ratio meets the aim; null where there is none.</param>
internal sealed record BenchRow(string Figure, double Ours, double? Theirs, string Unit, string OtherSide,
    double Ratio, double Low, double High, string Aim, bool? Met)
{
    /// <summary>Makes a row from paired rounds.</summary>
    /// <param name="figure">What was measured.</param>
    /// <param name="unit">Unit of both sides.</param>
    /// <param name="otherSide">Name of the other side.</param>
    /// <param name="rounds">Our value and theirs, round by round.</param>
    /// <param name="ratio">What to form of a pair: theirs/ours says "faster", ours/theirs says "cost".</param>
    /// <param name="aim">The aim in words.</param>
    /// <param name="meets">The aim as a test of the median ratio; null where there is none.</param>
    public static BenchRow OfPairs(string figure, string unit, string otherSide, IReadOnlyList<(double Ours, double Theirs)> rounds,
        Func<double, double, double> ratio, string aim, Func<double, bool>? meets)
    {
        double[] ratios = [.. rounds.Select(pair => ratio(pair.Ours, pair.Theirs)).Order()];
        var median = Quantile(ratios, 0.5);
        return new BenchRow(figure, Quantile([.. rounds.Select(pair => pair.Ours).Order()], 0.5),
            Quantile([.. rounds.Select(pair => pair.Theirs).Order()], 0.5), unit, otherSide,
            median, Quantile(ratios, 0.25), Quantile(ratios, 0.75), aim, meets?.Invoke(median));
    }

    /// <summary>Makes a row of memory under a bound.</summary>
    /// <param name="figure">What was measured.</param>
    /// <param name="bytes">What was found.</param>
    /// <param name="bound">What it must stay under.</param>
    /// <param name="aim">The bound in words.</param>
    public static BenchRow OfBound(string figure, double bytes, double bound, string aim) =>
        new(figure, bytes / 1e6, bound / 1e6, "MB", "the bound", bytes / bound, bytes / bound, bytes / bound, aim, bytes < bound);

    /// <summary>Makes a row from samples whose median may not pass a bound.</summary>
    /// <param name="figure">What was measured.</param>
    /// <param name="unit">Unit of the samples and of the bound.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="bound">The bound; null where there is no aim.</param>
    /// <param name="aim">The aim in words.</param>
    public static BenchRow OfSamples(string figure, string unit, IEnumerable<double> samples, double? bound, string aim)
    {
        double[] sorted = [.. samples.Order()];
        var (low, median, high) = (Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75));
        var of = bound ?? median;
        return new BenchRow(figure, median, bound, unit, "the bound", median / of, low / of, high / of, aim, bound is null ? null : median <= bound);
    }

    public string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{Figure}: {Ours:0.#} {Unit} against {Theirs:0.#} {Unit} ({OtherSide}): {Ratio:0.00} [{Low:0.00}, {High:0.00}], aim {Aim}");

    /// <summary>Median of values in any order.</summary>
    public static double MedianOf(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>Linear quantile of sorted values.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double q)
    {
        if (sorted.Count == 0)
        {
            return double.NaN;
        }

        var at = q * (sorted.Count - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
