using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Ranking;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// How certain the ranks of a board are, by the episodes behind them. Computed beside the requests, one board at a time, for the state
/// that was asked for last: a rank never waits for its interval longer than <see cref="Patience"/>, and an interval is never shown with
/// another state of the board than the one it belongs to.
/// </summary>
internal sealed partial class RankIntervals(
    IServiceScopeFactory scopes, WriteEpoch epoch, BoardFeed feed, TimeProvider time, ILogger<RankIntervals> logger) : BackgroundService
{
    private const int MostBoards = 1000;
    private const int MostEpisodes = 100_000;

    /// <summary>So long a board's first answers in a new state wait for the intervals; most are computed in less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);
    private static readonly IReadOnlyDictionary<long, RankInterval> None = new Dictionary<long, RankInterval>();

    private readonly Lock _lock = new();
    private readonly Dictionary<BoardKey, Wanted> _boards = [];
    private readonly Queue<Wanted> _waiting = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Rank intervals by evaluation; what cannot be compared has none. Null while they are not known yet.</summary>
    /// <param name="key">The board and its order.</param>
    /// <param name="revision">The phase's present revision.</param>
    /// <param name="evaluations">The first that rank, in the board's order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<long, RankInterval>?> GetAsync(
        BoardKey key, int? revision, IReadOnlyList<long> evaluations, CancellationToken cancellationToken)
    {
        if (evaluations.Count == 0)
        {
            return None;
        }

        var wanted = Want(key, revision, evaluations);
        if (!wanted.Done.Task.IsCompleted && Patience - time.GetElapsedTime(wanted.Since) is var left && left > TimeSpan.Zero)
        {
            try
            {
                await wanted.Done.Task.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Then without.
            }
        }

        if (wanted.Intervals is { } known)
        {
            return known;
        }

        // Said before the last look: else whoever computes them might see neither.
        wanted.WasMissed = true;
        Interlocked.MemoryBarrier();
        return wanted.Intervals;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _signal.Reader.ReadAllAsync(stoppingToken))
        {
            while (Next() is { } wanted)
            {
                await ComputeAsync(wanted, stoppingToken);
            }
        }
    }

    private Wanted Want(BoardKey key, int? revision, IReadOnlyList<long> evaluations)
    {
        lock (_lock)
        {
            if (_boards.TryGetValue(key, out var present))
            {
                if (present.Revision == revision && present.Evaluations.SequenceEqual(evaluations)
                    && !(present.HasFailed && time.GetElapsedTime(present.Since) > Retry))
                {
                    return present;
                }

                present.Done.TrySetResult(); // whoever waits for that state waits no longer
            }
            else if (_boards.Count >= MostBoards)
            {
                foreach (var known in _boards.Where(pair => pair.Value.Done.Task.IsCompleted).ToList())
                {
                    _boards.Remove(known.Key);
                }
            }

            var wanted = new Wanted(key, revision, evaluations, time.GetTimestamp());
            _boards[key] = wanted;
            _waiting.Enqueue(wanted);
            _signal.Writer.TryWrite(true);
            return wanted;
        }
    }

    private Wanted? Next()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var wanted))
            {
                if (!wanted.Done.Task.IsCompleted)
                {
                    return wanted;
                }
            }

            return null;
        }
    }

    private async Task ComputeAsync(Wanted wanted, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            wanted.Intervals = await ReadAsync(wanted, scope.ServiceProvider.GetRequiredService<PalioDbContext>(), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            wanted.HasFailed = true; // a database that is away for a moment
            LogFailed(wanted.Key.Split, exception);
        }

        wanted.Done.TrySetResult();
        if (wanted.WasMissed && wanted.Intervals is not null)
        {
            epoch.Move();
            feed.Tell(wanted.Key.Split);
        }
    }

    private static async Task<IReadOnlyDictionary<long, RankInterval>> ReadAsync(Wanted wanted, PalioDbContext db, CancellationToken cancellationToken)
    {
        var revision = await db.PhaseRevisions.AsNoTracking().SingleOrDefaultAsync(r => r.Id == wanted.Revision, cancellationToken);
        if (revision is null || ChallengeViews.Declaration(revision) is not { Judging: Judging.Play, Evaluation: { } declaration }
            || declaration.Metric(wanted.Key.Metric) is not { } metric)
        {
            return None;
        }

        var most = Math.Clamp(MostEpisodes / Math.Max(1, declaration.EpisodeCount), 1, RankUncertainty.MaxCandidates);
        var looked = wanted.Evaluations.Take(most).ToList();
        var alike = await JudgedAlikeAsync(looked, declaration, db, cancellationToken);
        var episodes = (await db.Episodes.AsNoTracking().Where(e => alike.Contains(e.EvaluationId)).ToListAsync(cancellationToken))
            .ToLookup(e => e.EvaluationId, ScoreEvaluation.Scored);
        var candidates = looked.Where(alike.Contains)
            .Select(id => new RankCandidate(id.ToString(CultureInfo.InvariantCulture), [.. episodes[id]])).ToList();
        var intervals = RankUncertainty.Compute(declaration, metric, wanted.Key.Descending, candidates);

        // Whoever could not be compared may stand above as well as below.
        var unknown = looked.Count - intervals.Count;
        return intervals.ToDictionary(
            interval => long.Parse(interval.Key, CultureInfo.InvariantCulture), interval => interval with { Worst = interval.Worst + unknown });
    }

    // A later revision may have other seeds, episodes or metrics: those scores were not won in the same game.
    private static async Task<HashSet<long>> JudgedAlikeAsync(
        List<long> evaluations, EvaluationDeclaration declaration, PalioDbContext db, CancellationToken cancellationToken)
    {
        var wanted = JsonSerializer.Serialize(declaration);
        var runs = await db.Evaluations.AsNoTracking().Where(e => evaluations.Contains(e.Id)).Select(e => new { e.Id, e.PhaseRevisionId }).ToListAsync(cancellationToken);
        var ids = runs.Select(run => run.PhaseRevisionId).Distinct().ToList();
        var revisions = await db.PhaseRevisions.AsNoTracking().Where(r => ids.Contains(r.Id)).ToListAsync(cancellationToken);
        var alike = revisions.Where(r => JsonSerializer.Serialize(ChallengeViews.Declaration(r).Evaluation) == wanted).Select(r => r.Id).ToHashSet();
        return [.. runs.Where(run => alike.Contains(run.PhaseRevisionId)).Select(run => run.Id)];
    }

    /// <summary>A state of a board whose intervals somebody asked for.</summary>
    private sealed class Wanted(BoardKey key, int? revision, IReadOnlyList<long> evaluations, long since)
    {
        private IReadOnlyDictionary<long, RankInterval>? _intervals;
        private volatile bool _wasMissed;
        private volatile bool _hasFailed;

        public BoardKey Key { get; } = key;

        public int? Revision { get; } = revision;

        public IReadOnlyList<long> Evaluations { get; } = evaluations;

        public long Since { get; } = since;

        /// <summary>Computed, given up, or no longer the newest.</summary>
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyDictionary<long, RankInterval>? Intervals
        {
            get => Volatile.Read(ref _intervals);
            set => Volatile.Write(ref _intervals, value);
        }

        /// <summary>Somebody was answered without them.</summary>
        public bool WasMissed
        {
            get => _wasMissed;
            set => _wasMissed = value;
        }

        public bool HasFailed
        {
            get => _hasFailed;
            set => _hasFailed = value;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The rank intervals of board {Split} could not be computed")]
    private partial void LogFailed(int split, Exception exception);
}
