using System.CommandLine;
using System.Globalization;

namespace Palio.Cli.Session;

/// <summary>The options all commands know, and short ways to make a command's own.</summary>
internal static class Arguments
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Give the result as JSON on standard output", Recursive = true };

    public static Option<string?> Host { get; } = new("--host") { Description = "The server to talk to, for this once", Recursive = true, HelpName = "URL" };

    public static Argument<string> Required(string name, string description) => new(name) { Description = description };

    public static Argument<string?> Maybe(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    public static Argument<int> Id(string description) => new("ID")
    {
        Description = description,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                return id;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no number: a submission is named by its number, see palio submissions.");
            return 0;
        },
    };

    public static Option<string?> Text(string name, string description, string? helpName = null) => new(name) { Description = description, HelpName = helpName };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<string> Phase() => new("--phase", "-p")
    {
        Description = "The phase as CHALLENGE/PHASE; PHASE alone when you take part in one challenge with such a phase",
        HelpName = "CHALLENGE/PHASE",
        Required = true,
    };
}
