namespace Palio.Challenges.Bundles.Reading;

/// <summary>Reads boards.</summary>
internal static class LeaderboardPart
{
    private const int LongestLabel = 100;

    public static Read<LeaderboardDeclaration> Read(Section section)
    {
        var id = section.IntegerOrNull("id") ?? SplitPart.NoId;
        var schema = section.Child("schema");
        var labels = schema is null ? [] : Labels(schema);
        var orderBy = schema?.Text("default_order_by") ?? "";
        if (orderBy.Length > 0 && labels.Count > 0 && !labels.Contains(orderBy))
        {
            var near = Schema.Nearest.Find(orderBy, labels);
            schema!.Error(
                "default_order_by",
                $"leaderboard {id}: default_order_by '{BundlePath.Printable(orderBy)}' is not one of its labels.",
                near is null ? $"Write one of {string.Join(", ", labels)}." : $"Did you mean '{near}'?");
        }

        return new(section, new LeaderboardDeclaration
        {
            Id = id,
            Labels = labels,
            DefaultOrderBy = orderBy,
            Metadata = schema is null ? new Dictionary<string, LabelMetadata>() : Metadata(schema, labels),
        });
    }

    private static IReadOnlyList<string> Labels(Section schema)
    {
        var labels = schema.Texts("labels");
        if (schema.Node("labels") is Yaml.YamlList { Items.Count: 0 })
        {
            schema.Error("labels", "The board has no columns.", "Write at least one label: labels: [score].");
        }

        foreach (var label in labels.Where(label => label.Length is 0 or > LongestLabel || label.Any(char.IsControl)))
        {
            schema.Error("labels", $"'{BundlePath.Printable(label)}' cannot be a label.", $"Write 1 to {LongestLabel} characters.");
        }

        foreach (var twice in labels.GroupBy(label => label).Where(group => group.Count() > 1))
        {
            schema.Error("labels", $"The label '{BundlePath.Printable(twice.Key)}' is there twice.", "Labels of one board must differ.");
        }

        return labels;
    }

    private static Dictionary<string, LabelMetadata> Metadata(Section schema, IReadOnlyList<string> labels)
    {
        var metadata = new Dictionary<string, LabelMetadata>();
        foreach (var entry in schema.FreeEntries("metadata"))
        {
            var path = $"{schema.PathOf("metadata")}.{BundlePath.Printable(entry.Key)}";
            if (labels.Count > 0 && !labels.Contains(entry.Key))
            {
                var near = Schema.Nearest.Find(entry.Key, labels);
                schema.Context.Warning(
                    entry, path, $"The metadata of '{BundlePath.Printable(entry.Key)}' is not used: there is no such label.", near is null ? "Remove it." : $"Did you mean '{near}'?");
            }

            if (entry.Value is Yaml.YamlMap map)
            {
                var section = new Section(schema.Context, map, Bundles.Schema.LeaderboardKeys.Metadata, path);
                metadata[entry.Key] = new LabelMetadata(section.FlagOrNull("sort_ascending"), section.Text("description"));
            }
            else
            {
                schema.Context.Error(entry, path, "A label's metadata has keys.", "Write sort_ascending and description below it, or remove it.");
            }
        }

        return metadata;
    }
}
