using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Features.Evaluations;

/// <summary>Puts a submission into the queue, to be judged by the phase's present declaration.</summary>
internal static class QueueEvaluation
{
    public static EvaluationRun Create(Submission submission, Phase phase, int challengeId, DateTimeOffset now) => new()
    {
        Submission = submission,
        PhaseRevisionId = phase.CurrentId ?? throw new InvalidOperationException($"Phase {phase.Id} has no revision."),
        ChallengeId = challengeId,
        PhaseId = phase.Id,
        TeamId = submission.TeamId,
        EpisodesTotal = ChallengeViews.Declaration(phase.Current).Evaluation?.EpisodeCount
            ?? throw new InvalidOperationException($"Phase {phase.Id} has no evaluation block."),
        Queued = now,
    };
}
