using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// Keeps a team's rows on the boards in step with its submissions. Called by whatever changes what decides them, in its transaction:
/// the end of an evaluation, visibility, flags, baselines, disqualification.
/// </summary>
internal static class BoardKeeping
{
    public static async Task RebuildTeamAsync(int challengeId, int teamId, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var phase in await db.Phases.Where(p => p.ChallengeId == challengeId).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancellationToken))
        {
            await RebuildPhaseAsync(phase, teamId, db, now, cancellationToken);
        }
    }

    /// <summary>All rows of a phase's boards, after the boards themselves have changed.</summary>
    public static async Task RebuildAllAsync(int phaseId, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.BoardEntries.Where(e => e.PhaseSplit.PhaseId == phaseId).ExecuteDeleteAsync(cancellationToken);
        foreach (var team in await db.Submissions.Where(s => s.PhaseId == phaseId).Select(s => s.TeamId).Distinct().ToListAsync(cancellationToken))
        {
            await RebuildPhaseAsync(phaseId, team, db, now, cancellationToken);
        }
    }

    /// <summary>After somebody became a host: what they submitted to the team's challenges may no longer stand. Who was a host stays one who knew.</summary>
    public static async Task RebuildHostAsync(int hostTeamId, int userId, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var submitted = await db.Submissions.Where(s => s.SubmittedById == userId && s.Phase.Challenge.HostTeamId == hostTeamId)
            .Select(s => new { s.PhaseId, s.TeamId }).Distinct().OrderBy(place => place.PhaseId).ToListAsync(cancellationToken);
        foreach (var place in submitted)
        {
            await RebuildPhaseAsync(place.PhaseId, place.TeamId, db, now, cancellationToken);
        }
    }

    /// <summary>After a team got another name, which its rows show: made anew, they count as changed.</summary>
    public static async Task RenewTeamAsync(int teamId, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var phases = await db.BoardEntries.Where(e => e.TeamId == teamId).Select(e => e.PhaseSplit.PhaseId).Distinct().OrderBy(id => id).ToListAsync(cancellationToken);
        await db.BoardEntries.Where(e => e.TeamId == teamId).ExecuteDeleteAsync(cancellationToken);
        foreach (var phase in phases)
        {
            await RebuildPhaseAsync(phase, teamId, db, now, cancellationToken);
        }
    }

    public static async Task RebuildPhaseAsync(int phaseId, int teamId, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var candidates = await BoardCandidates.ReadAsync(phaseId, teamId, withPrivate: true, db, cancellationToken);
        var splits = await db.PhaseSplits.AsNoTracking().Where(s => s.PhaseId == phaseId).ToListAsync(cancellationToken);
        foreach (var split in splits)
        {
            await RebuildBoardAsync(split, teamId, [.. candidates.Where(c => c.IsPublic || !split.IsPublic)], db, now, cancellationToken);
        }

        await MoveOnAsync(phaseId, teamId, db, cancellationToken);
    }

    // Last: who reads a version and then the rows sees no older rows than the version's. The locks that this takes make the changes of a
    // board follow one another until they are committed.
    private static async Task MoveOnAsync(int phaseId, int teamId, PalioDbContext db, CancellationToken cancellationToken)
    {
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await db.PhaseSplits.Where(s => s.PhaseId == phaseId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.BoardVersion, s => s.BoardVersion + 1), cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "BoardChanges" ("PhaseSplitId", "Version", "TeamId") SELECT "Id", "BoardVersion", {teamId} FROM "PhaseSplits" WHERE "PhaseId" = {phaseId}""",
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM "BoardChanges" WHERE "PhaseSplitId" IN (SELECT "Id" FROM "PhaseSplits" WHERE "PhaseId" = {phaseId})
                AND "Version" <= (SELECT "BoardVersion" FROM "PhaseSplits" WHERE "PhaseSplits"."Id" = "BoardChanges"."PhaseSplitId") - {BoardChange.Kept}
            """,
            cancellationToken);
        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }
    }

    private static async Task RebuildBoardAsync(
        PhaseSplit split, int teamId, List<BoardCandidate> candidates, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var columns = JsonSerializer.Deserialize<List<LeaderboardColumn>>(split.Columns) ?? [];
        var wanted = Orders(split, columns)
            .SelectMany(order => BoardCandidates.Standing(candidates, split, order).Select(candidate => New(candidate, order.OrderBy))).ToList();
        var present = await db.BoardEntries.Where(e => e.PhaseSplitId == split.Id && e.TeamId == teamId).ToListAsync(cancellationToken);
        var kept = present.Where(e => wanted.Exists(w => w.IsSameAs(e))).ToList();
        db.BoardEntries.RemoveRange(present.Except(kept));
        await db.SaveChangesAsync(cancellationToken); // before the new ones: an index allows a submission once for each column
        db.BoardEntries.AddRange(wanted.Where(w => !kept.Exists(w.IsSameAs)));
        await db.SaveChangesAsync(cancellationToken);

        BoardEntry New(BoardCandidate candidate, string column) => new()
        {
            PhaseSplitId = split.Id,
            Column = column,
            TeamId = teamId,
            SubmissionId = (int)candidate.Entry.SubmissionId,
            EvaluationId = candidate.EvaluationId,
            IsBaseline = candidate.Entry.IsBaseline,
            Value = candidate.Entry.Values[column],
            Scores = JsonSerializer.Serialize(candidate.InOrder(columns)),
            Submitted = candidate.Entry.SubmittedAt,
            Updated = now,
        };
    }

    // A team's best differs by column; its latest does not.
    private static IEnumerable<BoardOrder> Orders(PhaseSplit split, List<LeaderboardColumn> columns) =>
    [
        split.Order(),
        .. columns.Where(column => column.Name != split.OrderBy && !split.ByLatest)
            .Select(column => split.Order() with { OrderBy = column.Name, Descending = column.HigherIsBetter }),
    ];
}
