using System.Text;
using Palio.Server.Features.Leaderboards;

namespace Palio.Server.EvalAi.Wire;

/// <summary>Comma-separated values with every cell in quotes, as EvalAI writes them; none that a spreadsheet would run.</summary>
internal static class CsvTable
{
    public static string Write(IEnumerable<IEnumerable<string>> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendJoin(',', line.Select(Quoted)).Append("\r\n");
        }

        return text.ToString();
    }

    public static IResult File(IEnumerable<IEnumerable<string>> lines, string name) => Results.File(Encoding.UTF8.GetBytes(Write(lines)), "text/csv; charset=utf-8", name);

    private static string Quoted(string cell) => BoardCsv.Quote(cell) is var safe && safe.StartsWith('"') ? safe : $"\"{safe}\"";
}
