using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Scoring;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;
using Played = Palio.Challenges.Scoring.EpisodeEnd;
using Rules = Palio.Challenges.Scoring.Score;

namespace Palio.Server.Features.Evaluations;

/// <summary>Computes the score of an evaluation from its stored episodes: nothing that a worker says counts but these.</summary>
internal static class ScoreEvaluation
{
    public static async Task<ScoreOutcome> HandleAsync(
        EvaluationRun run, FinishedReport report, PalioDbContext db, EvaluationFiles files, CancellationToken cancellationToken)
    {
        var declaration = LeaseEvaluation.Declaration(run);
        var episodes = await db.Episodes.AsNoTracking().Where(e => e.EvaluationId == run.Id).OrderBy(e => e.Ordinal).ToListAsync(cancellationToken);
        var result = Rules.Compute(declaration, [.. episodes.Select(Scored)]);
        if (result.Score is not { } score)
        {
            return new ScoreOutcome(null, 0, "", FaultOf(result.Problems));
        }

        db.Scores.AddRange(score.Metrics.Select((metric, position) => new Score
        {
            EvaluationId = run.Id,
            Metric = metric.Name,
            Position = position,
            Value = metric.Value,
            Low = metric.Interval?.Low,
            High = metric.Interval?.High,
            Valid = score.ValidEpisodes,
            Total = score.TotalEpisodes,
        }));
        var main = await db.PhaseSplits.Where(s => s.PhaseId == run.PhaseId && s.IsDeclared).OrderBy(s => s.Position).Select(s => s.OrderBy)
            .FirstOrDefaultAsync(cancellationToken);
        return new ScoreOutcome(
            (score.Metric(main ?? "") ?? score.Metrics[0]).Value, episodes.Sum(e => e.Steps),
            await TranscriptAsync(run, report, episodes, files, cancellationToken), null);
    }

    /// <summary>A stored episode as the rules read it.</summary>
    public static ScoredEpisode Scored(Episode episode) => new()
    {
        Ordinal = episode.Ordinal,
        Scenario = episode.Scenario ?? ScenarioDeclaration.DefaultName,
        Steps = (int)Math.Min(episode.Steps, int.MaxValue),
        Return = episode.Return,
        Metrics = episode.ToResult().Metrics,
        End = episode.End switch
        {
            Protocol.Evaluations.EpisodeEnd.Terminated => Played.Terminated,
            Protocol.Evaluations.EpisodeEnd.Truncated => Played.Truncated,
            Protocol.Evaluations.EpisodeEnd.StepCap => Played.StepLimit,
            _ => Played.Forfeited,
        },
    };

    // What an environment left out is the environment's fault; what is missing altogether was lost on the way.
    private static Fault FaultOf(IReadOnlyList<ScoreProblem> problems)
    {
        var text = string.Join(' ', problems.Take(5).Select(problem => problem.Message));
        return Fault.Of(problems.All(p => p.Ordinal is not null) ? FaultCode.EnvironmentSpecViolation : FaultCode.PlatformReferee, text);
    }

    // The referee's digest covers what it played. After a retry that is only the rest: then it is made from the stored records, and
    // where a record is missing there is no digest rather than half of one.
    private static async Task<string> TranscriptAsync(
        EvaluationRun run, FinishedReport report, List<Episode> episodes, EvaluationFiles files, CancellationToken cancellationToken)
    {
        if (report.Result.Episodes == episodes.Count)
        {
            return report.Result.TranscriptDigest.Length <= 100 ? report.Result.TranscriptDigest : "";
        }

        return episodes.TrueForAll(e => e.HasRecord)
            ? await TranscriptDigest.ComputeAsync(episodes.Select(e => (e.Ordinal, files.RecordPath(run.Id, e.Ordinal))), cancellationToken) ?? ""
            : "";
    }
}

/// <summary>What came of scoring: a score, or why there is none.</summary>
internal sealed record ScoreOutcome(double? MainScore, long Steps, string TranscriptDigest, Fault? Fault);
