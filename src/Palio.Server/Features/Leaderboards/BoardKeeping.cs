using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;
using Ranked = Palio.Challenges.Ranking.BoardEntry;

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

    public static async Task RebuildPhaseAsync(int phaseId, int teamId, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var candidates = await CandidatesAsync(phaseId, teamId, db, cancellationToken);
        var splits = await db.PhaseSplits.AsNoTracking().Where(s => s.PhaseId == phaseId).ToListAsync(cancellationToken);
        foreach (var split in splits)
        {
            var order = new BoardOrder { OrderBy = split.OrderBy, Descending = split.HigherIsBetter, LatestPerTeam = split.ByLatest };
            var columns = JsonSerializer.Deserialize<List<LeaderboardColumn>>(split.Columns) ?? [];
            var wanted = Board.Rank(candidates.Select(c => c.Entry), order).Where(row => row.Rank is not null)
                .Select(row => candidates.First(c => c.Entry.SubmissionId == row.Entry.SubmissionId)).ToList();
            var present = await db.BoardEntries.Where(e => e.PhaseSplitId == split.Id && e.TeamId == teamId).ToListAsync(cancellationToken);
            var kept = present.Where(e => wanted.Any(c => c.Entry.SubmissionId == e.SubmissionId && c.EvaluationId == e.EvaluationId && c.Entry.IsBaseline == e.IsBaseline)).ToList();
            db.BoardEntries.RemoveRange(present.Except(kept));
            await db.SaveChangesAsync(cancellationToken); // before the new ones: an index allows a submission once
            db.BoardEntries.AddRange(wanted.Where(c => kept.All(e => e.SubmissionId != c.Entry.SubmissionId)).Select(c => c.ToRow(split, teamId, columns, now)));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task<List<Candidate>> CandidatesAsync(int phaseId, int teamId, PalioDbContext db, CancellationToken cancellationToken)
    {
        var rows = await db.Submissions.AsNoTracking()
            .Where(s => s.PhaseId == phaseId && s.TeamId == teamId && s.IsPublic && !s.IsFlagged && !s.Participation.Disqualified)
            .Select(s => new
            {
                s.Id,
                s.Submitted,
                s.IsBaseline,
                Run = s.Evaluations.Where(e => e.State == EvaluationState.Finished).OrderByDescending(e => e.Id).Select(e => new { e.Id, e.Ended }).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        var finished = rows.Where(row => row.Run is not null).ToList();
        var runs = finished.Select(row => row.Run!.Id).ToList(); // filtered above
        var scores = (await db.Scores.AsNoTracking().Where(s => runs.Contains(s.EvaluationId)).OrderBy(s => s.Position).ToListAsync(cancellationToken))
            .ToLookup(s => s.EvaluationId, s => new MetricScore(s.Metric, s.Value, s.Low, s.High, s.Valid, s.Total));
        return [.. finished.Select(row => new Candidate(
            new Ranked
            {
                SubmissionId = row.Id,
                Team = "team",
                SubmittedAt = row.Submitted,
                ScoredAt = row.Run!.Ended ?? row.Submitted, // filtered above
                Values = scores[row.Run.Id].ToDictionary(s => s.Metric, s => s.Value),
                IsBaseline = row.IsBaseline,
            },
            row.Run.Id, [.. scores[row.Run.Id]]))];
    }

    private sealed record Candidate(Ranked Entry, long EvaluationId, IReadOnlyList<MetricScore> Scores)
    {
        public BoardEntry ToRow(Challenges.PhaseSplit split, int teamId, List<LeaderboardColumn> columns, DateTimeOffset now) => new()
        {
            PhaseSplitId = split.Id,
            TeamId = teamId,
            SubmissionId = (int)Entry.SubmissionId,
            EvaluationId = EvaluationId,
            IsBaseline = Entry.IsBaseline,
            Value = Entry.Values[split.OrderBy],
            Scores = JsonSerializer.Serialize(columns.Select(column => Scores.FirstOrDefault(s => s.Metric == column.Name)).Where(s => s is not null)),
            Submitted = Entry.SubmittedAt,
            Updated = now,
        };
    }
}
