namespace Palio.Challenges.Scoring;

/// <summary>Statistics of weighted values. The values are in ascending order; weights are not negative and not all zero.</summary>
internal static class WeightedStatistics
{
    private const double Quarter = 0.25;

    public static double Sum(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            sum += values[i] * weights[i];
        }

        return sum;
    }

    public static double Mean(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        var (sum, total) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            sum += values[i] * weights[i];
            total += weights[i];
        }

        // Values of the same size leave rounding behind; a mean is never outside its values.
        return Math.Clamp(sum / total, values[0], values[^1]);
    }

    /// <summary>The value at which half of the weight is reached; between two values, their middle.</summary>
    public static double Median(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        var half = Total(weights) / 2;
        var reached = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            reached += weights[i];
            if (reached > half)
            {
                return values[i];
            }

            if (reached == half && weights[i] > 0)
            {
                return (values[i] + NextWithWeight(values, weights, i)) / 2;
            }
        }

        return values[^1];
    }

    /// <summary>The mean of the middle half of the weight; a value on the border counts with its part inside.</summary>
    public static double InterquartileMean(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        var total = Total(weights);
        var (from, to) = (total * Quarter, total * (1 - Quarter));
        var (sum, reached) = (0.0, 0.0);
        for (var i = 0; i < values.Length && reached < to; i++)
        {
            var inside = Math.Min(reached + weights[i], to) - Math.Max(reached, from);
            sum += inside > 0 ? values[i] * inside : 0;
            reached += weights[i];
        }

        return Math.Clamp(sum / (to - from), values[0], values[^1]);
    }

    /// <summary>How many equally weighted values are as certain as these: Kish's effective sample size.</summary>
    public static double EffectiveCount(ReadOnlySpan<double> weights)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var weight in weights)
        {
            sum += weight;
            squares += weight * weight;
        }

        return sum * sum / squares;
    }

    private static double Total(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        return total;
    }

    private static double NextWithWeight(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, int i)
    {
        for (var next = i + 1; next < values.Length; next++)
        {
            if (weights[next] > 0)
            {
                return values[next];
            }
        }

        return values[i];
    }
}
