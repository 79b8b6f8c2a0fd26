using Palio.Server.Features.Leaderboards;

namespace Palio.Server.Tests.Pages;

public sealed class BoardCsvTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-x", "'-x")]
    [InlineData("-1.5", "-1.5")]
    [InlineData("+2", "+2")]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("=a,b", "\"'=a,b\"")]
    public void Cell_OfAnyContent_IsQuotedAndNoFormula(string cell, string expected) => Assert.Equal(expected, BoardCsv.Quote(cell));

    [Fact]
    public void Board_WithTeams_HasALineForEach()
    {
        var csv = BoardCsv.Write(Samples.Board(Samples.Entry(1, "=Aquila", 499.5), Samples.Entry(null, "Host", 12, baseline: true)));

        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("rank,rank_best,rank_worst,team,method,submission,submitted,baseline,score,score_low,score_high,score_valid,score_total", lines[0], StringComparison.Ordinal);
        Assert.Contains(",'=Aquila,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",499.5,498.5,500.5,100,100", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(",,,Host,", lines[2], StringComparison.Ordinal);
    }
}
