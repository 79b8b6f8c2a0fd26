using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Challenges.Bundles;
using Palio.Cli.Output;
using Palio.Evaluation.Local;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Playing;

/// <summary>What <c>palio run --json</c> gives: names and meaning are those of the server's evaluations.</summary>
internal sealed record RunReport
{
    public string? Challenge { get; init; }

    public string? Phase { get; init; }

    public required string Agent { get; init; }

    public required string Environment { get; init; }

    /// <summary>Whether all episodes were played and scored.</summary>
    public required bool Complete { get; init; }

    public required IReadOnlyList<MetricScore> Scores { get; init; }

    /// <summary>The environment, made for EvalAI, sent the scores; the referee counted nothing.</summary>
    public bool ScoredByEnvironment { get; init; }

    public required IReadOnlyList<EpisodeResult> Episodes { get; init; }

    public Fault? Fault { get; init; }

    /// <summary>Equal for equal seeds and actions; the server's run has the same.</summary>
    public string? TranscriptDigest { get; init; }

    public long? Steps { get; init; }

    public double? MedianActionMs { get; init; }

    public double? P99ActionMs { get; init; }

    public required PodTimings Timings { get; init; }

    public required string AgentLog { get; init; }

    public required string EnvironmentLog { get; init; }

    public static RunReport Of(LocalPhase phase, LocalGame game, LocalOutcome outcome) => new()
    {
        Challenge = phase.Challenge,
        Phase = phase.Phase,
        Agent = NameOf(game.Agent),
        Environment = NameOf(game.Environment),
        Complete = outcome.Score is not null || outcome.Scored is not null,
        Scores = [.. outcome.Score?.Metrics.Select(metric => new MetricScore(
            metric.Name, metric.Value, metric.Interval?.Low, metric.Interval?.High, outcome.Score.ValidEpisodes, outcome.Score.TotalEpisodes)) ?? SentScores.Read(outcome.Scored)],
        ScoredByEnvironment = outcome.Scored is not null,
        Episodes = outcome.Episodes,
        Fault = outcome.Fault,
        TranscriptDigest = outcome.Result?.TranscriptDigest,
        Steps = outcome.Result?.Steps,
        MedianActionMs = outcome.Result?.MedianActionMs,
        P99ActionMs = outcome.Result?.P99ActionMs,
        Timings = outcome.Timings,
        AgentLog = outcome.AgentLog,
        EnvironmentLog = outcome.EnvironmentLog,
    };

    public static string NameOf(LocalProgram program) => program switch
    {
        ImageProgram image => image.Reference,
        CommandProgram command => command.Line,
        _ => "",
    };

    private void WriteSent(IAnsiConsole console)
    {
        var facts = new Facts(console);
        foreach (var score in Scores)
        {
            facts.Add(score.Metric, Words.Number(score.Value));
        }

        facts.Add("scored by", "the environment");
        facts.Write();
    }

    /// <summary>Writes it for a person.</summary>
    public void Write(IAnsiConsole console, EvaluationDeclaration declaration)
    {
        if (ScoredByEnvironment)
        {
            WriteSent(console);
            return;
        }

        var reported = declaration.Metrics.Where(metric => metric.IsReportedByEnvironment).Select(metric => metric.From).Distinct().ToArray();
        var scenarios = declaration.Scenarios.Count > 1;
        var table = new Listing([">episode", .. scenarios ? ["scenario"] : Array.Empty<string>(), ">return", ">steps", .. reported.Select(name => $">{name}"), "end", ">slowest action"]);
        foreach (var one in Episodes)
        {
            table.Add([$"{one.Ordinal}", .. scenarios ? [one.Scenario] : Array.Empty<string?>(), Words.Number(one.Return), $"{one.Steps}",
                .. reported.Select(name => one.Metrics.TryGetValue(name, out var value) ? Words.Number(value) : "–"),
                Words.Of(one.End) + (one.Fault is { } fault ? $": {Words.Of(fault)}" : ""), $"{Words.Number(one.SlowestActionMs, 2)} ms"]);
        }

        table.Write(console, "No episode was played to its end.");
        var facts = new Facts(console);
        foreach (var score in Scores)
        {
            var unit = declaration.Metric(score.Metric)?.Unit;
            facts.Add(score.Metric, Words.Of(score) + (unit is null ? "" : $" {unit}"));
        }

        if (TranscriptDigest is not null)
        {
            facts.Add("actions", $"{Steps} steps, median {Words.Number(MedianActionMs ?? 0, 3)} ms, 99th percentile {Words.Number(P99ActionMs ?? 0, 3)} ms");
            facts.Add("transcript", TranscriptDigest);
        }

        facts.Write();
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
