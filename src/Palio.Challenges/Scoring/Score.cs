using Palio.Challenges.Bundles;

namespace Palio.Challenges.Scoring;

/// <summary>The score of an evaluation: a pure function of its episodes and the phase's declaration.</summary>
public sealed record Score
{
    /// <summary>A value for each declared metric, in the declaration's order.</summary>
    public required IReadOnlyList<MetricScore> Metrics { get; init; }

    /// <summary>Episodes that were played to an end.</summary>
    public required int ValidEpisodes { get; init; }

    /// <summary>Episodes that count as failed.</summary>
    public required int FailedEpisodes { get; init; }

    /// <summary>All episodes.</summary>
    public int TotalEpisodes => ValidEpisodes + FailedEpisodes;

    /// <summary>The metric of this name; null when there is none.</summary>
    public MetricScore? Metric(string name) => Metrics.FirstOrDefault(metric => metric.Name == name);

    /// <summary>
    /// Computes the score. It exists only when each planned episode is there exactly once and every value is a finite number: nothing is
    /// ever averaged over the episodes that happen to be there.
    /// </summary>
    public static ScoreResult Compute(EvaluationDeclaration declaration, IReadOnlyCollection<ScoredEpisode> episodes)
    {
        var problems = EpisodeChecks.Check(declaration, episodes);
        if (problems.Count > 0)
        {
            return new ScoreResult(null, problems);
        }

        var ordered = episodes.OrderBy(episode => episode.Ordinal).ToArray();
        var metrics = declaration.Metrics.Select(metric => MetricSample.Create(declaration, metric, ordered).Score()).ToArray();
        problems = [.. metrics.Where(metric => !double.IsFinite(metric.Value)).Select(metric =>
            new ScoreProblem(null, $"Metric '{metric.Name}' is too large to be a number."))];
        if (problems.Count > 0)
        {
            return new ScoreResult(null, problems);
        }

        var failed = ordered.Count(episode => episode.IsFailed);
        return new ScoreResult(new Score { Metrics = metrics, FailedEpisodes = failed, ValidEpisodes = ordered.Length - failed }, []);
    }
}

/// <summary>What came of scoring.</summary>
/// <param name="Score">The score; null when there are problems.</param>
/// <param name="Problems">Why there is no score.</param>
public sealed record ScoreResult(Score? Score, IReadOnlyList<ScoreProblem> Problems);

/// <summary>Why there is no score.</summary>
/// <param name="Ordinal">The episode it concerns; null when it concerns all.</param>
/// <param name="Message">What is wrong.</param>
public sealed record ScoreProblem(int? Ordinal, string Message);

/// <summary>One metric of a score.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Value">A finite number.</param>
/// <param name="Interval">95 % confidence interval; null where there is none: one episode, or a minimum, maximum or last value.</param>
public sealed record MetricScore(string Name, double Value, ConfidenceInterval? Interval);

/// <summary>A 95 % confidence interval.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Method">How it was found.</param>
public sealed record ConfidenceInterval(double Low, double High, IntervalMethod Method);

/// <summary>How a confidence interval was found.</summary>
public enum IntervalMethod
{
    /// <summary>Percentiles of a bootstrap that resamples within scenarios, with a fixed seed.</summary>
    StratifiedBootstrap,

    /// <summary>Wilson's score interval, for shares.</summary>
    Wilson,
}
