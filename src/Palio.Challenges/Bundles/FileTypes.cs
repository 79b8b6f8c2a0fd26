namespace Palio.Challenges.Bundles;

/// <summary>The endings of files that a phase takes, as EvalAI writes them: <c>.json, .zip, .csv</c>.</summary>
public static class FileTypes
{
    /// <summary>The endings, in lower case and with their point; empty when the phase takes any.</summary>
    public static IReadOnlyList<string> Parse(string text) =>
    [
        .. text.Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(ending => "." + ending.TrimStart('*', '.').ToLowerInvariant()).Where(ending => ending.Length > 1).Distinct(),
    ];

    /// <summary>Whether a file of this name may be submitted.</summary>
    public static bool Allows(string types, string fileName)
    {
        var endings = Parse(types);
        return endings.Count == 0 || endings.Any(ending => fileName.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
