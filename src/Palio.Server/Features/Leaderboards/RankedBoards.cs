using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Ranking;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// The boards that everybody sees, in order. Reading and ranking ten thousand rows costs some hundred milliseconds; so a board is kept,
/// and when its version has moved on only the rows of the teams that changed are read and put in their places. Each board by itself, by
/// one at a time.
/// </summary>
internal sealed class RankedBoards
{
    private const int MostBoards = 500;
    private const int MostRows = 200_000;

    // The rows of more teams are read with all the others'.
    private const int MostTeams = 200;

    private readonly ConcurrentDictionary<BoardKey, Place> _boards = new();
    private long _asked;

    /// <summary>The board as it stands now.</summary>
    /// <param name="board">The split it belongs to, just read.</param>
    /// <param name="order">How it is ordered.</param>
    /// <param name="db">Database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RankedBoard> GetAsync(PhaseSplit board, BoardOrder order, PalioDbContext db, CancellationToken cancellationToken)
    {
        var place = _boards.GetOrAdd(BoardKey.Of(board, order), _ => new Place());
        place.Asked = Interlocked.Increment(ref _asked);
        if (place.Board is { } known && known.Version >= board.BoardVersion)
        {
            return known;
        }

        await place.One.WaitAsync(cancellationToken);
        try
        {
            // Asked again: whoever was before us may have brought it to a newer version than the one we saw.
            var version = await Version(board.Id, db).SingleAsync(cancellationToken);
            if (place.Board is not { } before || before.Version != version)
            {
                place.Board = await ReadAsync(board, order, version, place.Board, db, cancellationToken);
                MakeRoom(place);
            }

            return place.Board;
        }
        finally
        {
            place.One.Release();
        }
    }

    internal static IQueryable<long> Version(int split, PalioDbContext db) => db.PhaseSplits.Where(s => s.Id == split).Select(s => s.BoardVersion);

    private static async Task<RankedBoard> ReadAsync(
        PhaseSplit board, BoardOrder order, long version, RankedBoard? before, PalioDbContext db, CancellationToken cancellationToken)
    {
        var column = board.ByLatest ? board.OrderBy : order.OrderBy;
        if (before is not null && await ChangedAsync(board.Id, before.Version, version, db, cancellationToken) is { } teams)
        {
            return before.With(teams, await BoardRows.ReadAsync(board.Id, column, teams, db, cancellationToken), order, version);
        }

        return RankedBoard.Of(await BoardRows.ReadAsync(board.Id, column, null, db, cancellationToken), order, version);
    }

    // Null when they are too many, or not all of them are on record any more.
    private static async Task<HashSet<int>?> ChangedAsync(int split, long before, long now, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (now - before > BoardChange.Kept)
        {
            return null;
        }

        var changes = await Changes(split, before, now, db).ToListAsync(cancellationToken);
        var teams = changes.ToHashSet();
        return changes.Count == now - before && teams.Count <= MostTeams ? teams : null;
    }

    internal static IQueryable<int> Changes(int split, long before, long now, PalioDbContext db) =>
        db.BoardChanges.Where(c => c.PhaseSplitId == split && c.Version > before && c.Version <= now).Select(c => c.TeamId);

    // Who was not asked for the longest goes first.
    private void MakeRoom(Place newest)
    {
        var rows = _boards.Values.Sum(place => place.Board?.Count ?? 0);
        while ((_boards.Count > MostBoards || rows > MostRows) && _boards.Where(pair => pair.Value != newest).OrderBy(pair => pair.Value.Asked).FirstOrDefault() is { Value: { } oldest } pair)
        {
            rows -= oldest.Board?.Count ?? 0;
            _boards.TryRemove(pair);
        }
    }

    private sealed class Place
    {
        private RankedBoard? _board;

        public SemaphoreSlim One { get; } = new(1);

        public RankedBoard? Board
        {
            get => Volatile.Read(ref _board);
            set => Volatile.Write(ref _board, value);
        }

        public long Asked { get; set; }
    }
}

/// <summary>A board in one of its orders.</summary>
internal readonly record struct BoardKey(int Split, string Metric, bool Descending, bool ByLatest, bool WithPrivate)
{
    public static BoardKey Of(PhaseSplit board, BoardOrder order, bool withPrivate = false) =>
        new(board.Id, order.OrderBy, order.Descending, order.LatestPerTeam, withPrivate);
}
