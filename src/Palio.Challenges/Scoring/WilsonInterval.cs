namespace Palio.Challenges.Scoring;

/// <summary>Wilson's score interval for a share: unlike a bootstrap, it does not shrink to a point at 0 and 1.</summary>
internal static class WilsonInterval
{
    // Standard normal quantile of 0.975.
    private const double Z = 1.959963984540054;

    public static ConfidenceInterval Of(double share, double count)
    {
        var denominator = 1 + (Z * Z / count);
        var centre = (share + (Z * Z / (2 * count))) / denominator;
        var half = Z / denominator * Math.Sqrt((share * (1 - share) / count) + (Z * Z / (4 * count * count)));
        return new ConfidenceInterval(
            Math.Min(share, Math.Max(0, centre - half)), Math.Max(share, Math.Min(1, centre + half)), IntervalMethod.Wilson);
    }
}
