using Palio.Challenges.Bundles;

namespace Palio.Challenges.Scoring;

/// <summary>One metric's value in each episode, sorted by value, so that a resampling is nothing but other weights.</summary>
internal sealed class MetricSample
{
    private readonly MetricDeclaration _metric;

    private MetricSample(MetricDeclaration metric, double[] values, double[] weights, int[] places, double last)
    {
        _metric = metric;
        Values = values;
        Weights = weights;
        Places = places;
        Last = last;
    }

    /// <summary>The episodes' values in ascending order.</summary>
    public double[] Values { get; }

    /// <summary>The weights of <see cref="Values"/>.</summary>
    public double[] Weights { get; }

    /// <summary>Where the value of each ordinal stands in <see cref="Values"/>.</summary>
    public int[] Places { get; }

    private double Last { get; }

    /// <summary>Makes the sample.</summary>
    /// <param name="declaration">The phase's declaration.</param>
    /// <param name="metric">One of its metrics.</param>
    /// <param name="episodes">All planned episodes by ordinal, checked.</param>
    public static MetricSample Create(EvaluationDeclaration declaration, MetricDeclaration metric, IReadOnlyList<ScoredEpisode> episodes)
    {
        var byOrdinal = episodes.Select(episode => ValueOf(metric, episode)).ToArray();
        var weightByOrdinal = declaration.Scenarios.SelectMany(scenario => Enumerable.Repeat(scenario.Weight, scenario.Episodes)).ToArray();
        var order = Enumerable.Range(0, byOrdinal.Length).OrderBy(ordinal => byOrdinal[ordinal]).ThenBy(ordinal => ordinal).ToArray();
        var places = new int[order.Length];
        for (var place = 0; place < order.Length; place++)
        {
            places[order[place]] = place;
        }

        return new MetricSample(
            metric, [.. order.Select(ordinal => byOrdinal[ordinal])], [.. order.Select(ordinal => weightByOrdinal[ordinal])], places, byOrdinal[^1])
        {
            Strata = Bootstrap.StrataOf(declaration.Scenarios),
        };
    }

    /// <summary>For each ordinal range that is resampled by itself: first ordinals and lengths.</summary>
    public required IReadOnlyList<int[]> Strata { get; init; }

    /// <summary>What an episode counts in a metric.</summary>
    public static double ValueOf(MetricDeclaration metric, ScoredEpisode episode)
    {
        var value = episode.IsFailed ? metric.OnFailure : metric.From switch
        {
            MetricDeclaration.FromReturn => episode.Return,
            MetricDeclaration.FromSteps => episode.Steps,
            _ => episode.Metrics[metric.From],
        };
        return metric.Aggregate == Aggregate.SuccessRate && double.IsFinite(value) ? (value >= metric.Threshold ? 1 : 0) : value;
    }

    /// <summary>The metric's value and interval.</summary>
    public MetricScore Score()
    {
        var value = Value(Weights);
        return new MetricScore(_metric.Name, value, double.IsFinite(value) ? Interval(value) : null);
    }

    /// <summary>The metric's value under these weights of <see cref="Values"/>.</summary>
    public double Value(ReadOnlySpan<double> weights) => _metric.Aggregate switch
    {
        Aggregate.Min => Values[0],
        Aggregate.Max => Values[^1],
        Aggregate.Last => Last,
        Aggregate.Sum => WeightedStatistics.Sum(Values, weights),
        Aggregate.Median => WeightedStatistics.Median(Values, weights),
        Aggregate.Iqm => WeightedStatistics.InterquartileMean(Values, weights),
        _ => WeightedStatistics.Mean(Values, weights),
    };

    private ConfidenceInterval? Interval(double value)
    {
        if (Values.Length < 2 || _metric.Aggregate is Aggregate.Min or Aggregate.Max or Aggregate.Last)
        {
            return null;
        }

        if (_metric.Aggregate == Aggregate.SuccessRate)
        {
            return WilsonInterval.Of(value, WeightedStatistics.EffectiveCount(Weights));
        }

        var (low, high) = Bootstrap.Percentiles(this);
        return new ConfidenceInterval(Math.Min(low, value), Math.Max(high, value), IntervalMethod.StratifiedBootstrap);
    }
}
