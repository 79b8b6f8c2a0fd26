using System.Globalization;
using System.Text;
using Palio.Protocol.Api;

namespace Palio.Server.Features.Leaderboards;

/// <summary>A board as comma-separated values (RFC 4180), safe to open in a spreadsheet.</summary>
internal static class BoardCsv
{
    public static string Write(Leaderboard board)
    {
        var text = new StringBuilder();
        var isTimed = board.Entries.Any(entry => entry.ExecutionSeconds is not null);
        Line(text, ["rank", "rank_best", "rank_worst", "team", "method", "submission", "submitted", "baseline", .. board.Columns.SelectMany(Header), .. isTimed ? ["seconds"] : Array.Empty<string>()]);
        foreach (var entry in board.Entries)
        {
            Line(text,
            [
                Cell(entry.Rank), Cell(entry.RankHigh), Cell(entry.RankLow), entry.Team, entry.MethodName ?? "",
                Cell(entry.SubmissionId), entry.Submitted.ToString("O", CultureInfo.InvariantCulture), entry.Baseline ? "true" : "false",
                .. board.Columns.SelectMany(column => entry.Scores.FirstOrDefault(score => score.Metric == column.Name) is { } score ? Scores(score) : ["", "", "", "", ""]),
                .. isTimed ? [Cell(entry.ExecutionSeconds)] : Array.Empty<string>(),
            ]);
        }

        return text.ToString();
    }

    private static string[] Header(LeaderboardColumn column) => [column.Name, column.Name + "_low", column.Name + "_high", column.Name + "_valid", column.Name + "_total"];

    private static string[] Scores(MetricScore score) => [Cell(score.Value), Cell(score.Low), Cell(score.High), Cell(score.Valid), Cell(score.Total)];

    private static string Cell(IFormattable? value) => value?.ToString(value is double ? "R" : null, CultureInfo.InvariantCulture) ?? "";

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quote)).Append("\r\n");

    /// <summary>A cell that a spreadsheet would run as a formula begins with an apostrophe instead; numbers stay numbers.</summary>
    internal static string Quote(string cell)
    {
        var isFormula = cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r'
            && !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        var safe = isFormula ? "'" + cell : cell;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : '"' + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
    }
}
