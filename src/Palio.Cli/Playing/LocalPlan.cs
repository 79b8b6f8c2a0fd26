using Palio.Challenges.Seeds;
using Palio.Cli.Publishing;
using Palio.Cli.Session;
using Palio.Evaluation.Plans;
using Palio.Protocol.Evaluations;
using PlannedEpisode = Palio.Protocol.Evaluations.PlannedEpisode;

namespace Palio.Cli.Playing;

/// <summary>What is played at home: a phase of the bundle in the folder, with the seeds everybody knows; without a bundle, some episodes of anything.</summary>
internal static class LocalPlan
{
    private const int DefaultEpisodes = 10;
    private const int DefaultMaxSteps = 10_000;

    public static RefereePlan Make(string folder, string? phase, int? episodes)
    {
        if (!File.Exists(Path.Combine(folder, "challenge_config.yaml")))
        {
            return phase is null ? Plain(episodes ?? DefaultEpisodes)
                : throw CliException.NotFound($"There is no challenge_config.yaml in {folder}, so there is no phase '{phase}'.", "run it in the challenge's folder, or leave --phase out");
        }

        var read = BundleFolder.Read(folder);
        var bundle = read.Bundle ?? throw CliException.Invalid($"The challenge in {folder} has mistakes: {ProblemListing.Count(read.Problems)}.", "run: palio challenge validate");
        var chosen = bundle.Phases.FirstOrDefault(one => phase is null ? one.Evaluation is not null : one.Codename.Equals(phase, StringComparison.OrdinalIgnoreCase));
        if (chosen?.Evaluation is not { } declaration)
        {
            throw CliException.NotFound(phase is null ? "No phase of the challenge has an evaluation block." : $"The challenge has no phase '{phase}' that is played.",
                $"phases: {string.Join(", ", bundle.Phases.Select(one => one.Codename))}");
        }

        // Hidden seeds stay on the server; at home even such a phase is played with the public ones.
        var planned = EpisodePlan.Create(declaration, chosen.Codename, PhaseSecret.Public);
        return PlayPlan.Referee("local", declaration, planned.Take(episodes ?? int.MaxValue));
    }

    private static RefereePlan Plain(int episodes) => new()
    {
        Evaluation = "local",
        Episodes = [.. Enumerable.Range(0, episodes).Select(ordinal => new PlannedEpisode(ordinal, ordinal))],
        MaxSteps = DefaultMaxSteps,
        Budgets = new RefereeBudgets(),
    };
}
