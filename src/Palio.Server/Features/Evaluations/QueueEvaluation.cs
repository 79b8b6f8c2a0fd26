using Palio.Challenges.Bundles;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Features.Evaluations;

/// <summary>Puts a submission into the queue, to be judged by the phase's present declaration.</summary>
internal static class QueueEvaluation
{
    public static EvaluationRun Create(Submission submission, Phase phase, int challengeId, DateTimeOffset now)
    {
        var declaration = ChallengeViews.Declaration(phase.Current);
        return new EvaluationRun
        {
            Submission = submission,
            Judging = declaration.Judging,
            PhaseRevisionId = phase.CurrentId ?? throw new InvalidOperationException($"Phase {phase.Id} has no revision."),
            ChallengeId = challengeId,
            PhaseId = phase.Id,
            TeamId = submission.TeamId,
            EpisodesTotal = declaration.Judging is not Judging.Play ? 0
                : declaration.Evaluation?.EpisodeCount ?? throw new InvalidOperationException($"Phase {phase.Id} has no evaluation block."),
            Queued = now,
        };
    }
}
