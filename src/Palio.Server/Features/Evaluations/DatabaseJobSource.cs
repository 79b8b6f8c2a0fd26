using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Palio.Server.Storage;

namespace Palio.Server.Features.Evaluations;

/// <summary>The queue as the worker in this process meets it.</summary>
internal sealed class DatabaseJobSource(
    IServiceScopeFactory scopes, EvaluationQueue queue, JobFactory jobs, ContentStore content, IOptions<QueueOptions> options,
    IOptions<ScoringOptions> scoring, IOptions<WorkerSettings> settings, TimeProvider time) : IJobSource
{
    public async Task<EvaluationJob?> LeaseAsync(WorkerDescription worker, TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            await queue.Rush.LetPassAsync(settings.Value.Yield, cancellationToken);

            // Taken before the rows are read: what is queued in between is not missed.
            var next = queue.NextAsync();
            var (job, lookAgain) = await TryLeaseAsync(worker, cancellationToken);
            var left = wait - time.GetElapsedTime(started);
            if (job is not null || left <= TimeSpan.Zero)
            {
                return job;
            }

            if (lookAgain is { } moment && moment - time.GetUtcNow() is var pause && pause < left)
            {
                left = pause > TimeSpan.Zero ? pause : TimeSpan.FromMilliseconds(1);
            }

            try
            {
                await next.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Nothing came: look once more, then answer.
            }
        }
    }

    public async Task<LeaseStanding> HeartbeatAsync(EvaluationLease lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PalioDbContext>();
        var now = time.GetUtcNow();
        var expires = now + options.Value.Lease;
        var held = await db.Evaluations.Where(e => e.Id == lease.Evaluation && e.Fence == lease.Fence && e.LeaseExpires != null)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.LeaseExpires, expires), cancellationToken);
        if (held == 0)
        {
            return LeaseStanding.Lost;
        }

        var facts = await db.Evaluations.Where(e => e.Id == lease.Evaluation).Select(e => new { e.Worker, Cancel = e.CancelRequested != null })
            .SingleAsync(cancellationToken);
        await db.Workers.Where(w => w.Name == facts.Worker).ExecuteUpdateAsync(set => set.SetProperty(w => w.LastSeen, now), cancellationToken);
        return facts.Cancel ? LeaseStanding.CancelRequested : LeaseStanding.Held;
    }

    public async Task<LeaseStanding> ReportAsync(EvaluationLease lease, EvaluationReport report, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ReportIntake>().HandleAsync(lease, report, cancellationToken);
    }

    public Task<Stream> OpenFileAsync(EvaluationLease lease, JobFile file, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(content.Open(file.Digest));

    public async Task KeepFileAsync(EvaluationLease lease, string name, Stream file, CancellationToken cancellationToken)
    {
        var stored = await content.PutAsync(file, scoring.Value.MaxFileBytes, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PalioDbContext>().Evaluations
            .Where(e => e.Id == lease.Evaluation && e.Fence == lease.Fence && e.LeaseExpires != null)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.FileDigest, stored.Digest).SetProperty(e => e.FileName, name), cancellationToken);
    }

    public async Task ReleaseAsync(EvaluationLease lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ReportIntake>().ReleaseAsync(lease, cancellationToken);
    }

    private async Task<(EvaluationJob? Job, DateTimeOffset? LookAgain)> TryLeaseAsync(WorkerDescription worker, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PalioDbContext>();
        var now = time.GetUtcNow();
        await SeeAsync(worker, db, now, cancellationToken);
        var attempt = await LeaseEvaluation.HandleAsync(worker, db, options.Value, now, cancellationToken);
        if (attempt.Run is not { } run)
        {
            return (null, attempt.LookAgain);
        }

        scope.ServiceProvider.GetRequiredService<Submissions.SubmissionFeed>().Publish(run.SubmissionId);
        return (await jobs.CreateAsync(run, db, options.Value, cancellationToken), null);
    }

    private static async Task SeeAsync(WorkerDescription worker, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await db.Workers.FirstOrDefaultAsync(w => w.Name == worker.Name, cancellationToken);
        if (row is null)
        {
            db.Workers.Add(new WorkerRecord { Name = worker.Name, Engine = worker.Engine, Capacity = worker.Capacity, LastSeen = now });
        }
        else
        {
            (row.Engine, row.Capacity, row.LastSeen) = (worker.Engine, worker.Capacity, now);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
