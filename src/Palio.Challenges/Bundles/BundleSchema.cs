using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Challenges.Bundles.Schema;

namespace Palio.Challenges.Bundles;

/// <summary>The published JSON Schema of <c>challenge_config.yaml</c>, for editors. It follows from the tables that the reader uses.</summary>
public static class BundleSchema
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All tables, the top one first.</summary>
    internal static IReadOnlyList<KeyTable> Tables { get; } = [.. Reachable(ChallengeKeys.Table).Distinct()];

    /// <summary>The schema, draft 7, with a line feed at its end.</summary>
    public static string ToJson()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Palio challenge_config.yaml",
            ["description"] = "A challenge bundle: EvalAI's keys, and a phase's evaluation block.",
        };
        foreach (var (name, value) in Mapping(ChallengeKeys.Table))
        {
            schema[name] = value?.DeepClone();
        }

        return schema.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
    }

    private static IEnumerable<KeyTable> Reachable(KeyTable table) =>
        table.Keys.Where(key => key.Children is not null).SelectMany(key => Reachable(key.Children!)).Prepend(table);

    private static JsonObject Mapping(KeyTable table)
    {
        var properties = new JsonObject();
        foreach (var key in table.Keys.Where(key => key.Use == KeyUse.Read))
        {
            properties[key.Name] = Property(key);
        }

        foreach (var key in table.Keys.Where(key => key.Use != KeyUse.Read))
        {
            properties[key.Name] = new JsonObject { ["description"] = key.About, ["deprecated"] = true };
        }

        var mapping = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (table.Keys.Any(key => key.IsRequired))
        {
            mapping["required"] = new JsonArray([.. table.Keys.Where(key => key.IsRequired).Select(key => JsonValue.Create(key.Name))]);
        }

        return mapping;
    }

    private static JsonObject Property(Key key)
    {
        var property = new JsonObject { ["description"] = key.Default is { Length: > 0 } fallback ? $"{key.About} Default: {fallback}." : key.About };
        foreach (var (name, value) in Shape(key))
        {
            property[name] = value?.DeepClone();
        }

        // A key without a value is a key that is not there.
        if (!key.IsRequired && property["type"] is JsonValue type)
        {
            property["type"] = new JsonArray(type.DeepClone(), "null");
        }

        return property;
    }

    private static JsonObject Shape(Key key) => key.Kind switch
    {
        ValueKind.Flag => new JsonObject { ["type"] = "boolean" },
        ValueKind.Integer or ValueKind.Seconds => Range(new JsonObject { ["type"] = "integer" }, key),
        ValueKind.Number => Range(new JsonObject { ["type"] = "number" }, key),
        ValueKind.Date => Matching("string", @"^\d{4}-\d{1,2}-\d{1,2}([Tt]| +)\d{1,2}:\d{1,2}(:\d{1,2}(\.\d+)?)? *([Zz]|([Uu][Tt][Cc])?([+-]\d{1,2}(:?\d{2})?)?)$"),
        ValueKind.Duration => Either(Matching("string", @"^(\d+(\.\d+)? ?(ms|s|min|m|h|d) ?)+$"), new JsonObject { ["type"] = "number", ["minimum"] = 0 }),
        ValueKind.Size => Either(Matching("string", @"^\d+(\.\d+)? ?([kK]B|MB|GB|TB|[KMGT]iB?|B)$"), new JsonObject { ["type"] = "integer", ["minimum"] = 0 }),
        ValueKind.Page => Matching("string", @"\.([hH][tT][mM][lL]?|[mM][dD]|[mM][aA][rR][kK][dD][oO][wW][nN])$"),
        ValueKind.Texts => List(new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }, key),
        ValueKind.Maps => List(Mapping(key.Children!), key),
        ValueKind.Map when key.HasFreeKeys => Free(Mapping(key.Children!), key),
        ValueKind.Map => Mapping(key.Children!),
        ValueKind.Json => new JsonObject { ["type"] = "object" },
        ValueKind.Other when key.Children is not null => Either(Range(new JsonObject { ["type"] = "integer" }, key), List(Mapping(key.Children), key)),
        ValueKind.Other => Either(
            Range(new JsonObject { ["type"] = "number" }, key),
            new JsonObject { ["type"] = "object", ["additionalProperties"] = Range(new JsonObject { ["type"] = "number" }, key) }),
        _ when key.Choices.Count > 0 => new JsonObject { ["enum"] = Choices(key) },
        _ => key.Max is { } longest ? new JsonObject { ["type"] = "string", ["maxLength"] = (long)longest } : new JsonObject { ["type"] = "string" },
    };

    private static JsonArray Choices(Key key)
    {
        var choices = new JsonArray([.. key.Choices.Select(choice => JsonValue.Create(choice))]);
        if (!key.IsRequired)
        {
            choices.Add((JsonNode?)null);
        }

        return choices;
    }

    private static JsonObject Matching(string type, string pattern) => new() { ["type"] = type, ["pattern"] = pattern };

    private static JsonObject Either(params JsonNode[] shapes) => new() { ["anyOf"] = new JsonArray([.. shapes, new JsonObject { ["type"] = "null" }]) };

    private static JsonObject Range(JsonObject shape, Key key)
    {
        if (key.Min is { } min)
        {
            shape["minimum"] = min;
        }

        if (key.Max is { } max)
        {
            shape["maximum"] = max;
        }

        return shape;
    }

    private static JsonObject List(JsonObject items, Key key)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = items };
        if (key.IsRequired)
        {
            list["minItems"] = 1;
        }

        return list;
    }

    private static JsonObject Free(JsonObject values, Key key)
    {
        // An entry without a value has all defaults.
        values["type"] = new JsonArray("object", "null");
        var map = new JsonObject { ["type"] = "object", ["additionalProperties"] = values };
        if (key.Max is { } most)
        {
            map["maxProperties"] = (int)most;
        }

        return map;
    }
}
