using Palio.Protocol.Evaluations;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.EvalAi.Workers;

/// <summary>A submission as a worker that has just changed it reads it.</summary>
internal sealed record WorkerSubmission(int Id, string Status, int ParticipantTeam, int ChallengePhase, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, IReadOnlyList<string> JobName)
{
    public static WorkerSubmission Of(EvaluationRun run) => new(run.SubmissionId, StatusOf(run.State), run.TeamId, run.PhaseId, run.Started, run.Ended, run.JobNames?.Split('\n') ?? []);

    /// <summary>EvalAI's word. What a worker has taken and not begun is "queued" there.</summary>
    public static string StatusOf(EvaluationState state) => state switch
    {
        EvaluationState.Queued => "submitted",
        EvaluationState.Preparing => "queued",
        EvaluationState.Finished => "finished",
        EvaluationState.Failed => "failed",
        EvaluationState.Cancelled => "cancelled",
        _ => "running",
    };
}
