using System.Text.Json;
using Palio.Challenges.Scoring;

namespace Palio.Server.EvalAi.Workers;

/// <summary>
/// The <c>result</c> of EvalAI's update route: JSON as text, <c>[{"split": codename, "show_to_participant": true, "accuracies": {"label": 1}}]</c>.
/// Whether splits and labels are the phase's is checked by <see cref="SubmittedResult"/>.
/// </summary>
internal static class UpdateResult
{
    private const int Longest = 1 << 20;

    public static UpdateResultReading Read(string json)
    {
        if (json.Length > Longest)
        {
            return Refused($"The result has {json.Length} characters; at most {Longest} are read.");
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            return Refused(
                json.Contains("NaN", StringComparison.Ordinal) || json.Contains("Infinity", StringComparison.Ordinal)
                    ? "`result` holds NaN or Infinity: every metric must be a finite number."
                    : $"`result` is not JSON: {exception.Message}");
        }
    }

    private static UpdateResultReading Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            return Refused("`result` must be a list: [{\"split\": \"codename\", \"show_to_participant\": true, \"accuracies\": {\"metric\": 1.0}}].");
        }

        var (scores, hidden, problems) = (new List<SplitScores>(), new HashSet<string>(), new List<string>());
        foreach (var (entry, number) in root.EnumerateArray().Select((entry, i) => (entry, i + 1)))
        {
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("split", out var split) || split.ValueKind != JsonValueKind.String
                || !entry.TryGetProperty("accuracies", out var accuracies) || accuracies.ValueKind != JsonValueKind.Object)
            {
                problems.Add($"Entry {number} of `result` must be an object with a text `split` and an object `accuracies`.");
                continue;
            }

            scores.Add(new SplitScores(split.GetString() ?? "", Values(accuracies, number, problems)));
            if (!entry.TryGetProperty("show_to_participant", out var shown) || shown.ValueKind != JsonValueKind.True)
            {
                hidden.Add(split.GetString() ?? "");
            }
        }

        return new UpdateResultReading(scores, hidden, problems);
    }

    private static Dictionary<string, double> Values(JsonElement accuracies, int number, List<string> problems)
    {
        var values = new Dictionary<string, double>();
        foreach (var metric in accuracies.EnumerateObject())
        {
            var name = metric.Name.Length > 60 ? metric.Name[..60] + "…" : metric.Name;
            if (metric.Value.ValueKind != JsonValueKind.Number || !metric.Value.TryGetDouble(out var value) || !double.IsFinite(value))
            {
                problems.Add($"'{name}' in entry {number} of `result` is no finite number.");
            }
            else if (!values.TryAdd(metric.Name, value))
            {
                problems.Add($"'{name}' is in entry {number} of `result` twice.");
            }
        }

        return values;
    }

    private static UpdateResultReading Refused(string problem) => new([], new HashSet<string>(), [problem]);
}

/// <summary>What came of reading it: scores, or what is wrong.</summary>
/// <param name="Scores">By dataset split.</param>
/// <param name="Hidden">Splits that participants are not shown with their submission.</param>
/// <param name="Problems">Empty when it can be used.</param>
internal sealed record UpdateResultReading(IReadOnlyList<SplitScores> Scores, IReadOnlySet<string> Hidden, IReadOnlyList<string> Problems);
