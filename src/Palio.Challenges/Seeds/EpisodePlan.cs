using Palio.Challenges.Bundles;

namespace Palio.Challenges.Seeds;

/// <summary>One episode to play.</summary>
/// <param name="Ordinal">Its place in the evaluation, from 0.</param>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Index">Its number within the scenario, from 0.</param>
/// <param name="Seed">What the environment's reset is given; 0 to 2,147,483,647.</param>
/// <param name="OptionsJson">The options of the environment's reset, a JSON object; null for none.</param>
public sealed record PlannedEpisode(int Ordinal, string Scenario, int Index, int Seed, string? OptionsJson);

/// <summary>What an evaluation plays: the same episodes in the same order for every submission to the phase.</summary>
public static class EpisodePlan
{
    /// <summary>Lists the episodes.</summary>
    /// <param name="evaluation">The phase's declaration.</param>
    /// <param name="phaseId">As for <see cref="PhaseSecret.Seed"/>.</param>
    /// <param name="secret">The phase's secret; not used when the seeds are public.</param>
    public static IReadOnlyList<PlannedEpisode> Create(EvaluationDeclaration evaluation, string phaseId, PhaseSecret secret)
    {
        var source = evaluation.Seeds == SeedVisibility.Public ? PhaseSecret.Public : secret;
        var episodes = new List<PlannedEpisode>(evaluation.EpisodeCount);
        foreach (var scenario in evaluation.Scenarios)
        {
            for (var index = 0; index < scenario.Episodes; index++)
            {
                // A given seed counts up, and starts again at 0 after the largest.
                var seed = scenario.Seed is { } first ? (int)(((long)first + index) & int.MaxValue) : source.Seed(phaseId, scenario.Name, index);
                episodes.Add(new PlannedEpisode(episodes.Count, scenario.Name, index, seed, scenario.OptionsJson));
            }
        }

        return episodes;
    }
}
