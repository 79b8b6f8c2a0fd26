using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Challenges.Bundles;
using Palio.Challenges.Scoring;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Features.Evaluations;

/// <summary>Takes in what workers report. Whatever comes late, twice or under an old fence changes nothing.</summary>
internal sealed partial class ReportIntake(
    PalioDbContext db, EpisodeIntake episodes, EvaluationFiles files, EvaluationQueue queue, SubmissionFeed feed, IOptions<QueueOptions> options, TimeProvider time,
    ILogger<ReportIntake> logger)
{
    private const int LongestDetail = 500;

    public async Task<LeaseStanding> HandleAsync(EvaluationLease lease, EvaluationReport report, CancellationToken cancellationToken)
    {
        if (report is EpisodeReport episode && !await episodes.AddAsync(lease, episode, cancellationToken))
        {
            return LeaseStanding.Held; // gathered; the standing is told with the next report that is stored
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var run = await FindAsync(lease, cancellationToken);
        if (run is null)
        {
            episodes.Forget(lease);
            return LeaseStanding.Lost;
        }

        await StoreEpisodesAsync(lease, run, cancellationToken);
        await ApplyAsync(run, report, cancellationToken);
        run.Submission.Follow(run, run.Submission.Score);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            if (run.IsOver)
            {
                await Leaderboards.BoardKeeping.RebuildPhaseAsync(run.PhaseId, run.TeamId, db, time.GetUtcNow(), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return LeaseStanding.Lost; // the watchdog was faster
        }

        feed.Publish(run.SubmissionId);
        if (run.IsOver || run.State == EvaluationState.Queued)
        {
            queue.Wake(); // a place is free, or there is one more to do
            LogEnded(run.Id, run.State, run.FaultCode);
        }

        return run.CancelRequested is not null && !run.IsOver ? LeaseStanding.CancelRequested : LeaseStanding.Held;
    }

    /// <summary>A worker that stops: back into the queue at once, without blame.</summary>
    public async Task ReleaseAsync(EvaluationLease lease, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(lease, cancellationToken) is not { } run)
        {
            return;
        }

        await StoreEpisodesAsync(lease, run, cancellationToken);
        EndOrRequeue(run, null, TimeSpan.Zero);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        feed.Publish(run.SubmissionId);
        queue.Wake();
    }

    /// <summary>Takes evaluations from a worker that is gone or has no more time; called by watchdog and start.</summary>
    public void TakeBack(EvaluationRun run, Fault? fault)
    {
        if (run.CancelRequested is not null)
        {
            Cancel(run);
        }
        else if (fault is not null && (!FaultCatalog.IsRetried(fault.Code) || run.PlatformFaults + 1 >= options.Value.MaxPlatformFaults))
        {
            run.Fail(fault, time.GetUtcNow());
        }
        else
        {
            EndOrRequeue(run, fault, fault is null ? TimeSpan.Zero : Pause(run));
        }

        run.Submission.Follow(run, run.Submission.Score);
    }

    private async Task ApplyAsync(EvaluationRun run, EvaluationReport report, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        run.Extend(now, options.Value.Lease);
        switch (report)
        {
            case StateReport state:
                run.Advance(state.State, Shorten(state.Detail), now);
                break;
            case ProgressReport progress when progress.Done >= 0 && progress.Done <= progress.Total && progress.Total <= run.EpisodesTotal:
                run.EpisodesDone = Math.Max(run.EpisodesDone, run.EpisodesTotal - progress.Total + progress.Done);
                run.Steps = Math.Max(run.Steps, progress.Steps);
                break;
            case LogReport log:
                await files.WriteLogsAsync(run.Id, log.Agent, log.Environment, cancellationToken);
                break;
            case LogTailReport tail:
                await files.WriteLogsAsync(run.Id, tail.Agent, tail.Environment, cancellationToken);
                break;
            case FinishedReport finished:
                await FinishAsync(run, finished, now, cancellationToken);
                break;
            case ScoredReport scored:
                await ScoreAsync(run, scored, now, cancellationToken);
                break;
            case FailedReport { Fault.Code: FaultCode.EnvironmentIsLegacy } when run.CancelRequested is null && run.PhaseRevision.TryLetEnvironmentScore():
                await LetEnvironmentScoreAsync(run, now, cancellationToken);
                break;
            case FailedReport failed:
                run.SetFacts(failed.Policy, failed.Timings);
                Fail(run, Clean(failed.Fault), now);
                break;
        }
    }

    private async Task FinishAsync(EvaluationRun run, FinishedReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        run.SetFacts(report.Policy, report.Timings);
        run.Advance(EvaluationState.Scoring, null, now);
        var outcome = await ScoreEvaluation.HandleAsync(run, report, db, files, cancellationToken);
        if (outcome.Fault is { } fault)
        {
            Fail(run, fault, now);
            return;
        }

        if (report.Fault is { } forfeit)
        {
            run.SetFault(Clean(forfeit));
        }

        (run.EpisodesDone, run.Steps) = (run.EpisodesTotal, outcome.Steps);
        run.Finish(outcome.TranscriptDigest, now);
        run.Submission.Follow(run, outcome.MainScore);
    }

    private async Task ScoreAsync(EvaluationRun run, ScoredReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        run.SetFacts(report.Policy, report.Timings);
        run.Advance(EvaluationState.Scoring, null, now);
        var boards = await SubmittedScores.BoardsAsync(run.PhaseId, db, cancellationToken);
        var reading = SubmittedResult.Read(report.Result, boards);
        if (reading.Problems.Count > 0)
        {
            Fail(run, SubmittedScores.FaultOf(run, reading.Problems), now);
            return;
        }

        await files.WriteResultAsync(run.Id, report.Result, cancellationToken);
        run.Finish(Secrets.Hash(report.Result), now);
        run.Submission.Follow(run, await SubmittedScores.AddAsync(run, reading.Scores, db, cancellationToken));
    }

    // The phase remembers, so that one evaluation alone is played twice.
    private async Task LetEnvironmentScoreAsync(EvaluationRun run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (run.PhaseRevision.Phase is var phase && phase.CurrentId == run.PhaseRevisionId)
        {
            phase.FailedAreFree = true;
        }

        run.LetEnvironmentScore(now);
        await db.Evaluations.Where(e => e.PhaseRevisionId == run.PhaseRevisionId && e.State == EvaluationState.Queued && e.Judging == Judging.Play && e.Id != run.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.Judging, Judging.Environment).SetProperty(e => e.EpisodesTotal, 0), cancellationToken);
        LogIsLegacy(run.Id, phase.Id);
    }

    private void Fail(EvaluationRun run, Fault fault, DateTimeOffset now)
    {
        if (run.CancelRequested is not null || fault.Code == FaultCode.ParticipantCancelled)
        {
            Cancel(run);
        }
        else if (FaultCatalog.IsRetried(fault.Code) && run.PlatformFaults + 1 < options.Value.MaxPlatformFaults)
        {
            EndOrRequeue(run, fault, Pause(run));
        }
        else
        {
            run.Fail(fault, now);
        }
    }

    private void Cancel(EvaluationRun run)
    {
        run.SetFault(Fault.Of(FaultCode.ParticipantCancelled, "Cancelled while it was evaluated."));
        run.Cancel(time.GetUtcNow());
    }

    private void EndOrRequeue(EvaluationRun run, Fault? fault, TimeSpan pause)
    {
        if (run.CancelRequested is not null)
        {
            Cancel(run);
            return;
        }

        run.Requeue(time.GetUtcNow(), pause, fault);
    }

    private TimeSpan Pause(EvaluationRun run) => TimeSpan.FromSeconds(options.Value.RetrySeconds * Math.Pow(2, Math.Min(run.PlatformFaults, 8)));

    private async Task<EvaluationRun?> FindAsync(EvaluationLease lease, CancellationToken cancellationToken)
    {
        var run = await db.Evaluations.Include(e => e.Submission).Include(e => e.PhaseRevision).ThenInclude(p => p.Phase)
            .FirstOrDefaultAsync(e => e.Id == lease.Evaluation, cancellationToken);
        return run?.IsHeldUnder(lease.Fence) == true ? run : null;
    }

    private async Task StoreEpisodesAsync(EvaluationLease lease, EvaluationRun run, CancellationToken cancellationToken)
    {
        if (await episodes.TakeAsync(lease, run.EpisodesTotal, db, cancellationToken) is not { Episodes.Count: > 0 } fresh)
        {
            return;
        }

        await db.SaveChangesAsync(cancellationToken);
        var stored = await db.Episodes.Where(e => e.EvaluationId == run.Id).GroupBy(_ => 1)
            .Select(group => new { Count = group.Count(), Steps = group.Sum(e => e.Steps) }).SingleAsync(cancellationToken);
        run.EpisodesDone = Math.Max(run.EpisodesDone, stored.Count);
        run.Steps = Math.Max(run.Steps, stored.Steps);
        LogStored(run.Id, fresh.Episodes.Count, stored.Count);
    }

    // Blame and remedy are the catalogue's, whatever a worker writes; texts are bounded.
    private static Fault Clean(Fault fault) => fault with
    {
        Blame = FaultCatalog.BlameOf(fault.Code),
        Message = Shorten(fault.Message, 2000) ?? "",
        Remedy = Shorten(fault.Remedy, 2000) ?? "",
        AgentLogTail = Shorten(fault.AgentLogTail, 8192),
        EnvironmentLogTail = Shorten(fault.EnvironmentLogTail, 8192),
    };

    private static string? Shorten(string? text, int longest = LongestDetail) => text?.Length > longest ? text[..longest] : text;

    [LoggerMessage(Level = LogLevel.Information, Message = "Evaluation {Evaluation} is {State}, fault {Fault}")]
    private partial void LogEnded(long evaluation, EvaluationState state, FaultCode? fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Evaluation {Evaluation}: the environment of phase {Phase} is made for EvalAI; it is played again, and the environment scores")]
    private partial void LogIsLegacy(long evaluation, int phase);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Evaluation {Evaluation} stored {Fresh} episodes, {Count} in all")]
    private partial void LogStored(long evaluation, int fresh, int count);
}
