using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Scoring;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Features.Evaluations;

/// <summary>
/// Evaluations that a host's own workers make. What they say is checked here as anybody's word is: it changes an evaluation of their own
/// challenge that has not ended, or nothing.
/// </summary>
internal sealed partial class RemoteEvaluations(PalioDbContext db, EvaluationFiles files, SubmissionFeed feed, TimeProvider time, ILogger<RemoteEvaluations> logger)
{
    /// <summary>Detail of an evaluation that has a part of its result.</summary>
    public const string Partly = "partially evaluated";

    private const int LongestMessage = 2000;

    /// <summary>EvalAI's limit of an evaluation when the challenge does not say.</summary>
    private static readonly TimeSpan UsualLimit = TimeSpan.FromDays(1);

    /// <summary>The newest evaluation of a submission to the challenge.</summary>
    public async Task<EvaluationRun> FindAsync(int submission, int challengeId, CancellationToken cancellationToken)
    {
        var run = await db.Evaluations.Include(e => e.Submission).Include(e => e.PhaseRevision).ThenInclude(p => p.Revision)
            .Where(e => e.SubmissionId == submission && e.ChallengeId == challengeId).OrderByDescending(e => e.Id).FirstOrDefaultAsync(cancellationToken)
            ?? throw new PalioException(StatusCodes.Status404NotFound, RefusalCodes.NotFound, $"Submission {submission} does not exist in this challenge.", "");
        return run.Judging == Judging.Remote
            ? run
            : throw Refused($"Submission {submission} is evaluated here, not by workers of the host's.", "Set remote_evaluation in the challenge's configuration.");
    }

    /// <summary>A worker has taken it, or says that it runs. To say it again changes nothing.</summary>
    public async Task StartAsync(EvaluationRun run, EvaluationState state, string worker, CancellationToken cancellationToken)
    {
        DemandOpen(run);
        Take(run, worker);
        run.Advance(state, null, time.GetUtcNow());
        run.Submission.Follow(run);
        await SaveAsync(run, cancellationToken);
    }

    /// <summary>Keeps what the submitted image wrote on the host's cluster; from then on its message is for whoever scores.</summary>
    public async Task KeepFileAsync(EvaluationRun run, string digest, string name, string worker, Action store, CancellationToken cancellationToken)
    {
        DemandOpen(run);
        Take(run, worker);
        run.Advance(EvaluationState.Running, null, time.GetUtcNow());
        run.Keep(digest, name);
        run.Submission.Follow(run);
        store();
        await SaveAsync(run, cancellationToken);
        var now = time.GetUtcNow();
        await db.QueueMessages.Where(message => message.EvaluationId == run.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(message => message.IsDeleted, false).SetProperty(message => message.VisibleAt, now), cancellationToken);
    }

    /// <summary>Stores a result. The same again changes nothing.</summary>
    public async Task FinishAsync(EvaluationRun run, RemoteResult result, string worker, CancellationToken cancellationToken)
    {
        if (run.State == EvaluationState.Finished && run.TranscriptDigest == DigestOf(result.Scores))
        {
            return;
        }

        DemandOpen(run);
        await StoreAsync(run, result, new Part(IsPartial: false, IsLast: true), worker, cancellationToken);
    }

    /// <summary>Stores a part of a result; boards show it at once.</summary>
    /// <param name="run">The evaluation.</param>
    /// <param name="result">The part.</param>
    /// <param name="adds">It adds to the parts before; else it takes their place.</param>
    /// <param name="isLast">Nothing comes after it.</param>
    /// <param name="worker">Who says so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StorePartAsync(EvaluationRun run, RemoteResult result, bool adds, bool isLast, string worker, CancellationToken cancellationToken)
    {
        DemandOpen(run);
        if (!ChallengeViews.Declaration(run.PhaseRevision).IsPartialSubmissionEvaluationEnabled)
        {
            throw Refused("This phase takes no partial results.", "Set is_partial_submission_evaluation_enabled, or send the whole result.");
        }

        if (adds)
        {
            var known = await db.Scores.AsNoTracking().Where(s => s.EvaluationId == run.Id).ToListAsync(cancellationToken);
            if (known.Count == 0)
            {
                throw Refused("There is no part of a result yet to add to.", "Send the first one by PUT.");
            }

            result = result with
            {
                Scores = [.. known.GroupBy(s => s.Split).Select(split => new SplitScores(split.Key, split.ToDictionary(s => s.Metric, s => s.Value))).Concat(result.Scores)
                    .GroupBy(split => split.Split).Select(parts => new SplitScores(parts.Key, parts.SelectMany(part => part.Values).GroupBy(v => v.Key).ToDictionary(v => v.Key, v => v.Last().Value)))],
                Hidden = known.Where(s => s.IsHidden).Select(s => s.Split).Concat(result.Hidden).ToHashSet(),
            };
        }

        await StoreAsync(run, result, new Part(IsPartial: true, isLast), worker, cancellationToken);
    }

    private async Task StoreAsync(EvaluationRun run, RemoteResult result, Part part, string worker, CancellationToken cancellationToken)
    {
        var reading = SubmittedResult.Check(result.Scores, await SubmittedScores.BoardsAsync(run.PhaseId, db, cancellationToken), part.IsPartial);
        if (reading.Problems.Count > 0)
        {
            throw Refused($"The result was not taken. {string.Join(' ', reading.Problems)}", "");
        }

        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Scores.Where(s => s.EvaluationId == run.Id).ExecuteDeleteAsync(cancellationToken);
        Take(run, worker);
        run.Advance(EvaluationState.Running, Partly, now);
        if (part.IsLast)
        {
            run.Finish(DigestOf(reading.Scores), now);
        }

        run.Submission.Follow(run, await SubmittedScores.AddAsync(run, reading.Scores, db, cancellationToken, result.Hidden));
        await WriteAsync(run, result.Logs, cancellationToken);
        await SaveAsync(run, cancellationToken);
        await BoardKeeping.RebuildPhaseAsync(run.PhaseId, run.TeamId, db, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The worker could not evaluate it. It costs the team nothing, as on EvalAI.</summary>
    public async Task FailAsync(EvaluationRun run, RemoteLogs logs, string worker, CancellationToken cancellationToken)
    {
        if (run.State == EvaluationState.Failed)
        {
            return;
        }

        DemandOpen(run);
        Take(run, worker);
        var message = logs.Errors.Trim() is { Length: > 0 } text ? text : "The host's worker gave no reason.";
        run.Fail(Fault.Of(FaultCode.HostWorkerFailed, message.Length > LongestMessage ? message[^LongestMessage..] : message), time.GetUtcNow());
        run.Submission.Follow(run, run.Submission.Score);
        await WriteAsync(run, logs, cancellationToken);
        await EndAsync(run, cancellationToken);
    }

    /// <summary>The worker gave it up.</summary>
    public async Task CancelAsync(EvaluationRun run, CancellationToken cancellationToken)
    {
        if (run.State == EvaluationState.Cancelled)
        {
            return;
        }

        DemandOpen(run);
        run.SetFault(Fault.Of(FaultCode.ParticipantCancelled, "Cancelled by the host's worker."));
        run.Cancel(time.GetUtcNow());
        run.Submission.Follow(run, run.Submission.Score);
        await EndAsync(run, cancellationToken);
    }

    // Without a score: a part that stood on the boards leaves them.
    private async Task EndAsync(EvaluationRun run, CancellationToken cancellationToken)
    {
        await SaveAsync(run, cancellationToken);
        await BoardKeeping.RebuildPhaseAsync(run.PhaseId, run.TeamId, db, time.GetUtcNow(), cancellationToken);
    }

    private static string DigestOf(IEnumerable<SplitScores> scores) =>
        Secrets.Hash(JsonSerializer.Serialize(scores.OrderBy(s => s.Split, StringComparer.Ordinal).Select(s => new { s.Split, Values = s.Values.OrderBy(v => v.Key, StringComparer.Ordinal) })));

    private void Take(EvaluationRun run, string worker)
    {
        if (run.State == EvaluationState.Queued)
        {
            var limit = ChallengeViews.Declaration(run.PhaseRevision.Revision).SubmissionTimeLimit ?? UsualLimit;
            run.Lease(worker, time.GetUtcNow(), limit, (int)limit.TotalSeconds);
        }
    }

    private Task WriteAsync(EvaluationRun run, RemoteLogs logs, CancellationToken cancellationToken) =>
        files.WriteLogsAsync(run.Id, logs.ForParticipants, logs.Environment, cancellationToken);

    private async Task SaveAsync(EvaluationRun run, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw PalioException.Conflict(RefusalCodes.State, $"Submission {run.SubmissionId} moved on at this very moment; nothing was changed.", "Look at it, then send it again.");
        }

        feed.Publish(run.SubmissionId);
        LogTold(run.Id, run.State, run.Worker);
    }

    private static void DemandOpen(EvaluationRun run)
    {
        if (run.IsOver)
        {
            throw Refused(
                $"Submission {run.SubmissionId} has ended already: it is {run.State.ToString().ToLowerInvariant()}. Nothing was changed.",
                "To evaluate it anew, a host runs it again.");
        }
    }

    private static PalioException Refused(string message, string remedy) => new(StatusCodes.Status400BadRequest, RefusalCodes.State, message, remedy);

    private readonly record struct Part(bool IsPartial, bool IsLast);

    [LoggerMessage(Level = LogLevel.Information, Message = "Evaluation {Evaluation} is {State}, said {Worker}")]
    private partial void LogTold(long evaluation, EvaluationState state, string? worker);
}

/// <summary>What a worker sends of a finished evaluation.</summary>
/// <param name="Scores">By dataset split.</param>
/// <param name="Hidden">Splits whose scores participants are not shown with their submission.</param>
/// <param name="Logs">Its output.</param>
internal sealed record RemoteResult(IReadOnlyList<SplitScores> Scores, IReadOnlySet<string> Hidden, RemoteLogs Logs);

/// <summary>A worker's output.</summary>
/// <param name="Output">For the team.</param>
/// <param name="Errors">For the team, too.</param>
/// <param name="Environment">For the hosts.</param>
internal sealed record RemoteLogs(string Output, string Errors, string Environment)
{
    public string ForParticipants => Errors.Length == 0 ? Output : Output.Length == 0 ? Errors : $"{Output}\n\nErrors:\n{Errors}";
}
