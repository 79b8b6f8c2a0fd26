using System.Runtime.CompilerServices;

namespace Palio.Bench.Growing;

/// <summary>What is made ten and a hundred times as many, and what is timed meanwhile.</summary>
/// <param name="Of">What grows.</param>
/// <param name="Sizes">How many, the fewest first.</param>
/// <param name="Probes">What is timed, in this order in each round.</param>
internal sealed record GrowthAxis(string Of, int[] Sizes, params GrowthProbe[] Probes)
{
    /// <summary>Rounds that do not count.</summary>
    public int WarmingRounds { get; init; } = 3;

    /// <summary>Rounds that count.</summary>
    public int Rounds { get; init; } = 10;

    /// <summary>Size by size in each round; gives a row for each probe with the slope of its time over the size.</summary>
    public async IAsyncEnumerable<BenchRow> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var times = Probes.ToDictionary(probe => probe, _ => Sizes.Select(_ => new List<double>()).ToArray());
        for (var round = 0; round < Rounds + WarmingRounds; round++)
        {
            // Each round begins with another size, so that none is always the one after a pause.
            foreach (var at in Enumerable.Range(0, Sizes.Length).Select(i => (i + round) % Sizes.Length))
            {
                foreach (var probe in Probes)
                {
                    var time = await probe.MeasureAsync(Sizes[at], cancellationToken);
                    if (round >= WarmingRounds)
                    {
                        times[probe][at].Add(time);
                    }
                }
            }
        }

        foreach (var probe in Probes)
        {
            yield return RowOf(probe, times[probe]);
        }
    }

    private BenchRow RowOf(GrowthProbe probe, IReadOnlyList<IReadOnlyList<double>> times)
    {
        double[] medians = [.. times.Select(BenchRow.MedianOf)];
        var slope = Slope(Sizes, medians);
        return new BenchRow($"growth: {probe.Name}, {Of} {Sizes[0]:N0} to {Sizes[^1]:N0}", medians[^1], medians[0], "ms", "slope; 0 constant, 1 linear [by decade]",
            slope, Slope(Sizes[..2], medians[..2]), Slope(Sizes[1..], medians[1..]), probe.Aim, slope <= probe.Most);
    }

    /// <summary>Of the straight line through the logarithms that fits best.</summary>
    private static double Slope(int[] sizes, double[] times)
    {
        var (x, y) = (sizes.Select(size => Math.Log(size)).ToList(), times.Select(time => Math.Log(time)).ToList());
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
