using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Ranking;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// How certain the ranks of a board are, by the episodes behind them. Computed when a board is looked at for the first time after it
/// changed, and kept; one at a time, so that a popular board does not take all cores.
/// </summary>
internal sealed class RankIntervals : IDisposable
{
    private const int MostBoards = 1000;
    private const int MostEpisodes = 100_000;

    private readonly ConcurrentDictionary<BoardKey, Computed> _boards = new();
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The public boards themselves, which are kept as their intervals are.</summary>
    public RankedBoards Boards { get; } = new();

    /// <summary>Rank intervals by evaluation. What cannot be compared has none.</summary>
    /// <param name="key">The board and its order.</param>
    /// <param name="phase">Its phase, with the present declaration.</param>
    /// <param name="evaluations">Those that rank, in the board's order.</param>
    /// <param name="db">Database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<long, RankInterval>> GetAsync(
        BoardKey key, Phase phase, IReadOnlyList<long> evaluations, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (Known(key, phase, evaluations) is { } known)
        {
            return known;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (Known(key, phase, evaluations) is { } meanwhile)
            {
                return meanwhile;
            }

            var intervals = await ComputeAsync(key, phase, evaluations, db, cancellationToken);
            if (_boards.Count >= MostBoards)
            {
                _boards.Clear();
            }

            _boards[key] = new Computed(phase.CurrentId, evaluations, intervals);
            return intervals;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        Boards.Dispose();
    }

    private IReadOnlyDictionary<long, RankInterval>? Known(BoardKey key, Phase phase, IReadOnlyList<long> evaluations) =>
        _boards.TryGetValue(key, out var board) && board.RevisionId == phase.CurrentId && board.Evaluations.SequenceEqual(evaluations) ? board.Intervals : null;

    private static async Task<IReadOnlyDictionary<long, RankInterval>> ComputeAsync(
        BoardKey key, Phase phase, IReadOnlyList<long> evaluations, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (ChallengeViews.Declaration(phase.Current) is not { Judging: Judging.Play, Evaluation: { } declaration } || declaration.Metric(key.Metric) is not { } metric)
        {
            return new Dictionary<long, RankInterval>();
        }

        var most = Math.Clamp(MostEpisodes / Math.Max(1, declaration.EpisodeCount), 1, RankUncertainty.MaxCandidates);
        var looked = evaluations.Take(most).ToList();
        var alike = await JudgedAlikeAsync(looked, declaration, db, cancellationToken);
        var episodes = (await db.Episodes.AsNoTracking().Where(e => alike.Contains(e.EvaluationId)).ToListAsync(cancellationToken))
            .ToLookup(e => e.EvaluationId, ScoreEvaluation.Scored);
        var candidates = looked.Where(alike.Contains)
            .Select(id => new RankCandidate(id.ToString(CultureInfo.InvariantCulture), [.. episodes[id]])).ToList();
        var intervals = RankUncertainty.Compute(declaration, metric, key.Descending, candidates);

        // Whoever could not be compared may stand above as well as below.
        var unknown = looked.Count - intervals.Count;
        return intervals.ToDictionary(
            interval => long.Parse(interval.Key, CultureInfo.InvariantCulture), interval => interval with { Worst = interval.Worst + unknown });
    }

    // A later revision may have other seeds, episodes or metrics: those scores were not won in the same game.
    private static async Task<List<long>> JudgedAlikeAsync(
        List<long> evaluations, EvaluationDeclaration declaration, PalioDbContext db, CancellationToken cancellationToken)
    {
        var wanted = JsonSerializer.Serialize(declaration);
        var runs = await db.Evaluations.AsNoTracking().Where(e => evaluations.Contains(e.Id)).Select(e => new { e.Id, e.PhaseRevisionId }).ToListAsync(cancellationToken);
        var ids = runs.Select(run => run.PhaseRevisionId).Distinct().ToList();
        var revisions = await db.PhaseRevisions.AsNoTracking().Where(r => ids.Contains(r.Id)).ToListAsync(cancellationToken);
        var alike = revisions.Where(r => JsonSerializer.Serialize(ChallengeViews.Declaration(r).Evaluation) == wanted).Select(r => r.Id).ToHashSet();
        return [.. runs.Where(run => alike.Contains(run.PhaseRevisionId)).Select(run => run.Id)];
    }

    private sealed record Computed(int? RevisionId, IReadOnlyList<long> Evaluations, IReadOnlyDictionary<long, RankInterval> Intervals);
}

/// <summary>A board in one of its orders.</summary>
internal readonly record struct BoardKey(int Split, string Metric, bool Descending, bool WithPrivate);
