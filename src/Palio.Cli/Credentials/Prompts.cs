using Palio.Cli.Session;

namespace Palio.Cli.Credentials;

/// <summary>Asks a person, where there is one; every question has an option that answers it.</summary>
internal sealed class Prompts(CliSession session)
{
    public string Text(string? given, string question, string option)
    {
        if (given is { Length: > 0 })
        {
            return given;
        }

        return session.Interactive
            ? session.Printer.Remarks.Prompt(new TextPrompt<string>(question + ":"))
            : throw CliException.Usage($"{option} is missing, and there is nobody to ask.", $"give {option}");
    }

    public string Password(bool fromInput)
    {
        if (fromInput)
        {
            return Line("password");
        }

        return session.Interactive
            ? session.Printer.Remarks.Prompt(new TextPrompt<string>("Password:").Secret())
            : throw CliException.Usage("There is nobody to ask for a password.", "give it on standard input with --password-stdin, or use --token");
    }

    /// <summary>The first line of standard input.</summary>
    public string Line(string what) => session.Input.ReadLine() is { Length: > 0 } line
        ? line.TrimEnd('\r')
        : throw CliException.Usage($"Standard input holds no {what}.", $"write it there: printf %s SECRET | palio …");
}
