using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Seeds;
using Palio.Evaluation.Plans;
using Palio.Protocol.Evaluations;
using Palio.Registry;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Evaluations;

/// <summary>Makes the job of a leased evaluation: by its own revision, with the episodes that are not finished yet.</summary>
internal sealed class JobFactory(RegistryTokens tokens, InstanceAddress address, ScoringJobs scoring)
{
    public async Task<EvaluationJob> CreateAsync(EvaluationRun run, PalioDbContext db, QueueOptions options, CancellationToken cancellationToken)
    {
        var declaration = LeaseEvaluation.Declaration(run);
        if (run.Judging is Judging.Script or Judging.StaticCode)
        {
            return await scoring.CreateAsync(run, declaration, db, options, Embedded, cancellationToken);
        }

        var isLegacy = run.Judging is Judging.Environment;
        var done = await db.Episodes.Where(e => e.EvaluationId == run.Id).Select(e => e.Ordinal).ToListAsync(cancellationToken);
        var name = run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var lifetime = TimeSpan.FromSeconds(declaration.TimeLimits.Pull.TotalSeconds + 600);
        var phase = run.PhaseRevision;
        return new EvaluationJob
        {
            Lease = new EvaluationLease(run.Id, run.Fence, run.SubmissionId, options.LeaseSeconds),
            Agent = Embedded(run.Submission.Repository, run.Submission.ManifestDigest ?? run.Submission.Digest, run.Id, lifetime),
            Environment = phase is { EnvironmentRepository: { } repository, EnvironmentManifestDigest: { } digest }
                ? phase.EnvironmentIsEmbedded ? Embedded(repository, digest, run.Id, lifetime) : new JobImage($"{repository}@{digest}")
                : throw new InvalidOperationException($"Evaluation {run.Id} has no environment image."),
            AgentLimits = PlayPlan.Limits(declaration.AgentResources),
            EnvironmentLimits = PlayPlan.Limits(declaration.EnvironmentResources),
            Plan = isLegacy ? PlayPlan.NoEpisodes(name) : PlayPlan.Referee(name, declaration, Plan(run, declaration).ExceptBy(done, episode => episode.Ordinal)),
            Legacy = isLegacy ? await LegacyAsync(run, declaration, db, cancellationToken) : null,
            Runtime = declaration.Runtime,
            PullSeconds = (int)declaration.TimeLimits.Pull.TotalSeconds,
            StartSeconds = (int)declaration.TimeLimits.Start.TotalSeconds,
            DeadlineSeconds = run.DeadlineSeconds,
        };
    }

    /// <summary>All episodes of an evaluation: the same for every submission to the phase.</summary>
    public static IReadOnlyList<Palio.Challenges.Seeds.PlannedEpisode> Plan(EvaluationRun run, EvaluationDeclaration declaration) => EpisodePlan.Create(
        declaration, ChallengeViews.Declaration(run.PhaseRevision).Codename, PhaseSecret.From(run.PhaseRevision.Phase.Secret));

    // A new token with every lease: what a lost attempt's environment still holds is good for nothing.
    private static async Task<LegacyPlan> LegacyAsync(EvaluationRun run, EvaluationDeclaration declaration, PalioDbContext db, CancellationToken cancellationToken)
    {
        var boards = (await SubmittedScores.BoardsAsync(run.PhaseId, db, cancellationToken)).GroupBy(board => board.Split)
            .Select(boards => new LegacyBoard(boards.Key, [.. boards.SelectMany(board => board.Labels).Distinct()]));
        return PlayPlan.Legacy(
            declaration, (run.ChallengeId, run.PhaseId, run.SubmissionId), $"{run.Submission.Repository}@{run.Submission.Digest}", [.. boards]);
    }

    private JobImage Embedded(string repository, string digest, long evaluation, TimeSpan lifetime) => new(
        $"{address.LocalRegistryHost}/{repository}@{digest}", "worker",
        tokens.IssuePullToken($"evaluation:{evaluation}", RepositoryName.Parse(repository), lifetime));
}
