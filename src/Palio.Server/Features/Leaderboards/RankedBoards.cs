using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Ranking;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// The public boards, ranked: reading and ranking ten thousand rows costs some hundred milliseconds, and they change only when a score
/// does. Whether they have is asked of the database each time, which an index answers; ranked again by one at a time.
/// </summary>
internal sealed class RankedBoards : IDisposable
{
    private const int MostBoards = 200;

    private readonly ConcurrentDictionary<BoardKey, Kept> _boards = new();
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The board as it stands now.</summary>
    /// <param name="board">The split it belongs to.</param>
    /// <param name="phase">Its phase, with the present declaration.</param>
    /// <param name="order">How it is ordered.</param>
    /// <param name="rank">Reads and ranks it.</param>
    /// <param name="db">Database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RankedBoard> GetAsync(
        PhaseSplit board, Phase phase, BoardOrder order, Func<Task<RankedBoard>> rank, PalioDbContext db, CancellationToken cancellationToken)
    {
        var key = new BoardKey(board.Id, order.OrderBy, order.Descending, WithPrivate: false);
        var state = await StateAsync(board, phase, db, cancellationToken);
        if (Known(key, state) is { } known)
        {
            return known;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            // Asked again: whoever was before us may have ranked a newer state than the one we saw.
            state = await StateAsync(board, phase, db, cancellationToken);
            if (Known(key, state) is { } meanwhile)
            {
                return meanwhile;
            }

            var ranked = await rank();
            if (_boards.Count >= MostBoards)
            {
                _boards.Clear();
            }

            _boards[key] = new Kept(state, ranked);
            return ranked;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private RankedBoard? Known(BoardKey key, State state) => _boards.TryGetValue(key, out var kept) && kept.State == state ? kept.Board : null;

    private static async Task<State> StateAsync(PhaseSplit board, Phase phase, PalioDbContext db, CancellationToken cancellationToken)
    {
        var rows = await Rows(board.Id, db).SingleOrDefaultAsync(cancellationToken);
        return new State(rows, phase.CurrentId, board.Columns);
    }

    // A row that changes is a new row, and numbers are never given twice.
    internal static IQueryable<RowsState> Rows(int split, PalioDbContext db) =>
        db.BoardEntries.Where(e => e.PhaseSplitId == split).GroupBy(_ => 1).Select(group => new RowsState(group.Count(), group.Max(e => e.Id)));

    /// <summary>What tells one state of a board's rows from another.</summary>
    internal sealed record RowsState(int Count, int Newest);

    private sealed record State(RowsState? Rows, int? RevisionId, string Columns);

    private sealed record Kept(State State, RankedBoard Board);
}

/// <summary>A board in order, as nobody in particular sees it.</summary>
/// <param name="Places">Its rows, the first place first.</param>
/// <param name="Updated">When a row last changed; null without rows.</param>
internal sealed record RankedBoard(IReadOnlyList<RankedPlace> Places, DateTimeOffset? Updated);

/// <summary>A row of a board with its rank and the ranks that are possible.</summary>
internal sealed record RankedPlace(BoardRows.Row Row, int Position, int? Rank, int? Best, int? Worst);
