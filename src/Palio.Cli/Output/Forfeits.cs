using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Output;

/// <summary>
/// A play with forfeited episodes is finished and scored: the exit code is 0. So that nobody overlooks it, it is said aloud.
/// </summary>
internal static class Forfeits
{
    /// <summary>The warning by episodes; null when none was forfeited.</summary>
    public static string? Of(IReadOnlyList<EpisodeResult> episodes)
    {
        var forfeited = episodes.Where(episode => episode.End == EpisodeEnd.Forfeited).ToArray();
        return forfeited.Length == 0 ? null : Text(forfeited.Length, episodes.Count, string.Join(", ", forfeited.GroupBy(episode => episode.Fault)
            .OrderByDescending(group => group.Count()).Select(group => $"{(group.Key is { } fault ? Words.Of(fault) : "no reason told")} {group.Count()}x")));
    }

    /// <summary>The warning by a finished submission's scores; null when none was forfeited.</summary>
    public static string? Of(SubmissionDetail submission) =>
        submission is { Summary.State: SubmissionState.Finished, Evaluations: [{ Scores: [var score, ..] } newest, ..] } && score.Valid < score.Total
            ? Text(score.Total - score.Valid, score.Total, newest.Fault is { } fault ? Words.Of(fault.Code) : $"see: palio episodes {submission.Summary.Id}")
            : null;

    private static string Text(int forfeited, int all, string why) =>
        $"{forfeited} of {all} episodes {(forfeited == 1 ? "was" : "were")} forfeited and {(forfeited == 1 ? "counts" : "count")} as the phase's on_failure says ({why}).";
}
