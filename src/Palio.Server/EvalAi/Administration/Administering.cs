using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Editing;
using Palio.Server.EvalAi.Leaderboards;
using Palio.Server.EvalAi.Submissions;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Features.Submissions;

namespace Palio.Server.EvalAi.Administration;

/// <summary>What EvalAI's staff asks and changes; here that is administrators.</summary>
internal sealed class Administering(Lookups lookups, ChallengeEditing editing, CurrentUser caller, PalioDbContext db, KeptBoards kept, TimeProvider time)
{
    private static readonly string[] Statuses =
        ["submitted", "running", "failed", "cancelled", "resuming", "queued", "finished", "submitting", "archived", "partially_evaluated"];

    public async Task<IResult> AttributesAsync(EvalAiBody body, CancellationToken cancellationToken)
    {
        Demand(StatusCodes.Status401Unauthorized);
        return body.Number("challenge_pk") is { } challenge
            ? await editing.AttributesAsync(challenge, body, cancellationToken)
            : EvalAiResults.Error(StatusCodes.Status400BadRequest, "Challenge primary key is missing!");
    }

    /// <summary>How many submissions are in which state, of each challenge.</summary>
    public async Task<IResult> MetricsAsync(CancellationToken cancellationToken)
    {
        Demand(StatusCodes.Status403Forbidden);
        var counts = await db.Submissions.GroupBy(s => new { s.Phase.ChallengeId, s.State }).Select(group => new { group.Key.ChallengeId, group.Key.State, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return EvalAiResults.Json(counts.GroupBy(count => count.ChallengeId).ToDictionary(
            group => group.Key.ToString(CultureInfo.InvariantCulture), group => group.ToDictionary(count => SubmissionRow.WordOf(count.State), count => count.Count)));
    }

    public async Task<IResult> MetricsAsync(int challenge, CancellationToken cancellationToken)
    {
        Demand(StatusCodes.Status403Forbidden);
        await lookups.ChallengeAsync(challenge, cancellationToken);
        var phases = await db.Phases.Where(p => p.ChallengeId == challenge).Select(p => p.Id).ToListAsync(cancellationToken);
        var counts = (await db.Submissions.Where(s => phases.Contains(s.PhaseId)).GroupBy(s => s.State).Select(group => new { State = group.Key, Count = group.Count() })
            .ToListAsync(cancellationToken)).ToDictionary(count => SubmissionRow.WordOf(count.State), count => count.Count);
        return EvalAiResults.Json(Statuses.ToDictionary(status => status, status => counts.GetValueOrDefault(status)));
    }

    /// <summary>The names of all queues, or of one challenge's.</summary>
    public async Task<IResult> QueuesAsync(int? challenge, CancellationToken cancellationToken)
    {
        Demand(StatusCodes.Status403Forbidden);
        return EvalAiResults.Json(await db.Challenges.Where(c => challenge == null || c.Id == challenge).OrderBy(c => c.Id).Select(c => c.Queue).ToListAsync(cancellationToken));
    }

    /// <summary>A board's rows as EvalAI stores them; a row's number is its submission's.</summary>
    public async Task<IResult> BoardAsync(int split, CancellationToken cancellationToken)
    {
        Demand(StatusCodes.Status401Unauthorized);
        var found = await lookups.SplitAsync(split, cancellationToken);
        var query = new BoardQuery(found.Access.Challenge.Slug, found.Phase.Codename, split.ToString(CultureInfo.InvariantCulture)) { Limit = EvalAiPaging.Everything, WithPrivate = true };
        var board = await GetLeaderboard.HandleAsync(query, caller, db, kept, cancellationToken);
        return EvalAiResults.Json(board.Entries.Select(entry => new
        {
            Id = entry.SubmissionId,
            ChallengePhaseSplit = split,
            Submission = entry.SubmissionId,
            Leaderboard = found.Split.LeaderboardBundleId,
            Result = entry.Scores.ToDictionary(score => score.Metric, score => score.Value),
            Error = entry.Scores.All(score => score is { Low: not null, High: not null })
                ? entry.Scores.ToDictionary(score => $"error_{score.Metric}", EvalAiBoardRow.ErrorOf)
                : null,
        }));
    }

    /// <summary>Takes a submission off the boards, or puts it back.</summary>
    public async Task<IResult> DisableRowAsync(EvalAiBody body, CancellationToken cancellationToken)
    {
        Demand(StatusCodes.Status401Unauthorized);
        if ((body.Number("leaderboard_data") ?? body.Number("submission")) is not { } submission || body.Flag("is_disabled") is not { } isDisabled)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "leaderboard_data or submission, and is_disabled are required.");
        }

        await UpdateSubmission.HandleAsync(submission, new UpdateSubmissionRequest { Flagged = isDisabled }, caller, db, time, cancellationToken);
        return EvalAiResults.Json(new { message = "Leaderboard data updated successfully!" });
    }

    private void Demand(int status)
    {
        if (!caller.IsAdministrator)
        {
            throw Lookups.NotHost(status);
        }
    }
}
