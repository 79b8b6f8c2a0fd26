using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;

namespace Palio.Server.Features.Evaluations;

/// <summary>
/// Stores episodes once by their ordinal. Those that come faster than a transaction takes are gathered and stored together; what is
/// gathered when the process dies was reported to nobody and is played again.
/// </summary>
internal sealed class EpisodeIntake(EvaluationFiles files, TimeProvider time)
{
    private const int MostGathered = 200;
    private const int LongestRecord = 64 << 20;
    private static readonly TimeSpan LongestGathered = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<EvaluationLease, Gathered> _gathered = new();

    /// <summary>Checks and gathers an episode. A void one is dropped.</summary>
    /// <returns>Whether it is time to store.</returns>
    public async Task<bool> AddAsync(EvaluationLease lease, EpisodeReport report, CancellationToken cancellationToken)
    {
        var result = report.Episode;
        if (result.End == EpisodeEnd.Void || !IsSound(result))
        {
            return false;
        }

        var gathered = _gathered.GetOrAdd(lease, _ => new Gathered { Since = time.GetTimestamp() });
        var hasRecord = await WriteRecordAsync(lease, report, cancellationToken);
        gathered.Episodes.Add(Episode.Of(lease.Evaluation, result, hasRecord));
        return gathered.Episodes.Count >= MostGathered || time.GetElapsedTime(gathered.Since) >= LongestGathered;
    }

    /// <summary>Adds what is gathered, and is planned, to the context; the caller saves it together with the evaluation's row, under its fence.</summary>
    public async Task<Gathered?> TakeAsync(EvaluationLease lease, int planned, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (!_gathered.TryRemove(lease, out var gathered) || gathered.Episodes.Count == 0)
        {
            return null;
        }

        var ordinals = gathered.Episodes.Select(e => e.Ordinal).ToList();
        var known = await db.Episodes.Where(e => e.EvaluationId == lease.Evaluation && ordinals.Contains(e.Ordinal)).Select(e => e.Ordinal).ToListAsync(cancellationToken);
        var fresh = gathered.Episodes.Where(e => e.Ordinal < planned).DistinctBy(e => e.Ordinal).ExceptBy(known, e => e.Ordinal).ToList();
        db.Episodes.AddRange(fresh);
        return new Gathered { Since = gathered.Since, Episodes = fresh };
    }

    public void Forget(EvaluationLease lease) => _gathered.TryRemove(lease, out _);

    private async Task<bool> WriteRecordAsync(EvaluationLease lease, EpisodeReport report, CancellationToken cancellationToken)
    {
        if (report.Record is not { Length: > 0 and <= LongestRecord } text)
        {
            return false;
        }

        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }

        await files.WriteRecordAsync(lease.Evaluation, report.Episode.Ordinal, bytes[..length], cancellationToken);
        return true;
    }

    // The worker is believed no more than anybody: JSON's numbers are finite, but their ranges are ours to check.
    private static bool IsSound(EpisodeResult result) =>
        result.Ordinal >= 0 && result.Steps >= 0 && double.IsFinite(result.Return)
        && result.Metrics.Count <= 100 && result.Metrics.All(metric => double.IsFinite(metric.Value) && metric.Key.Length <= 200)
        && result.AgentMs >= 0 && result.EnvironmentMs >= 0 && result.SlowestActionMs >= 0;

    /// <summary>Episodes of one lease that are not stored yet. Reports of a lease come one after the other, so nothing here is shared.</summary>
    internal sealed class Gathered
    {
        public required long Since { get; init; }

        public List<Episode> Episodes { get; init; } = [];
    }
}
