using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Evaluation.Plans;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Evaluations;

/// <summary>Hands the next evaluation to a worker: the oldest of the team that has the fewest running.</summary>
internal static class LeaseEvaluation
{
    // How far into the queue fairness looks; beyond it, order of arrival is fair enough.
    private const int Looked = 500;

    /// <summary>The lease taken, or when to look again because of a pause; both null when there is nothing to do.</summary>
    public static async Task<LeaseAttempt> HandleAsync(
        WorkerDescription worker, PalioDbContext db, QueueOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            var queued = await db.Evaluations.AsNoTracking().Where(e => e.State == EvaluationState.Queued && e.Judging != Judging.Remote).OrderBy(e => e.Queued).ThenBy(e => e.Id).Take(Looked)
                .Select(e => new Waiting(e.Id, e.TeamId, e.PhaseId, e.ChallengeId, e.NotBefore)).ToListAsync(cancellationToken);
            if (queued.Count == 0)
            {
                return new LeaseAttempt(null, null);
            }

            var running = await Running(db).AsNoTracking().Where(e => e.Judging != Judging.Remote)
                .Select(e => new Waiting(e.Id, e.TeamId, e.PhaseId, e.ChallengeId, null)).ToListAsync(cancellationToken);
            if (Choose(queued, running, options, now) is not { } chosen)
            {
                return new LeaseAttempt(null, queued.Min(e => e.NotBefore is { } at && at > now ? at : (DateTimeOffset?)null));
            }

            if (await TakeAsync(chosen.Id, worker, db, options, now, cancellationToken) is { } run)
            {
                return new LeaseAttempt(run, null);
            }
        }
    }

    /// <summary>By naming the states, not by leaving others out: an index finds the few that run among the many that are over.</summary>
    internal static IQueryable<EvaluationRun> Running(PalioDbContext db) => db.Evaluations.Where(e =>
        e.State == EvaluationState.Preparing || e.State == EvaluationState.Ready || e.State == EvaluationState.Running || e.State == EvaluationState.Scoring);

    /// <summary>The decision alone: no database.</summary>
    internal static Waiting? Choose(IReadOnlyList<Waiting> queued, IReadOnlyList<Waiting> running, QueueOptions options, DateTimeOffset now)
    {
        var byTeam = running.CountBy(e => e.TeamId).ToDictionary();
        var byPhase = running.CountBy(e => e.PhaseId).ToDictionary();
        var byChallenge = running.CountBy(e => e.ChallengeId).ToDictionary();
        return queued
            .Where(e => e.NotBefore is null || e.NotBefore <= now)
            .Where(e => Admits(options.MaxRunningPerTeam, byTeam.GetValueOrDefault(e.TeamId))
                && Admits(options.MaxRunningPerPhase, byPhase.GetValueOrDefault(e.PhaseId))
                && Admits(options.MaxRunningPerChallenge, byChallenge.GetValueOrDefault(e.ChallengeId)))
            .MinBy(e => byTeam.GetValueOrDefault(e.TeamId)); // the first of equals: the oldest
    }

    private static bool Admits(int limit, int running) => limit == 0 || running < limit;

    // Null when another worker was faster: state and fence are checked by the update itself.
    private static async Task<EvaluationRun?> TakeAsync(
        long id, WorkerDescription worker, PalioDbContext db, QueueOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var run = await db.Evaluations.Include(e => e.Submission).Include(e => e.PhaseRevision).ThenInclude(p => p.Phase)
            .FirstOrDefaultAsync(e => e.Id == id && e.State == EvaluationState.Queued, cancellationToken);
        if (run is null)
        {
            return null;
        }

        var declaration = Declaration(run);
        run.Lease(worker.Name, now, options.Lease, Deadline(run, declaration));
        run.Submission.Follow(run);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return run;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return null;
        }
    }

    // A script follows what a participant's image wrote, and each may take its whole time.
    private static int Deadline(EvaluationRun run, EvaluationDeclaration declaration) =>
        PlayPlan.DeadlineSeconds(declaration) + (run.Judging is Judging.StaticCode ? (int)declaration.TimeLimits.Total.TotalSeconds : 0);

    internal static EvaluationDeclaration Declaration(EvaluationRun run) =>
        ChallengeViews.Declaration(run.PhaseRevision).Evaluation ?? throw new InvalidOperationException($"Evaluation {run.Id} has no declaration.");

    /// <summary>A row of the queue, as far as choosing goes.</summary>
    internal sealed record Waiting(long Id, int TeamId, int PhaseId, int ChallengeId, DateTimeOffset? NotBefore);
}

/// <summary>What came of looking for work.</summary>
internal sealed record LeaseAttempt(EvaluationRun? Run, DateTimeOffset? LookAgain);
