using Palio.Challenges.Bundles.Schema;
using Palio.Challenges.Bundles.Yaml;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>Reads <c>metrics</c> and <c>on_failure</c>.</summary>
internal static class MetricPart
{
    private const int LongestName = 100;

    public static IReadOnlyList<MetricDeclaration> Read(Section block)
    {
        var entries = block.FreeEntries("metrics");
        MetricDeclaration[] metrics = entries.Count > 0
            ? [.. entries.Select(entry => Metric(block, entry))]
            : [new MetricDeclaration { Name = "score" }];
        return OnFailure(block, metrics);
    }

    private static MetricDeclaration Metric(Section block, YamlEntry entry)
    {
        var path = $"{block.PathOf("metrics")}.{BundlePath.Printable(entry.Key)}";
        if (entry.Key.Length is 0 or > LongestName || entry.Key.Any(char.IsControl))
        {
            block.Context.Error(entry, path, "This cannot be a metric's name.", $"Write 1 to {LongestName} characters.");
        }

        if (entry.Value is not YamlMap map)
        {
            if (entry.Value is not YamlText { IsNull: true })
            {
                block.Context.Error(entry, path, "A metric has keys.", $"Write '{BundlePath.Printable(entry.Key)}: {{from: return, aggregate: mean}}'.");
            }

            return new MetricDeclaration { Name = entry.Key };
        }

        var section = new Section(block.Context, map, EvaluationKeys.Metric, path);
        var aggregate = AggregateOf(section.Text("aggregate"));
        if (section.Has("threshold") && aggregate != Aggregate.SuccessRate)
        {
            section.Warning("threshold", "'threshold' is used with aggregate: success_rate only.", "Remove it, or write aggregate: success_rate.");
        }

        return new MetricDeclaration
        {
            Name = entry.Key,
            From = section.Text("from") ?? MetricDeclaration.FromReturn,
            Aggregate = aggregate,
            Threshold = section.Number("threshold"),
            HigherIsBetter = section.Text("order") switch { "higher_is_better" => true, "lower_is_better" => false, _ => null },
            Unit = section.Text("unit"),
            Description = section.Text("description"),
        };
    }

    private static Aggregate AggregateOf(string? text) => text switch
    {
        "median" => Aggregate.Median,
        "sum" => Aggregate.Sum,
        "min" => Aggregate.Min,
        "max" => Aggregate.Max,
        "success_rate" => Aggregate.SuccessRate,
        "iqm" => Aggregate.Iqm,
        "last" => Aggregate.Last,
        _ => Aggregate.Mean,
    };

    private static MetricDeclaration[] OnFailure(Section block, MetricDeclaration[] metrics)
    {
        var (spec, path) = (EvaluationKeys.Table["on_failure"], block.PathOf("on_failure"));
        switch (block.Node("on_failure"))
        {
            case null:
                return metrics;
            case YamlText text:
                var value = block.Real(text, path, spec) ?? 0;
                return [.. metrics.Select(metric => metric with { OnFailure = value })];
            case YamlMap map:
                var values = map.Entries.ToDictionary(entry => entry.Key, entry => Value(block, entry, metrics, spec, path));
                return [.. metrics.Select(metric => values.TryGetValue(metric.Name, out var number) ? metric with { OnFailure = number } : metric)];
            default:
                block.Error("on_failure", "Expected a number, or a number for each metric, found a list.", "Write on_failure: {score: 0}.");
                return metrics;
        }
    }

    private static double Value(Section block, YamlEntry entry, MetricDeclaration[] metrics, Key spec, string path)
    {
        var name = BundlePath.Printable(entry.Key);
        if (metrics.All(metric => metric.Name != entry.Key))
        {
            var near = Nearest.Find(entry.Key, metrics.Select(metric => metric.Name));
            block.Context.Error(
                entry, $"{path}.{name}", $"There is no metric '{name}'.", near is null ? $"Metrics: {string.Join(", ", metrics.Select(metric => metric.Name))}." : $"Did you mean '{near}'?");
        }

        if (entry.Value is YamlText text)
        {
            return block.Real(text, $"{path}.{name}", spec) ?? 0;
        }

        block.Context.Error(entry, $"{path}.{name}", "Expected a number.", $"Write '{name}: 0'.");
        return 0;
    }
}
