using Palio.Challenges.Bundles;

namespace Palio.Challenges.Scoring;

/// <summary>Whether episodes are those that the declaration plans.</summary>
internal static class EpisodeChecks
{
    private const int MostNamed = 20;

    public static IReadOnlyList<ScoreProblem> Check(EvaluationDeclaration declaration, IReadOnlyCollection<ScoredEpisode> episodes)
    {
        var problems = new List<ScoreProblem>();
        var scenarios = declaration.Scenarios.SelectMany(scenario => Enumerable.Repeat(scenario.Name, scenario.Episodes)).ToArray();
        var seen = new bool[scenarios.Length];
        foreach (var episode in episodes)
        {
            if (episode.Ordinal < 0 || episode.Ordinal >= scenarios.Length)
            {
                problems.Add(new(episode.Ordinal, $"Episode {episode.Ordinal} is not one of the {scenarios.Length} that are planned."));
                continue;
            }

            if (seen[episode.Ordinal])
            {
                problems.Add(new(episode.Ordinal, $"Episode {episode.Ordinal} is there twice."));
            }

            seen[episode.Ordinal] = true;
            CheckValues(declaration, episode, scenarios[episode.Ordinal], problems);
        }

        var missing = Enumerable.Range(0, seen.Length).Where(ordinal => !seen[ordinal]).ToArray();
        if (missing.Length > 0)
        {
            var more = missing.Length > MostNamed ? ", …" : "";
            problems.Add(new(
                null, $"{missing.Length} of {scenarios.Length} episodes are missing: {string.Join(", ", missing.Take(MostNamed))}{more}."));
        }

        return problems;
    }

    private static void CheckValues(EvaluationDeclaration declaration, ScoredEpisode episode, string scenario, List<ScoreProblem> problems)
    {
        var ordinal = episode.Ordinal;
        if (episode.Scenario != scenario)
        {
            problems.Add(new(ordinal, $"Episode {ordinal} is of scenario '{episode.Scenario}', planned is '{scenario}'."));
        }

        if (episode.Steps < 0)
        {
            problems.Add(new(ordinal, $"Episode {ordinal} has {episode.Steps} steps."));
        }

        if (episode.IsFailed)
        {
            return;
        }

        foreach (var metric in declaration.Metrics)
        {
            if (metric.IsReportedByEnvironment && !episode.Metrics.ContainsKey(metric.From))
            {
                problems.Add(new(ordinal, $"Episode {ordinal}: the environment did not report '{metric.From}', which metric '{metric.Name}' is made from."));
            }
            else if (!double.IsFinite(MetricSample.ValueOf(metric, episode)))
            {
                problems.Add(new(ordinal, $"Episode {ordinal}: '{metric.From}' is not a finite number."));
            }
        }
    }
}
