using Palio.Cli.Api;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Submitting;

/// <summary>Follows submissions to their ends, with a bar each.</summary>
internal static class SubmissionFollowing
{
    public static async Task<SubmissionDetail> RunAsync(CliSession session, PalioClient client, int id, CancellationToken cancellationToken) =>
        await ProgressBars.RunAsync(session, [$"submission {id}"], bars => FollowAsync(client, id, bars[0], cancellationToken));

    public static async Task<SubmissionDetail> FollowAsync(PalioClient client, int id, IProgressBar bar, CancellationToken cancellationToken)
    {
        await foreach (var update in client.EventsAsync(id, cancellationToken))
        {
            bar.Show(Share(update.Evaluation), Text(update));
        }

        return await client.SubmissionAsync(id, cancellationToken);
    }

    /// <summary>Says aloud what a finished submission's exit code does not say, and gives that code.</summary>
    public static int Conclude(CliSession session, SubmissionDetail submission)
    {
        if (Forfeits.Of(submission) is { } forfeits)
        {
            session.Printer.Warn(forfeits);
        }

        return Exit(submission);
    }

    /// <summary>Verdict as exit code: 0 for finished, else whose fault it was.</summary>
    public static int Exit(SubmissionDetail submission) => submission.Summary.State switch
    {
        SubmissionState.Failed => Newest(submission)?.Fault?.Blame switch
        {
            Blame.Agent or Blame.Participant => ExitCode.AgentFailed,
            Blame.Environment or Blame.Host => ExitCode.EnvironmentFailed,
            _ => ExitCode.PlatformFailed,
        },
        SubmissionState.Cancelled => ExitCode.AgentFailed,
        _ => ExitCode.Ok,
    };

    public static EvaluationDetail? Newest(SubmissionDetail submission) => submission.Evaluations is [var newest, ..] ? newest : null;

    private static double Share(EvaluationDetail evaluation) => evaluation.State switch
    {
        EvaluationState.Finished or EvaluationState.Scoring => 1,
        _ when evaluation.EpisodesTotal > 0 => (double)evaluation.EpisodesDone / evaluation.EpisodesTotal,
        _ => 0,
    };

    private static string Text(SubmissionEvent update) => update.Evaluation.State switch
    {
        EvaluationState.Queued => update.Evaluation.QueuePlace is { } place ? $"waiting, place {place}" : "waiting",
        EvaluationState.Preparing => update.Evaluation.Detail ?? "preparing",
        EvaluationState.Running => $"running {update.Evaluation.EpisodesDone}/{update.Evaluation.EpisodesTotal} episodes, {update.Evaluation.Steps} steps",
        EvaluationState.Finished when update.Score is { } score => $"finished, score {Words.Number(score)}",
        EvaluationState.Failed when update.Evaluation.Fault is { } fault => $"failed: {fault.Message}",
        var state => Words.Of(state),
    };
}
