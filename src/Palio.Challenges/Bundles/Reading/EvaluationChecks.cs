using Palio.Challenges.Ranking;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>Checks that a phase's metrics and the boards it is shown on fit.</summary>
internal static class EvaluationChecks
{
    public static void Check(BundleParts parts)
    {
        foreach (var phase in parts.Phases.Where(phase => phase.Value.Judging == Judging.Play))
        {
            if (phase.Value.Evaluation is not { } evaluation)
            {
                continue;
            }

            var shown = parts.PhaseSplits.Where(split => split.Value.ChallengePhaseId == phase.Value.Id).ToArray();
            var boards = shown
                .Select(split => parts.Leaderboards.FirstOrDefault(board => board.Value.Id == split.Value.LeaderboardId))
                .Where(board => board.Section is not null)
                .DistinctBy(board => board.Value.Id);
            foreach (var board in boards)
            {
                Labels(phase, evaluation, board);
                var split = shown.First(split => split.Value.LeaderboardId == board.Value.Id).Value;
                Ranking(phase, evaluation, board.Value, BoardOrder.From(board.Value, split));
            }
        }
    }

    private static void Labels(Read<PhaseDeclaration> phase, EvaluationDeclaration evaluation, Read<LeaderboardDeclaration> board)
    {
        foreach (var label in board.Value.Labels.Where(label => evaluation.Metric(label) is null))
        {
            var names = evaluation.Metrics.Select(metric => metric.Name).ToArray();
            var near = Schema.Nearest.Find(label, names);
            var remedy = near is null
                ? $"Add it to the phase's metrics ({string.Join(", ", names)}), or remove the label."
                : $"Did you mean '{near}'?";
            var schema = board.Section.Node("schema") as Yaml.YamlMap;
            board.Section.Context.Error(
                schema?.Find("labels")?.Value ?? board.Section.Map,
                board.Section.PathOf("schema.labels"),
                $"Label '{BundlePath.Printable(label)}' of leaderboard {board.Value.Id} is no metric of phase {phase.Value.Id} ({BundlePath.Printable(phase.Value.Codename)}).",
                remedy);
        }
    }

    private static void Ranking(Read<PhaseDeclaration> phase, EvaluationDeclaration evaluation, LeaderboardDeclaration board, BoardOrder order)
    {
        if (evaluation.Metric(order.OrderBy) is not { } metric)
        {
            return;
        }

        var context = phase.Section.Context;
        var block = phase.Section.Node("evaluation")!;
        var path = phase.Section.PathOf("evaluation");
        if (metric.HigherIsBetter is { } higher && higher != order.Descending)
        {
            context.Error(
                block,
                $"{path}.metrics.{BundlePath.Printable(metric.Name)}.order",
                $"The metric says {(higher ? "higher" : "lower")} is better, leaderboard {board.Id} puts the {(order.Descending ? "highest" : "lowest")} value first.",
                "Change the metric's order, or is_leaderboard_order_descending and the label's sort_ascending.");
        }

        if (IsFailureGiven(block, metric.Name))
        {
            return;
        }

        var what = $"A failed episode counts 0 in '{BundlePath.Printable(metric.Name)}', which ranks";
        var remedy = $"Write what the worst episode counts: on_failure: {{{metric.Name}: …}}.";
        if (order.Descending)
        {
            context.Warning(block, $"{path}.on_failure", $"{what}.", remedy);
        }
        else
        {
            context.Error(block, $"{path}.on_failure", $"{what} with the lowest value first: failing would win.", remedy);
        }
    }

    private static bool IsFailureGiven(Yaml.YamlNode block, string metric) => block is Yaml.YamlMap map && map.Find("on_failure")?.Value switch
    {
        Yaml.YamlText { IsNull: false } => true,
        Yaml.YamlMap values => values.Find(metric) is not null,
        _ => false,
    };
}
