using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;

namespace Palio.Server.Features.Evaluations;

/// <summary>What belongs to an evaluation and stands in other rows.</summary>
internal sealed record EvaluationFacts(int? QueuePlace, IReadOnlyList<MetricScore> Scores, int Revision, string? EnvironmentDigest)
{
    public static async Task<EvaluationFacts> ReadAsync(EvaluationRun run, PalioDbContext db, CancellationToken cancellationToken)
    {
        var revision = await db.PhaseRevisions.AsNoTracking().Where(p => p.Id == run.PhaseRevisionId)
            .Select(p => new { p.Revision.Number, p.EnvironmentDigest }).SingleAsync(cancellationToken);
        IReadOnlyList<MetricScore> scores = run.State != EvaluationState.Finished ? [] : await db.Scores.AsNoTracking()
            .Where(s => s.EvaluationId == run.Id).OrderBy(s => s.Position)
            .Select(s => new MetricScore(s.Metric, s.Value, s.Low, s.High, s.Valid, s.Total, s.Split == "" ? null : s.Split) { Hidden = s.IsHidden }).ToListAsync(cancellationToken);
        int? place = run.State != EvaluationState.Queued ? null : 1 + await db.Evaluations
            .CountAsync(e => e.State == EvaluationState.Queued && (e.Queued < run.Queued || (e.Queued == run.Queued && e.Id < run.Id)), cancellationToken);
        return new EvaluationFacts(place, scores, revision.Number, revision.EnvironmentDigest);
    }
}
