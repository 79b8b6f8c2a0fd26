using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Data;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// Keeps a team's rows on the boards in step with its submissions. Called by whatever changes what decides them, in its transaction:
/// the end of an evaluation, visibility, flags, baselines, disqualification.
/// </summary>
internal static class BoardKeeping
{
    public static async Task RebuildTeamAsync(int challengeId, int teamId, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var phase in await db.Phases.Where(p => p.ChallengeId == challengeId).Select(p => p.Id).ToListAsync(cancellationToken))
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
            .Select(s => new { s.PhaseId, s.TeamId }).Distinct().ToListAsync(cancellationToken);
        foreach (var place in submitted)
        {
            await RebuildPhaseAsync(place.PhaseId, place.TeamId, db, now, cancellationToken);
        }
    }

    /// <summary>After a team got another name, which its rows show: made anew, they count as changed.</summary>
    public static async Task RenewTeamAsync(int teamId, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var phases = await db.BoardEntries.Where(e => e.TeamId == teamId).Select(e => e.PhaseSplit.PhaseId).Distinct().ToListAsync(cancellationToken);
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
            var columns = JsonSerializer.Deserialize<List<LeaderboardColumn>>(split.Columns) ?? [];
            var wanted = BoardCandidates.Standing(candidates.Where(c => c.IsPublic || !split.IsPublic), split, split.Order()).ToList();
            var present = await db.BoardEntries.Where(e => e.PhaseSplitId == split.Id && e.TeamId == teamId).ToListAsync(cancellationToken);
            var kept = present.Where(e => wanted.Any(c => c.Entry.SubmissionId == e.SubmissionId && c.EvaluationId == e.EvaluationId && c.Entry.IsBaseline == e.IsBaseline
                && JsonSerializer.Serialize(c.InOrder(columns)) == e.Scores)).ToList();
            db.BoardEntries.RemoveRange(present.Except(kept));
            await db.SaveChangesAsync(cancellationToken); // before the new ones: an index allows a submission once
            db.BoardEntries.AddRange(wanted.Where(c => kept.All(e => e.SubmissionId != c.Entry.SubmissionId)).Select(c => new BoardEntry
            {
                PhaseSplitId = split.Id,
                TeamId = teamId,
                SubmissionId = (int)c.Entry.SubmissionId,
                EvaluationId = c.EvaluationId,
                IsBaseline = c.Entry.IsBaseline,
                Value = c.Entry.Values[split.OrderBy],
                Scores = JsonSerializer.Serialize(c.InOrder(columns)),
                Submitted = c.Entry.SubmittedAt,
                Updated = now,
            }));
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
