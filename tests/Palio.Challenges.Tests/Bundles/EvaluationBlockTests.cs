using System.Text.Json;
using Palio.Challenges.Bundles;

namespace Palio.Challenges.Tests.Bundles;

public sealed class EvaluationBlockTests
{
    [Fact]
    public void Read_DesignExample_IsUnderstood()
    {
        var evaluation = Sample.EvaluationWith("title: CartPole", "title: CartPole");

        Assert.Equal((100, 500, 1), (evaluation.EpisodeCount, evaluation.MaxSteps, evaluation.Slots));
        Assert.Equal(TimeSpan.FromMilliseconds(100), evaluation.StepTimeLimit);
        Assert.Equal(["score", "length"], evaluation.Metrics.Select(metric => metric.Name));
        Assert.Equal((MetricDeclaration.FromSteps, Aggregate.Median), (evaluation.Metrics[1].From, evaluation.Metrics[1].Aggregate));
        Assert.Equal(1L << 30, evaluation.AgentResources.MemoryBytes);
        Assert.Equal(EvaluationLimits.DefaultTotalTime, evaluation.TimeLimits.Total);
    }

    [Fact]
    public void Read_Scenarios_KeepOptionsSeedsAndWeights()
    {
        var evaluation = Sample.EvaluationWith(
            "episodes: 100", "episodes: [{name: easy, repeats: 3, seed: 7, options: {gravity: 9.8, mode: \"1\", on: yes}}, {name: hard, weight: 2}]");

        Assert.Equal(4, evaluation.EpisodeCount);
        Assert.Equal("""{"gravity":9.8,"mode":"1","on":"yes"}""", evaluation.Scenarios[0].OptionsJson);
        Assert.Equal((7, 1.0), (evaluation.Scenarios[0].Seed, evaluation.Scenarios[0].Weight));
        Assert.Equal((null, 2.0), (evaluation.Scenarios[1].Seed, evaluation.Scenarios[1].Weight));
    }

    [Fact]
    public void Read_TotalTime_FollowsTheChallengesLimit()
    {
        Assert.Equal(TimeSpan.FromSeconds(600), Sample.EvaluationWith("published: True", "submission_time_limit: 600").TimeLimits.Total);
        Assert.Equal(TimeSpan.FromMinutes(2), Sample.EvaluationWith("slots: 1", "time_limits: {total: 2m}").TimeLimits.Total);
    }

    [Theory]
    [InlineData("resources: {agent: {memory: 64MiB}}", true)]
    [InlineData("time_limits: {total: 2m}", true)]
    [InlineData("scored_by: referee", false)]
    [InlineData("scored_by: environment", false)]
    [InlineData("metrics: {score: {}}", false)]
    [InlineData("episodes: 10", false)]
    [InlineData("step_time_limit: 1s", false)]
    public void Read_WhoScores_IsOpenWhereNothingSaysHow(string block, bool isOpen) =>
        Assert.Equal(isOpen, Sample.EvaluationOf(block).IsScoringOpen);

    [Theory]
    [InlineData("episodes: 100", "episodes: 0", "episodes")]
    [InlineData("episodes: 100", "episodes: many", "episodes")]
    [InlineData("episodes: 100", "episodes: []", "episodes")]
    [InlineData("episodes: 100", "episodes: {a: 1}", "episodes")]
    [InlineData("episodes: 100", "episodes: [{name: a, repeats: 9000}, {name: b, repeats: 9000}]", "episodes")]
    [InlineData("episodes: 100", "episodes: [{name: a, weight: 0}]", "episodes")]
    [InlineData("episodes: 100", "episodes: [{name: a}, {name: a}]", "episodes[1].name")]
    [InlineData("episodes: 100", "episodes: [{name: 'a b'}]", "episodes[0].name")]
    [InlineData("episodes: 100", "episodes: [{name: a, options: 5}]", "episodes[0].options")]
    [InlineData("episodes: 100", "episodes: [{name: a, seed: -1}]", "episodes[0].seed")]
    [InlineData("seeds: hidden", "seeds: secret", "seeds")]
    [InlineData("step_time_limit: 100ms", "step_time_limit: 0s", "step_time_limit")]
    [InlineData("step_time_limit: 100ms", "step_time_limit: 100 parsecs", "step_time_limit")]
    [InlineData("time_bank: 10s", "time_bank: 8d", "time_bank")]
    [InlineData("slots: 1", "slots: 0", "slots")]
    [InlineData("slots: 1", "runtime: ../runc", "runtime")]
    [InlineData("slots: 1", "invalid_action: ignore", "invalid_action")]
    [InlineData("slots: 1", "resources_: 1\n      time_limits: {total: 30d}", "time_limits.total")]
    [InlineData("on_failure: {score: 0}", "on_failure: {scor: 0}", "on_failure.scor")]
    [InlineData("on_failure: {score: 0}", "on_failure: {score: .nan}", "on_failure.score")]
    [InlineData("on_failure: {score: 0}", "on_failure: [1]", "on_failure")]
    [InlineData("agent: {cpus: 1, memory: 1GiB}", "agent: {cpus: 0}", "resources.agent.cpus")]
    [InlineData("agent: {cpus: 1, memory: 1GiB}", "agent: {memory: 1G}", "resources.agent.memory")]
    [InlineData("agent: {cpus: 1, memory: 1GiB}", "agent: {memory: 1GiB, tmp_size: 2GiB}", "resources.agent.tmp_size")]
    [InlineData("aggregate: mean", "aggregate: average", "metrics.score.aggregate")]
    [InlineData("aggregate: mean", "aggregate: mean, order: lower_is_better", "metrics.score.order")]
    [InlineData("score: {from: return, aggregate: mean}", "score: 5", "metrics.score")]
    public void Read_WrongValue_IsAnErrorAtItsPath(string old, string replacement, string path)
    {
        var reading = Sample.ReadWith(old, replacement);

        Assert.Contains(reading.Problems, problem =>
            problem.Severity == BundleSeverity.Error && problem.Path == "challenge_phases[0].evaluation." + path && problem.Line > 0);
    }

    [Fact]
    public void Read_LowestFirstWithoutFailureValue_IsAnErrorAsFailingWouldWin()
    {
        var config = Sample.With("      on_failure: {score: 0}\n", "").Replace("_descending: True", "_descending: False", StringComparison.Ordinal);

        Assert.Contains(Sample.Read(config).Problems, problem => problem.Message.Contains("failing would win", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_Declaration_SurvivesJson()
    {
        var evaluation = Sample.EvaluationWith("episodes: 100", "episodes: [{name: easy, options: {a: 1}}]");

        var again = JsonSerializer.Deserialize<EvaluationDeclaration>(JsonSerializer.Serialize(evaluation))!;

        Assert.Equal(JsonSerializer.Serialize(evaluation), JsonSerializer.Serialize(again));
        Assert.Equal(evaluation.TimeLimits, again.TimeLimits);
    }

    [Theory]
    [InlineData("100ms", 100)]
    [InlineData("10s", 10_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("5", 5_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2 min", 120_000)]
    [InlineData("1d", 86_400_000)]
    public void Duration_Forms_AreRead(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.True(DurationText.TryParse(DurationText.Format(duration), out var again) && again == duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1s")]
    [InlineData("1 year")]
    [InlineData("s")]
    [InlineData("999999999999999999d")]
    public void Duration_OtherTexts_AreNot(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("8Gi", 8L << 30)]
    [InlineData("512MB", 512_000_000)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("42949672960", 42_949_672_960)]
    public void Size_Forms_AreRead(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out var size));
        Assert.Equal(bytes, size);
        Assert.True(SizeText.TryParse(SizeText.Format(size), out var again) && again == size);
    }

    [Theory]
    [InlineData("1G")]
    [InlineData("-1GiB")]
    [InlineData("9999999TiB")]
    [InlineData("big")]
    public void Size_OtherTexts_AreNot(string text) => Assert.False(SizeText.TryParse(text, out _));

    [Theory]
    [InlineData("2024-05-01 12:00:00", "2024-05-01T12:00:00Z")]
    [InlineData("2024-5-1 7:00:00", "2024-05-01T07:00:00Z")]
    [InlineData("2023-03-15 16:00:00 utc+0", "2023-03-15T16:00:00Z")]
    [InlineData("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00Z")]
    [InlineData("2024-05-01 12:00 -0530", "2024-05-01T17:30:00Z")]
    [InlineData("2024-02-29T23:59:59.5Z", "2024-02-29T23:59:59.5Z")]
    [InlineData("2024-05-01", "2024-05-01T00:00:00Z")]
    public void Date_Forms_AreReadAsUtc(string text, string expected)
    {
        Assert.True(DateText.TryParse(text, out var date, out _, out _));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), date);
        Assert.Equal(TimeSpan.Zero, date.Offset);
    }

    [Theory]
    [InlineData("2023-02-29 00:00:00")]
    [InlineData("2024-13-01 00:00:00")]
    [InlineData("2024-05-01 24:00:00")]
    [InlineData("2024-05-01 00:60:00")]
    [InlineData("2024-05-01 00:00:00+99:00")]
    [InlineData("0000-01-01 00:00:00")]
    [InlineData("0001-01-01 00:00:00+05:00")]
    [InlineData("tomorrow")]
    public void Date_OtherTexts_AreNot(string text)
    {
        Assert.False(DateText.TryParse(text, out _, out _, out var problem));
        Assert.NotEmpty(problem);
    }
}
