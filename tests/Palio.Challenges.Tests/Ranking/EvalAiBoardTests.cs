using Palio.Challenges.Ranking;

namespace Palio.Challenges.Tests.Ranking;

/// <summary>Boards in EvalAI's order: entries are written "team=value", in the order they were scored.</summary>
public sealed class EvalAiBoardTests
{
    [Theory]
    [InlineData("best, highest first", "a=5 a=9 b=7", true, false, "a9 b7")]
    [InlineData("best, lowest first", "a=5 a=9 b=7", false, false, "a5 b7")]
    [InlineData("the later of a team's equal values", "a=5 a=5", true, false, "a5#2")]
    [InlineData("equal teams: the one scored last is first", "a=5 b=5 c=5", true, false, "c5 b5 a5")]
    [InlineData("equal teams, lowest first: the same", "a=5 b=5", false, false, "b5 a5")]
    [InlineData("negative values", "a=-5 b=-1", true, false, "b-1 a-5")]
    [InlineData("latest per team, ranked by value", "a=9 b=7 a=1", true, true, "b7 a1")]
    [InlineData("latest per team, lowest first", "a=1 b=7 a=9", false, true, "b7 a9")]
    [InlineData("every baseline is kept", "*h=1 *h=3 a=2", true, false, "h3 a2 h1")]
    [InlineData("every baseline is kept beside a latest", "*h=1 *h=3 a=9 a=2", true, true, "h3 a2 h1")]
    public void Board_OfEntries_StandsAsOnEvalAi(string what, string entries, bool descending, bool latest, string expected)
    {
        var rows = Board.Rank(entries.Split(' ').Select(Entry), new BoardOrder { OrderBy = "score", Descending = descending, LatestPerTeam = latest });

        var wanted = expected.Split(' ');
        var stands = rows.Select((row, i) => $"{row.Entry.Team}{row.Entry.Values["score"]}{(wanted[i].Contains('#', StringComparison.Ordinal) ? $"#{row.Entry.SubmissionId}" : "")}");
        Assert.True(wanted.SequenceEqual(stands), what);
    }

    [Theory]
    [InlineData("score", "a=5/1 a=3/9 b=4/5", "a5 b4")]
    [InlineData("length", "a=5/1 a=3/9 b=4/5", "a3 b4")]
    public void Board_ByAnotherMetric_TakesEachTeamsBestByThatOne(string metric, string entries, string expected)
    {
        var rows = Board.Rank(entries.Split(' ').Select(Entry), new BoardOrder { OrderBy = metric, Descending = true });

        Assert.Equal(expected.Split(' '), rows.Select(row => $"{row.Entry.Team}{row.Entry.Values["score"]}"));
    }

    private static BoardEntry Entry(string text, int index)
    {
        var (team, values) = text.Split('=') is [var before, var after] ? (before, after.Split('/')) : throw new ArgumentException(text);
        var at = new DateTimeOffset(2026, 1, 1, 0, index, 0, TimeSpan.Zero);
        return new BoardEntry
        {
            SubmissionId = index + 1,
            Team = team.TrimStart('*'),
            SubmittedAt = at,
            ScoredAt = at,
            Values = new Dictionary<string, double> { ["score"] = double.Parse(values[0], null), ["length"] = values.Length > 1 ? double.Parse(values[1], null) : 0 },
            IsBaseline = team[0] == '*',
        };
    }
}
