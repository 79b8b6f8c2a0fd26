using System.Globalization;
using Palio.Cli.Output;
using Palio.Protocol.Api;

namespace Palio.Cli.Submitting;

/// <summary>A leaderboard for people.</summary>
internal static class BoardView
{
    public static void Write(IAnsiConsole console, Leaderboard board)
    {
        console.WriteLine(Printable.Of($"{board.Challenge}/{board.Phase} ({board.Split.Name}), {board.Total} teams"));
        var table = new Listing([">rank", "team", .. board.Columns.Select(Heading), "method", "submitted"]);
        foreach (var entry in board.Entries)
        {
            var scores = board.Columns.Select(column => entry.Scores.FirstOrDefault(score => score.Metric == column.Name) is { } score
                ? Words.Of(score, column.Decimals) : "");
            table.Add([Rank(entry), entry.Team + (entry.Mine ? " (you)" : "") + (entry.Baseline ? " (baseline)" : ""), .. scores, entry.MethodName, Words.Of(entry.Submitted)]);
        }

        table.Write(console, "No scores yet.");
    }

    // The interval of ranks that chance allows belongs to the rank.
    private static string Rank(LeaderboardEntry entry)
    {
        var rank = entry.Rank?.ToString(CultureInfo.InvariantCulture) ?? "-";
        return entry is { RankHigh: { } high, RankLow: { } low } && high != low ? $"{rank} ({high}-{low})" : rank;
    }

    private static string Heading(LeaderboardColumn column) => $">{column.Name} {(column.HigherIsBetter ? "↑" : "↓")}";
}
