using System.CommandLine;

namespace Palio.Cli.Session;

/// <summary>Ways to write a command down in one expression.</summary>
internal static class CommandBuilding
{
    /// <summary>A command with its arguments and options and what it does. It fails by a <see cref="CliException"/>.</summary>
    public static Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        var command = Group(name, description, symbols);
        command.SetAction(run);
        return command;
    }

    /// <summary>A command that either fails or is done.</summary>
    public static Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, CancellationToken, Task> run) =>
        Command(name, description, symbols, async (parse, cancellationToken) =>
        {
            await run(parse, cancellationToken);
            return ExitCode.Ok;
        });

    /// <summary>A command that only holds others, or gets its action later.</summary>
    public static Command Group(string name, string description, IEnumerable<Symbol> symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Add(argument);
                    break;
                case Option option:
                    command.Add(option);
                    break;
                case Command child:
                    command.Add(child);
                    break;
            }
        }

        return command;
    }
}
