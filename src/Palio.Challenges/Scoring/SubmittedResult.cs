using System.Text.Json;

namespace Palio.Challenges.Scoring;

/// <summary>A result that somebody else computed: a host's script, a scoring environment, a host's own worker.</summary>
public static class SubmittedResult
{
    private const int LongestShown = 60;

    /// <summary>Reads what a script's <c>evaluate</c> returned: <c>{"result": [{"split": {"metric": 1.0}}]}</c>.</summary>
    /// <param name="json">The returned value as JSON.</param>
    /// <param name="boards">The phase's boards.</param>
    public static SubmittedResultReading Read(string json, IReadOnlyList<ResultBoard> boards)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException exception)
        {
            return SubmittedResultReading.Refused($"The result is not JSON: {exception.Message}");
        }

        using (document)
        {
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("result", out var list))
            {
                return SubmittedResultReading.Refused("evaluate() must return a dictionary with the key 'result'.");
            }

            if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() == 0)
            {
                return SubmittedResultReading.Refused("'result' must be a list with an entry for each split: [{\"split\": {\"metric\": 1.0}}].");
            }

            var scores = new List<SplitScores>();
            var problems = new List<string>();
            foreach (var (entry, number) in list.EnumerateArray().Select((entry, i) => (entry, i + 1)))
            {
                if (entry.ValueKind is not JsonValueKind.Object)
                {
                    problems.Add($"Entry {number} of 'result' is no dictionary of splits.");
                    continue;
                }

                foreach (var split in entry.EnumerateObject())
                {
                    ReadSplit(split, scores, problems);
                }
            }

            return problems.Count > 0 ? new SubmittedResultReading([], problems) : Check(scores, boards);
        }
    }

    /// <summary>Checks scores against the boards of a phase: known splits, each once, exactly the declared metrics, finite numbers.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="boards">The phase's boards.</param>
    /// <param name="isPartial">Metrics may be missing.</param>
    public static SubmittedResultReading Check(IReadOnlyList<SplitScores> scores, IReadOnlyList<ResultBoard> boards, bool isPartial = false)
    {
        var problems = new List<string>();
        foreach (var twice in scores.GroupBy(score => score.Split).Where(group => group.Count() > 1))
        {
            problems.Add($"Split '{Shown(twice.Key)}' is there {twice.Count()} times.");
        }

        foreach (var score in scores)
        {
            var own = boards.Where(board => board.Split == score.Split).ToList();
            if (own.Count == 0)
            {
                problems.Add($"Split '{Shown(score.Split)}' is not one of this phase's: {Listed(boards.Select(board => board.Split).Distinct())}.");
                continue;
            }

            var known = own.SelectMany(board => board.Labels).Distinct().ToList();
            Report(problems, isPartial ? [] : known.Except(score.Values.Keys), $"Split '{Shown(score.Split)}' lacks");
            Report(problems, score.Values.Keys.Except(known), $"Split '{Shown(score.Split)}' has what its boards ({Listed(known)}) do not declare:");
            Report(problems, score.Values.Where(value => !double.IsFinite(value.Value)).Select(value => value.Key), $"Split '{Shown(score.Split)}' has no finite number for");
        }

        if (scores.Count == 0)
        {
            problems.Add("The result has no split.");
        }

        return new SubmittedResultReading(problems.Count == 0 ? scores : [], problems);
    }

    private static void ReadSplit(JsonProperty split, List<SplitScores> scores, List<string> problems)
    {
        if (split.Value.ValueKind is not JsonValueKind.Object)
        {
            problems.Add($"Split '{Shown(split.Name)}' must be a dictionary of metrics.");
            return;
        }

        var values = new Dictionary<string, double>();
        foreach (var metric in split.Value.EnumerateObject())
        {
            if (metric.Value.ValueKind is JsonValueKind.Number && metric.Value.TryGetDouble(out var value) && double.IsFinite(value))
            {
                values[metric.Name] = value;
            }
            else
            {
                problems.Add($"'{Shown(metric.Name)}' of split '{Shown(split.Name)}' is no finite number but {Shown(metric.Value.GetRawText())}.");
            }
        }

        scores.Add(new SplitScores(split.Name, values));
    }

    private static void Report(List<string> problems, IEnumerable<string> names, string what)
    {
        if (names.ToList() is { Count: > 0 } found)
        {
            problems.Add($"{what} {Listed(found)}.");
        }
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Take(20).Select(name => $"'{Shown(name)}'"));

    private static string Shown(string text) => Bundles.BundlePath.Printable(text.Length > LongestShown ? text[..LongestShown] + "…" : text);
}

/// <summary>A board that a result may fill.</summary>
/// <param name="Split">Codename of its dataset split.</param>
/// <param name="Labels">Its columns.</param>
public sealed record ResultBoard(string Split, IReadOnlyList<string> Labels);

/// <summary>The metrics of one dataset split.</summary>
/// <param name="Split">The dataset split's codename.</param>
/// <param name="Values">By label.</param>
public sealed record SplitScores(string Split, IReadOnlyDictionary<string, double> Values);

/// <summary>What came of reading a result: scores, or everything that is wrong with it.</summary>
public sealed record SubmittedResultReading(IReadOnlyList<SplitScores> Scores, IReadOnlyList<string> Problems)
{
    /// <summary>Nothing of it can be used.</summary>
    public static SubmittedResultReading Refused(string problem) => new([], [problem]);
}
