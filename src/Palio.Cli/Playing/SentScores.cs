using System.Text.Json;
using Palio.Protocol.Api;

namespace Palio.Cli.Playing;

/// <summary>The scores that an environment made for EvalAI sent, as the server would store them.</summary>
internal static class SentScores
{
    public static IReadOnlyList<MetricScore> Read(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("result").EnumerateArray().SelectMany(entry => entry.EnumerateObject())
            .SelectMany(split => split.Value.EnumerateObject().Select(metric => new MetricScore($"{split.Name}: {metric.Name}", metric.Value.GetDouble(), null, null, 0, 0)))];
    }
}
