using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Challenges.Bundles;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;
using Palio.Server.Features.Submissions;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Evaluations;

/// <summary>Nothing is stuck: leases that ran out and states that lasted too long are moved on, with a reason.</summary>
internal sealed partial class EvaluationWatchdog(
    IServiceScopeFactory scopes, EvaluationQueue queue, SubmissionFeed feed, IOptions<QueueOptions> options, TimeProvider time, ILogger<EvaluationWatchdog> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RemoteGrace = TimeSpan.FromDays(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Periodic.RunAsync(Interval, time, LookAsync, LogFailed, stoppingToken);

    /// <summary>One look at everything that runs.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await TakeBackAsync(run => run.Judging == Judging.Remote
            ? run.LeaseExpires <= now ? Fault.Of(FaultCode.HostWorkerLost, $"The host's worker did not send a result within {TimeSpan.FromSeconds(run.DeadlineSeconds)}.") : null
            : run.LeaseExpires <= now
            ? Fault.Of(FaultCode.PlatformLeaseLost, "The worker that held the evaluation went away.")
            : now - run.StateSince > LongestStay(run)
                ? Fault.Of(FaultCode.PlatformStuck, $"The evaluation stayed {run.State.ToString().ToLowerInvariant()} longer than it may.")
                : null, cancellationToken);
        await GiveUpRemoteAsync(now, cancellationToken);
    }

    // After the end, hosts' workers have a day for what is left; nobody waits for ever.
    private async Task GiveUpRemoteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<long> left;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var ended = now - RemoteGrace;
            left = await scope.ServiceProvider.GetRequiredService<PalioDbContext>().Evaluations
                .Where(e => e.State == EvaluationState.Queued && e.Judging == Judging.Remote && e.Queued < ended && e.PhaseRevision.Revision.Challenge.Ends < ended)
                .Select(e => e.Id).ToListAsync(cancellationToken);
        }

        foreach (var id in left)
        {
            await TakeBackAsync(id, run => (run.State == EvaluationState.Queued, Fault.Of(FaultCode.HostWorkerLost, "The challenge is over, and no worker of the host's took the submission.")), cancellationToken);
        }
    }

    /// <summary>At start: what a worker of this name held before cannot be running any more. Costs nobody an attempt.</summary>
    public async Task TakeBackFromAsync(string worker, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PalioDbContext>();
        var ids = await Running(db).Where(e => e.Worker == worker).Select(e => e.Id).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            await TakeBackAsync(id, _ => (true, null), cancellationToken);
        }
    }

    private async Task TakeBackAsync(Func<EvaluationRun, Fault?> judge, CancellationToken cancellationToken)
    {
        List<EvaluationRun> running;
        await using (var scope = scopes.CreateAsyncScope())
        {
            running = await Running(scope.ServiceProvider.GetRequiredService<PalioDbContext>()).AsNoTracking().ToListAsync(cancellationToken);
        }

        foreach (var run in running.Where(run => judge(run) is not null))
        {
            await TakeBackAsync(run.Id, present => judge(present) is { } fault ? (true, fault) : (false, null), cancellationToken);
        }
    }

    // Each in a context of its own, judged again there: one that moved on in between is left alone.
    private async Task TakeBackAsync(long id, Func<EvaluationRun, (bool Take, Fault? Fault)> judge, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PalioDbContext>();
        var run = await db.Evaluations.Include(e => e.Submission).FirstOrDefaultAsync(e => e.Id == id, cancellationToken);
        if (run is null || run.IsOver || (run.State == EvaluationState.Queued && run.Judging != Judging.Remote) || judge(run) is not (true, var fault))
        {
            return;
        }

        scope.ServiceProvider.GetRequiredService<ReportIntake>().TakeBack(run, fault);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return;
        }

        LogTakenBack(run.Id, run.Worker, run.State, fault?.Code);
        feed.Publish(run.SubmissionId);
        queue.Wake();
    }

    private TimeSpan LongestStay(EvaluationRun run) => run.State switch
    {
        EvaluationState.Preparing => TimeSpan.FromSeconds(run.DeadlineSeconds) + TimeSpan.FromHours(2), // pull and start have limits of their own
        EvaluationState.Scoring => TimeSpan.FromSeconds(options.Value.ScoringSeconds),
        _ => TimeSpan.FromSeconds(run.DeadlineSeconds) + options.Value.Lease,
    };

    private static IQueryable<EvaluationRun> Running(PalioDbContext db) => LeaseEvaluation.Running(db);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Evaluation {Evaluation} was taken back from {Worker} and is {State} now, fault {Fault}")]
    private partial void LogTakenBack(long evaluation, string? worker, EvaluationState state, FaultCode? fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "The watchdog could not look")]
    private partial void LogFailed(Exception exception);
}
