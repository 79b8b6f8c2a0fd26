
namespace Palio.Cli.Output;

/// <summary>A table for people.</summary>
internal sealed class Listing
{
    private readonly Table _table = new Table().Border(TableBorder.Simple);

    public Listing(params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            // A leading '>' means numbers: to the right.
            _table.AddColumn(new TableColumn(new Text(column.TrimStart('>'))) { Alignment = column.StartsWith('>') ? Justify.Right : Justify.Left });
        }
    }

    public void Add(params ReadOnlySpan<string?> cells)
    {
        var row = new List<Text>(cells.Length);
        foreach (var cell in cells)
        {
            row.Add(new Text(Printable.Of(cell)));
        }

        _table.AddRow(row);
    }

    /// <summary>Writes the table, or <paramref name="ifEmpty"/> when it has no row.</summary>
    public void Write(IAnsiConsole console, string ifEmpty)
    {
        if (_table.Rows.Count == 0)
        {
            console.WriteLine(ifEmpty);
            return;
        }

        console.Write(_table);
    }
}
