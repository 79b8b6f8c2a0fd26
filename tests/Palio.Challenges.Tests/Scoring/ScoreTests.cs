using CsCheck;
using Palio.Challenges.Bundles;
using Palio.Challenges.Scoring;

namespace Palio.Challenges.Tests.Scoring;

public sealed class ScoreTests
{
    [Theory]
    [InlineData(Aggregate.Mean, 4)]
    [InlineData(Aggregate.Median, 2.5)]
    [InlineData(Aggregate.Sum, 16)]
    [InlineData(Aggregate.Min, 1)]
    [InlineData(Aggregate.Max, 10)]
    [InlineData(Aggregate.Iqm, 2.5)]
    [InlineData(Aggregate.Last, 2)]
    [InlineData(Aggregate.SuccessRate, 0.5)]
    public void Compute_Aggregate_IsRight(Aggregate aggregate, double expected)
    {
        var declaration = Declaration(4, new MetricDeclaration { Name = "score", Aggregate = aggregate, Threshold = 3 });

        Assert.Equal(expected, Compute(declaration, 10, 1, 3, 2).Metrics[0].Value, 12);
    }

    [Fact]
    public void Compute_FailedEpisode_CountsWhatIsDeclared()
    {
        var declaration = Declaration(2, new MetricDeclaration { Name = "score", OnFailure = -100 }, new MetricDeclaration { Name = "safety", From = "safety" });
        ScoredEpisode[] episodes =
        [
            Episode(0, 50) with { Metrics = new Dictionary<string, double> { ["safety"] = 1 } },
            Episode(1, double.NaN) with { End = EpisodeEnd.Forfeited },
        ];

        var score = Score.Compute(declaration, episodes).Score!;

        Assert.Equal(-25, score.Metric("score")!.Value);
        Assert.Equal(0.5, score.Metric("safety")!.Value);
        Assert.Equal((1, 1, 2), (score.ValidEpisodes, score.FailedEpisodes, score.TotalEpisodes));
    }

    [Fact]
    public void Compute_Weights_CountForEachEpisode()
    {
        var declaration = Declaration(0, new MetricDeclaration { Name = "score" }) with
        {
            Scenarios = [new() { Name = "a", Episodes = 2 }, new() { Name = "b", Weight = 2 }],
        };

        Assert.Equal((1 + 1 + (2 * 4)) / 4.0, Score.Compute(declaration, [Episode(0, 1, "a"), Episode(1, 1, "a"), Episode(2, 4, "b")]).Score!.Metrics[0].Value);
    }

    public static TheoryData<string, ScoredEpisode[]> Flaws => new()
    {
        { "missing: 1", [Episode(0, 1)] },
        { "there twice", [Episode(0, 1), Episode(0, 1), Episode(1, 1)] },
        { "not one of the 2", [Episode(0, 1), Episode(1, 1), Episode(2, 1)] },
        { "not a finite number", [Episode(0, double.NaN), Episode(1, 1)] },
        { "not a finite number", [Episode(0, 1), Episode(1, double.PositiveInfinity)] },
        { "too large", [Episode(0, double.MaxValue), Episode(1, double.MaxValue)] },
        { "planned is 'default'", [Episode(0, 1), Episode(1, 1, "other")] },
    };

    [Theory]
    [MemberData(nameof(Flaws), DisableDiscoveryEnumeration = true)]
    public void Compute_EpisodesThatAreNotThePlan_GiveNoScore(string message, ScoredEpisode[] episodes)
    {
        var result = Score.Compute(Declaration(2, new MetricDeclaration { Name = "score", Aggregate = Aggregate.Sum }), episodes);

        Assert.Null(result.Score);
        Assert.Contains(result.Problems, problem => problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Compute_MetricNotReported_GivesNoScore() =>
        Assert.Null(Score.Compute(Declaration(1, new MetricDeclaration { Name = "safety", From = "safety" }), [Episode(0, 1)]).Score);

    [Fact]
    public void Compute_Interval_IsNearTheNormalOneAndReproducible()
    {
        var values = Enumerable.Range(0, 100).Select(i => (double)i).ToArray();
        var declaration = Declaration(100, new MetricDeclaration { Name = "score" });

        var interval = Compute(declaration, values).Metrics[0].Interval!;

        // Standard error of the mean: 28.87 / 10.
        Assert.InRange(interval.Low, 49.5 - 6.2, 49.5 - 5.2);
        Assert.InRange(interval.High, 49.5 + 5.2, 49.5 + 6.2);
        Assert.Equal(interval, Compute(declaration, values).Metrics[0].Interval);
    }

    [Theory]
    [InlineData(0, 0, 0.2775)]
    [InlineData(5, 0.2366, 0.7634)]
    [InlineData(10, 0.7225, 1)]
    public void Compute_SuccessRate_HasWilsonsInterval(int successes, double low, double high)
    {
        var declaration = Declaration(10, new MetricDeclaration { Name = "score", Aggregate = Aggregate.SuccessRate });

        var interval = Compute(declaration, [.. Enumerable.Range(0, 10).Select(i => i < successes ? 1.0 : 0.0)]).Metrics[0].Interval!;

        Assert.Equal(IntervalMethod.Wilson, interval.Method);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void Compute_OneEpisodeOrAnExtreme_HasNoInterval()
    {
        Assert.Null(Compute(Declaration(1, new MetricDeclaration { Name = "score" }), 1).Metrics[0].Interval);
        Assert.Null(Compute(Declaration(2, new MetricDeclaration { Name = "score", Aggregate = Aggregate.Max }), 1, 2).Metrics[0].Interval);
    }

    [Fact]
    public void Compute_ScenariosOfOneEpisode_StillVary()
    {
        var declaration = Declaration(0, new MetricDeclaration { Name = "score" }) with
        {
            Scenarios = [.. Enumerable.Range(0, 20).Select(i => new ScenarioDeclaration { Name = $"s{i}" })],
        };

        var interval = Score.Compute(declaration, [.. Enumerable.Range(0, 20).Select(i => Episode(i, i, $"s{i}"))]).Score!.Metrics[0].Interval!;

        Assert.True(interval.High - interval.Low > 3);
    }

    [Fact]
    public void Compute_AnyEpisodes_ValueIsInsideTheirRangeAndItsInterval() => Gen.Select(Gen.Double[-1e6, 1e6].Array[2, 12], Gen.Enum<Aggregate>()).Sample(
        input =>
        {
            var (values, aggregate) = input;
            var metric = Compute(Declaration(values.Length, new MetricDeclaration { Name = "score", Aggregate = aggregate }), values).Metrics[0];
            if (aggregate is not (Aggregate.Sum or Aggregate.SuccessRate))
            {
                Assert.InRange(metric.Value, values.Min(), values.Max());
            }

            Assert.True(metric.Interval is null || (metric.Interval.Low <= metric.Value && metric.Value <= metric.Interval.High));
        },
        iter: 60);

    [Fact]
    public void Compute_OrderOfEpisodes_DoesNotMatter()
    {
        var declaration = Declaration(9, new MetricDeclaration { Name = "score" });
        var episodes = Enumerable.Range(0, 9).Select(i => Episode(i, 0.1 * i * i)).ToArray();

        Assert.Equal(
            Score.Compute(declaration, episodes).Score!.Metrics[0],
            Score.Compute(declaration, [.. episodes.Reverse()]).Score!.Metrics[0]);
    }

    internal static EvaluationDeclaration Declaration(int episodes, params MetricDeclaration[] metrics) => new()
    {
        Scenarios = [new() { Name = ScenarioDeclaration.DefaultName, Episodes = episodes }],
        Metrics = metrics,
    };

    internal static ScoredEpisode Episode(int ordinal, double value, string scenario = ScenarioDeclaration.DefaultName) =>
        new() { Ordinal = ordinal, Scenario = scenario, Steps = 1, Return = value, End = EpisodeEnd.Terminated };

    private static Score Compute(EvaluationDeclaration declaration, params double[] values) =>
        Score.Compute(declaration, [.. values.Select((value, i) => Episode(i, value))]).Score!;
}
