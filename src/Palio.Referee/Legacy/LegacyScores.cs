using System.Buffers;
using System.Text;
using System.Text.Json;
using Palio.Protocol.Evaluations;
using Palio.Referee.Playing;

namespace Palio.Referee.Legacy;

/// <summary>The result an environment sends: a list with an entry for each split, its accuracies by the board's labels.</summary>
internal static class LegacyScores
{
    private const int MostSplits = 100;
    private const int MostMetrics = 100;

    /// <summary>The scores as <c>{"result": [{"split": {"metric": 1.0}}]}</c>, or what is wrong with them.</summary>
    public static (string? Scores, string? Wrong) Read(string? text, IReadOnlyList<LegacyBoard> boards)
    {
        if (text is null)
        {
            return (null, "the result is missing; it must be a JSON list as text");
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() is 0 or > MostSplits
                ? (null, "the result must be a JSON list with an entry for each split")
                : Read(document.RootElement, boards);
        }
        catch (JsonException)
        {
            // Python writes NaN and Infinity, which JSON does not have.
            return (null, "the result is not JSON; note that NaN and Infinity are none");
        }
    }

    private static (string? Scores, string? Wrong) Read(JsonElement list, IReadOnlyList<LegacyBoard> boards)
    {
        var written = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(written);
        json.WriteStartObject();
        json.WriteStartArray("result");
        var seen = new HashSet<string>();
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("split", out var name) || name.ValueKind != JsonValueKind.String
                || !entry.TryGetProperty("accuracies", out var accuracies) || accuracies.ValueKind != JsonValueKind.Object)
            {
                return (null, "an entry of the result is not {\"split\": name, \"accuracies\": {label: number}}");
            }

            var split = name.GetString()!;
            var board = boards.FirstOrDefault(board => board.Split == split);
            if (board is null && boards.Count > 0)
            {
                return (null, $"the split '{Shown(split)}' is none of this phase: {string.Join(", ", boards.Select(known => known.Split))}");
            }

            if (!seen.Add(split))
            {
                return (null, $"the split '{Shown(split)}' comes twice");
            }

            json.WriteStartObject();
            json.WriteStartObject(split);
            if (Copy(accuracies, board, json) is { } wrong)
            {
                return (null, $"split '{Shown(split)}': {wrong}");
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return (Encoding.UTF8.GetString(written.WrittenSpan), null);
    }

    // What a board shows and nobody sent would be a row with holes, on which rank and score cannot be told.
    private static string? Copy(JsonElement accuracies, LegacyBoard? board, Utf8JsonWriter json)
    {
        var count = 0;
        var names = new HashSet<string>();
        foreach (var metric in accuracies.EnumerateObject())
        {
            if (++count > MostMetrics || !names.Add(metric.Name))
            {
                return "too many metrics, or one of them twice";
            }

            if (board is not null && !board.Metrics.Contains(metric.Name))
            {
                return $"the metric '{Shown(metric.Name)}' is none of the board's: {string.Join(", ", board.Metrics)}";
            }

            if (metric.Value.ValueKind != JsonValueKind.Number || !metric.Value.TryGetDouble(out var value) || !double.IsFinite(value))
            {
                return $"the metric '{Shown(metric.Name)}' is not a finite number";
            }

            json.WriteNumber(metric.Name, value);
        }

        return count == 0 ? "there are no accuracies"
            : board?.Metrics.FirstOrDefault(label => !names.Contains(label)) is { } lacking ? $"the board's metric '{lacking}' is missing"
            : null;
    }

    private static string Shown(string text) => SideText.Clean(text.ReplaceLineEndings(" "), 60);
}
