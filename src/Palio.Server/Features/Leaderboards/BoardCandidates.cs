using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;
using Ranked = Palio.Challenges.Ranking.BoardEntry;

namespace Palio.Server.Features.Leaderboards;

/// <summary>A scored submission that may stand on a phase's boards.</summary>
/// <param name="Entry">As the rules rank it.</param>
/// <param name="TeamId">Its team.</param>
/// <param name="EvaluationId">The newest finished evaluation.</param>
/// <param name="Scores">That evaluation's scores.</param>
/// <param name="IsPublic">Shown to everybody who sees the board.</param>
internal sealed record BoardCandidate(Ranked Entry, int TeamId, long EvaluationId, IReadOnlyList<MetricScore> Scores, bool IsPublic)
{
    /// <summary>In the order of the columns.</summary>
    public IReadOnlyList<MetricScore> InOrder(IEnumerable<LeaderboardColumn> columns) =>
        [.. columns.Select(column => Scores.FirstOrDefault(score => score.Metric == column.Name)).OfType<MetricScore>()];

    /// <summary>With the scores that count on this board alone.</summary>
    public BoardCandidate On(PhaseSplit board)
    {
        var own = Scores.Where(score => score.Split is null || score.Split == board.DatasetCodename).ToList();
        return this with { Entry = Entry with { Values = own.ToDictionary(score => score.Metric, score => score.Value) }, Scores = own };
    }
}

/// <summary>
/// Reads what may stand on a phase's boards: finished, not flagged, of teams that are not disqualified. On a public phase hosts stand
/// as baselines or not at all, as on EvalAI: they know what is hidden.
/// </summary>
internal static class BoardCandidates
{
    /// <param name="phaseId">The phase.</param>
    /// <param name="teamId">Only this team's; null for all.</param>
    /// <param name="withPrivate">Private submissions too.</param>
    /// <param name="db">Database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<List<BoardCandidate>> ReadAsync(int phaseId, int? teamId, bool withPrivate, PalioDbContext db, CancellationToken cancellationToken)
    {
        var submissions = Submissions(phaseId, teamId, withPrivate, db).Select(s => new
        {
            s.Id,
            s.TeamId,
            s.Submitted,
            s.IsBaseline,
            s.IsPublic,
            // A part of a result counts, where a host's worker has sent one.
            Run = s.Evaluations.Where(e => e.State == EvaluationState.Finished || (e.State == EvaluationState.Running && db.Scores.Any(score => score.EvaluationId == e.Id)))
                .OrderByDescending(e => e.Id).Select(e => new { e.Id, e.Ended }).FirstOrDefault(),
        });
        var rows = (await submissions.ToListAsync(cancellationToken)).Where(row => row.Run is not null).ToList();
        var scores = (await Scores(phaseId, teamId, withPrivate, db).ToListAsync(cancellationToken))
            .ToLookup(s => s.EvaluationId, s => new MetricScore(s.Metric, s.Value, s.Low, s.High, s.Valid, s.Total, s.Split.Length == 0 ? null : s.Split));
        return [.. rows.Select(row => new BoardCandidate(
            new Ranked
            {
                SubmissionId = row.Id,
                Team = row.TeamId.ToString(CultureInfo.InvariantCulture),
                SubmittedAt = row.Submitted,
                ScoredAt = row.Run!.Ended ?? row.Submitted, // filtered above
                Values = new Dictionary<string, double>(), // by board
                IsBaseline = row.IsBaseline,
            },
            row.TeamId, row.Run.Id, [.. scores[row.Run.Id]], row.IsPublic))];
    }

    /// <summary>Those that stand on this board: a team's best or latest, and each baseline.</summary>
    public static IEnumerable<BoardCandidate> Standing(IEnumerable<BoardCandidate> candidates, PhaseSplit split, BoardOrder order)
    {
        var onBoard = candidates.Select(candidate => candidate.On(split)).ToList();
        var byId = onBoard.ToDictionary(candidate => candidate.Entry.SubmissionId);
        return Board.Rank(onBoard.Select(candidate => candidate.Entry), order).Where(row => row.Rank is not null).Select(row => byId[row.Entry.SubmissionId]);
    }

    internal static IQueryable<Submission> Submissions(int phaseId, int? teamId, bool withPrivate, PalioDbContext db)
    {
        // A host's own entry stands on a public board as a baseline only.
        var submissions = db.Submissions.AsNoTracking()
            .Where(s => s.PhaseId == phaseId && (withPrivate || s.IsPublic) && !s.IsFlagged && !s.IsRemoved && !s.Participation.Disqualified)
            .Where(s => s.IsBaseline || !s.Phase.IsPublic || !s.Phase.Challenge.HostTeam.Members.Any(host => host.UserId == s.SubmittedById));
        return teamId is { } team ? submissions.Where(s => s.TeamId == team) : submissions;
    }

    // By way of the submissions, whose index holds the team: a team's scores are few, whatever the phase has.
    internal static IQueryable<Evaluations.Score> Scores(int phaseId, int? teamId, bool withPrivate, PalioDbContext db) =>
        from submission in Submissions(phaseId, teamId, withPrivate, db)
        from evaluation in submission.Evaluations
        where evaluation.State == EvaluationState.Finished || evaluation.State == EvaluationState.Running
        join score in db.Scores.AsNoTracking() on evaluation.Id equals score.EvaluationId
        orderby score.Position
        select score;
}
