using Palio.Challenges.Bundles;
using Palio.Challenges.Seeds;
using Palio.Evaluation.Plans;
using Palio.Evaluation.Pods;

namespace Palio.Server.Features.Challenges;

/// <summary>What a sound bundle may ask for and this instance does not give: said when it is published, not when a team's evaluation fails.</summary>
internal static class InstanceRules
{
    public static IEnumerable<BundleProblem> Check(ChallengeBundle bundle, ChallengeOptions options) =>
        bundle.Phases.SelectMany((phase, index) => phase.Evaluation is { } evaluation
            ? Check(bundle.Places, phase, evaluation, $"challenge_phases[{index}].evaluation", options)
            : []);

    private static IEnumerable<BundleProblem> Check(
        BundlePlaces places, PhaseDeclaration phase, EvaluationDeclaration evaluation, string path, ChallengeOptions options)
    {
        if (evaluation.Runtime is { } runtime && !options.AllowsRuntime(runtime))
        {
            yield return places.Error(
                $"{path}.runtime", $"The runtime '{runtime}' is not among those this instance offers ({(options.Runtimes.Length > 0 ? options.Runtimes : "none but the engine's own")}).",
                $"Leave it out, or ask the operator to add it to {ChallengeOptions.Section}:{nameof(ChallengeOptions.Runtimes)}.");
        }

        // The seeds are as long as they will be, whatever the secret.
        var plan = PlayPlan.Referee("0", evaluation, EpisodePlan.Create(evaluation, phase.Codename, PhaseSecret.Public));
        if (PodPlanner.Encode(plan).Length is var length and > PodPlanner.LongestPlan)
        {
            yield return places.Error(
                $"{path}.episodes", $"The episodes and their options make a plan of {length / 1024} KiB, compressed; the referee takes {PodPlanner.LongestPlan / 1024} KiB.",
                "Put what the options hold into the environment's image, and name it in them; or declare fewer episodes.");
        }
    }
}
