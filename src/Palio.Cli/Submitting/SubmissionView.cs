using System.Text.Json;
using Palio.Cli.Output;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Submitting;

/// <summary>A submission for people.</summary>
internal static class SubmissionView
{
    public static void Write(IAnsiConsole console, SubmissionDetail submission)
    {
        var summary = submission.Summary;
        var rows = new Facts(console);
        rows.Add("submission", $"{summary.Id} (number {summary.Number} of {summary.Team} in {summary.Challenge}/{summary.Phase})");
        rows.Add("state", Words.Of(summary.State));
        rows.Add("method", summary.MethodName);
        rows.Add("image", summary.Digest);
        rows.Add("submitted", $"{Words.Of(summary.Submitted)} by {summary.SubmittedBy}");
        rows.Add("leaderboard", summary.Public ? "public" : "private");
        rows.Add("quota", summary.Counts ? "counts" : "does not count");
        if (SubmissionFollowing.Newest(submission) is { } evaluation)
        {
            AddEvaluation(rows, evaluation);
        }

        rows.Write();
        if (SubmissionFollowing.Newest(submission)?.Fault is { } fault)
        {
            WriteFault(console, fault);
        }
    }

    private static void AddEvaluation(Facts rows, EvaluationDetail evaluation)
    {
        rows.Add("episodes", evaluation.EpisodesTotal > 0 ? $"{evaluation.EpisodesDone} of {evaluation.EpisodesTotal}, {evaluation.Steps} steps" : null);
        rows.Add("queue", evaluation.QueuePlace is { } place ? $"place {place}" : null);
        foreach (var score in evaluation.Scores)
        {
            rows.Add(score.Metric, score.Total == 0 ? Words.Of(score) : $"{Words.Of(score)}   ({score.Valid} of {score.Total} episodes played to their end)");
        }
    }

    private static void WriteFault(IAnsiConsole console, Fault fault)
    {
        var code = JsonSerializer.Serialize(fault.Code, EvaluationJsonContext.Default.FaultCode).Trim('"');
        console.WriteLine();
        console.MarkupLineInterpolated($"[red]{code}[/] (blame: {fault.Blame.ToString().ToLowerInvariant()}) {Printable.Of(fault.Message)}");
        console.MarkupLineInterpolated($"[cyan]  try:[/] {Printable.Of(fault.Remedy)}");
        if (fault.AgentLogTail is { Length: > 0 } tail)
        {
            console.MarkupLine("[grey]last lines of the agent:[/]");
            console.WriteLine(Printable.Of(tail).TrimEnd());
        }
    }
}
