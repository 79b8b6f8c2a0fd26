
namespace Palio.Cli.Output;

/// <summary>Names and values below each other.</summary>
internal sealed class Facts(IAnsiConsole console)
{
    private readonly Grid _grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();

    public void Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _grid.AddRow(new Markup($"[grey]{Markup.Escape(name)}[/]"), new Text(Printable.Of(value)));
        }
    }

    public void Write() => console.Write(_grid);
}
