using System.Globalization;

namespace Palio.Evaluation.Docker;

/// <summary>Reads which TCP ports are listened on in a process's network namespace.</summary>
internal static class ListeningPorts
{
    private const string Listening = "0A";

    public static bool Has(long process, int port) =>
        Has(Read(process, "tcp6"), port) || Has(Read(process, "tcp"), port);

    /// <summary>Looks in the kernel's table: columns are number, local address, remote address, state.</summary>
    internal static bool Has(IEnumerable<string> table, int port)
    {
        var ending = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return table.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(columns => columns.Length > 3 && columns[3] == Listening && columns[1].EndsWith(ending, StringComparison.Ordinal));
    }

    private static string[] Read(long process, string table)
    {
        try
        {
            return File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/net/{table}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
