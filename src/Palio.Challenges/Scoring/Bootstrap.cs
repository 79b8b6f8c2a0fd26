using Palio.Challenges.Bundles;

namespace Palio.Challenges.Scoring;

/// <summary>
/// The stratified bootstrap: episodes are drawn again with replacement within each scenario. Scenarios with a single episode are one
/// stratum together, because alone they would not vary. Seed and generator are fixed: the same episodes give the same interval everywhere.
/// </summary>
internal static class Bootstrap
{
    public const int Replicates = 10_000;
    private const ulong Seed = 0x50616C696F;
    private const double Tail = 0.025;

    /// <summary>The ordinals of each stratum.</summary>
    public static IReadOnlyList<int[]> StrataOf(IReadOnlyList<ScenarioDeclaration> scenarios)
    {
        var (strata, single, first) = (new List<int[]>(), new List<int>(), 0);
        foreach (var scenario in scenarios)
        {
            if (scenario.Episodes == 1)
            {
                single.Add(first);
            }
            else
            {
                strata.Add([.. Enumerable.Range(first, scenario.Episodes)]);
            }

            first += scenario.Episodes;
        }

        if (single.Count > 0)
        {
            strata.Add([.. single]);
        }

        return strata;
    }

    /// <summary>The 2.5 and 97.5 percentiles of the sample's value.</summary>
    public static (double Low, double High) Percentiles(MetricSample sample)
    {
        var values = new double[Replicates];
        var counts = new int[sample.Values.Length];
        var weights = new double[sample.Values.Length];
        var random = new SplitMix64(Seed);
        for (var replicate = 0; replicate < Replicates; replicate++)
        {
            Draw(sample.Strata, ref random, counts);
            Weigh(sample, counts, weights);
            values[replicate] = sample.Value(weights);
        }

        Array.Sort(values);
        return (Quantile(values, Tail), Quantile(values, 1 - Tail));
    }

    /// <summary>Draws how often each ordinal occurs.</summary>
    public static void Draw(IReadOnlyList<int[]> strata, ref SplitMix64 random, int[] counts)
    {
        Array.Clear(counts);
        foreach (var stratum in strata)
        {
            for (var i = 0; i < stratum.Length; i++)
            {
                counts[stratum[random.Next(stratum.Length)]]++;
            }
        }
    }

    /// <summary>Turns how often each ordinal occurs into weights of the sample's values.</summary>
    public static void Weigh(MetricSample sample, int[] counts, double[] weights)
    {
        for (var ordinal = 0; ordinal < counts.Length; ordinal++)
        {
            var place = sample.Places[ordinal];
            weights[place] = counts[ordinal] * sample.Weights[place];
        }
    }

    /// <summary>A generator of its own, so that the stream of draws is the same for every replicate count and version.</summary>
    public static SplitMix64 NewRandom() => new(Seed);

    /// <summary>The quantile of sorted values, interpolated.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}

/// <summary>Steele, Lea and Flood's generator: small, fast, and the same in every version of .NET.</summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below <paramref name="bound"/>; the bias is below 2^-32.</summary>
    public int Next(int bound)
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)Math.BigMul(z ^ (z >> 31), (ulong)bound, out _);
    }
}
