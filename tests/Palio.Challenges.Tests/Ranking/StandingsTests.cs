using CsCheck;
using Palio.Challenges.Ranking;

namespace Palio.Challenges.Tests.Ranking;

/// <summary>Whatever happens to a board, one row after another, it stands as if it were ranked from nothing.</summary>
public sealed class StandingsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Few values, times and teams, so that ties and replacements are common.
    private static readonly Gen<(int Team, double Value, int Minute, bool IsBaseline)> GenRow =
        Gen.Select(Gen.Int[1, 12], Gen.OneOf(Gen.Int[-3, 3].Select(i => (double)i), Gen.Int[0, 2].Select(i => i switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => 0.5 })), Gen.Int[0, 4], Gen.Int[0, 5].Select(i => i == 0));

    // A change: teams that leave, and rows that come in place of their teams'.
    private static readonly Gen<(int[] Leaving, (int Team, double Value, int Minute, bool IsBaseline)[] Coming)> GenChange =
        Gen.Select(Gen.Int[1, 12].Array[0, 3], GenRow.Array[0, 4]);

    [Fact]
    public void With_AnyChanges_IsWhatRankingFromNothingGives() =>
        Gen.Select(GenChange.Array[1, 12], Gen.Bool, Gen.Bool).Sample((changes, descending, earliest) =>
        {
            var order = new BoardOrder { OrderBy = "score", Descending = descending, Ties = earliest ? TieRule.EarliestFirst : TieRule.LatestFirst };
            var rows = new List<BoardEntry>();
            var board = new Standings<BoardEntry>(order);
            var id = 0;
            foreach (var (leaving, coming) in changes)
            {
                var come = coming.Select(row => Entry(++id, row)).GroupBy(row => row.IsBaseline ? $"baseline {row.SubmissionId}" : row.Team).Select(group => group.Last()).ToList();
                var teams = come.Where(row => !row.IsBaseline).Select(row => row.Team).Concat(leaving.Select(Team)).ToHashSet();
                var gone = rows.Where(row => teams.Contains(row.Team)).Select(row => row.SubmissionId).ToHashSet();
                rows.RemoveAll(row => gone.Contains(row.SubmissionId));
                rows.AddRange(come);
                board = board.With(gone, come.Select(row => (PlaceKey.Of(row, order), row)));
                AssertRanked(rows, order, board);
            }
        });

    private static void AssertRanked(List<BoardEntry> rows, BoardOrder order, Standings<BoardEntry> board)
    {
        var teams = Board.Rank(rows.Where(row => !row.IsBaseline), order).ToDictionary(row => row.Entry.SubmissionId, row => row.Rank);
        Assert.Equal(
            Board.Rank(rows, order).Select(row => (row.Position, row.Entry.IsBaseline ? null : teams[row.Entry.SubmissionId], row.Entry.SubmissionId)),
            board.Places.Select(place => (place.Position, place.Rank, place.Row.SubmissionId)));
        Assert.Equal(board.Places, board.Places.Select(place => board.Find(place.Row.SubmissionId)));
        Assert.Equal((rows.Count, null), (board.Count, board.Find(0)));
    }

    private static string Team(int number) => $"team {number}";

    private static BoardEntry Entry(long id, (int Team, double Value, int Minute, bool IsBaseline) row) => new()
    {
        SubmissionId = id,
        Team = Team(row.Team),
        SubmittedAt = Start,
        ScoredAt = Start.AddMinutes(row.Minute),
        Values = new Dictionary<string, double> { ["score"] = row.Value },
        IsBaseline = row.IsBaseline,
    };
}
