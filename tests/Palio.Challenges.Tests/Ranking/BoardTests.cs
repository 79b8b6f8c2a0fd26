using Palio.Challenges.Bundles;
using Palio.Challenges.Ranking;
using Palio.Challenges.Tests.Scoring;

namespace Palio.Challenges.Tests.Ranking;

public sealed class BoardTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly BoardOrder Highest = new() { OrderBy = "score", Descending = true };

    [Fact]
    public void Rank_BestPerTeam_SharesRanksOfEqualValues()
    {
        var rows = Board.Rank([Entry(1, "a", 5), Entry(2, "a", 9), Entry(3, "b", 9), Entry(4, "c", 7), Entry(5, "d", 10)], Highest);

        Assert.Equal([(1, 1, 5L), (2, 2, 3L), (3, 2, 2L), (4, 4, 4L)], rows.Select(row => (row.Position, row.Rank!.Value, row.Entry.SubmissionId)));
    }

    [Fact]
    public void Rank_Ascending_PutsTheLowestFirst() =>
        Assert.Equal([1L, 2L], Board.Rank([Entry(2, "b", 9), Entry(1, "a", 5)], Highest with { Descending = false }).Select(row => row.Entry.SubmissionId));

    [Fact]
    public void Rank_Ties_GoToTheLatestOrTheEarliest()
    {
        BoardEntry[] entries = [Entry(1, "a", 5), Entry(2, "b", 5)];

        Assert.Equal([2L, 1L], Board.Rank(entries, Highest).Select(row => row.Entry.SubmissionId));
        Assert.Equal([1L, 2L], Board.Rank(entries, Highest with { Ties = TieRule.EarliestFirst }).Select(row => row.Entry.SubmissionId));
    }

    [Fact]
    public void Rank_LatestPerTeam_IgnoresBetterOnes() =>
        Assert.Equal([3L, 2L], Board.Rank([Entry(1, "a", 9), Entry(2, "a", 5), Entry(3, "b", 6)], Highest with { LatestPerTeam = true }).Select(row => row.Entry.SubmissionId));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(null)]
    public void Rank_WithoutAFiniteValue_StandsLastWithoutRank(double? value)
    {
        var entry = value is { } number ? Entry(1, "a", number) : Entry(1, "a", 0) with { Values = new Dictionary<string, double>() };

        foreach (var descending in (bool[])[true, false])
        {
            var rows = Board.Rank([entry, Entry(2, "b", -5)], Highest with { Descending = descending });
            Assert.Equal([1, null], rows.Select(row => row.Rank));
            Assert.Equal(1, rows[1].Entry.SubmissionId);
        }
    }

    [Fact]
    public void Rank_Baselines_AreAllKept() =>
        Assert.Equal(3, Board.Rank([Entry(1, "host", 1) with { IsBaseline = true }, Entry(2, "host", 2) with { IsBaseline = true }, Entry(3, "a", 3)], Highest).Count);

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData("False", false, true)]
    [InlineData("True", true, false)]
    [InlineData("", true, false)]
    public void From_Metadata_WinsOverThePhaseSplit(string? sortAscending, bool descending, bool expected)
    {
        var board = new LeaderboardDeclaration
        {
            Id = 1,
            Labels = ["score"],
            DefaultOrderBy = "score",
            Metadata = sortAscending is null
                ? new Dictionary<string, LabelMetadata>()
                : new Dictionary<string, LabelMetadata> { ["score"] = new(sortAscending.Length == 0 ? null : sortAscending == "True", null) },
        };
        var split = new PhaseSplitDeclaration
        {
            ChallengePhaseId = 1,
            LeaderboardId = 1,
            DatasetSplitId = 1,
            Visibility = BoardVisibility.Public,
            IsLeaderboardOrderDescending = descending,
        };

        Assert.Equal(expected, BoardOrder.From(board, split).Descending);
        Assert.Equal("score", BoardOrder.From(board, split, "nonsense").OrderBy);
    }

    [Theory]
    [InlineData(1234.5678, 2, "1234.57")]
    [InlineData(1, 0, "1")]
    [InlineData(-0.5, 3, "-0.500")]
    public void Format_UsesThePrecision(double value, int decimals, string expected) => Assert.Equal(expected, Board.Format(value, decimals));

    [Fact]
    public void Uncertainty_ClearAndCloseEntries_AreToldApart()
    {
        var metric = new MetricDeclaration { Name = "score" };
        var declaration = ScoreTests.Declaration(40, metric);
        RankCandidate Candidate(string key, Func<int, double> value) => new(key, [.. Enumerable.Range(0, 40).Select(i => ScoreTests.Episode(i, value(i)))]);

        var ranks = RankUncertainty.Compute(
            declaration,
            metric,
            descending: true,
            [Candidate("best", i => 100 + (i % 7)), Candidate("a", i => 50.1 + (i % 5)), Candidate("b", i => 50 + ((i * 3) % 5)), new("half", [ScoreTests.Episode(0, 1)])]);

        Assert.Equal(
            [new RankInterval("best", 1, 1), new RankInterval("a", 2, 3), new RankInterval("b", 2, 3)],
            ranks);
    }

    [Fact]
    public void Uncertainty_SameEpisodes_ShareTheirRank()
    {
        var metric = new MetricDeclaration { Name = "score" };
        var candidates = new[] { "a", "b" }.Select(key => new RankCandidate(key, [.. Enumerable.Range(0, 5).Select(i => ScoreTests.Episode(i, i))])).ToArray();

        Assert.All(RankUncertainty.Compute(ScoreTests.Declaration(5, metric), metric, true, candidates), rank => Assert.Equal((1, 2), (rank.Best, rank.Worst)));
    }

    private static BoardEntry Entry(long id, string team, double value) => new()
    {
        SubmissionId = id,
        Team = team,
        SubmittedAt = Start.AddMinutes(id),
        ScoredAt = Start.AddMinutes(id),
        Values = new Dictionary<string, double> { ["score"] = value },
    };
}
