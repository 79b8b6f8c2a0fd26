using System.Text.RegularExpressions;
using Palio.Cli.Session;
using Palio.Evaluation.Local;

namespace Palio.Cli.Playing;

/// <summary>
/// Which program plays a side: what was given, else the line of the challenge's Procfile (<c>agent: python3 -m agent</c>), else the
/// Python package of the side's name beside it.
/// </summary>
/// <param name="session">What the command gets.</param>
/// <param name="root">The challenge's folder, else the working folder.</param>
internal sealed partial class SideChoice(CliSession session, string root)
{
    private const string Procfile = "Procfile";
    private const string BuildLine = "build";

    private bool _isBuilt;

    /// <summary>The program; a mistake when there is none.</summary>
    /// <param name="side">The side's name, <c>agent</c> or <c>environment</c>.</param>
    /// <param name="given">What was typed.</param>
    /// <param name="word">What the person typed it after: <c>--agent</c>; null where it is an argument of its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LocalProgram> ChooseAsync(string side, string? given, string? word, CancellationToken cancellationToken)
    {
        if (given is { Length: > 0 })
        {
            // Somebody's own command runs where he typed it.
            return await ReadAsync(side, word, given.Trim(), session.Folder, cancellationToken);
        }

        var prefix = word is null ? "" : word + " ";
        return await DefaultAsync(side, cancellationToken)
            ?? throw CliException.Usage($"No {side} is named, and {root} has neither a Procfile with a line '{side}: …' nor {side}/__main__.py.",
                $"give {prefix}IMAGE or {prefix}\"COMMAND\", or run it inside a starter: palio challenge init DIR");
    }

    /// <summary>What the folder has for the side; null when it has nothing.</summary>
    public async Task<LocalProgram?> DefaultAsync(string side, CancellationToken cancellationToken) =>
        InProcfile(side) is { } line ? await BuiltAsync(await ReadAsync(side, Procfile + ":", line, root, cancellationToken), cancellationToken)
            : File.Exists(Path.Combine(root, side, "__main__.py")) ? new CommandProgram($"python3 -m {side}", root)
            : null;

    // A command that is compiled names its compiler in the line "build".
    private async Task<LocalProgram> BuiltAsync(LocalProgram program, CancellationToken cancellationToken)
    {
        if (program is CommandProgram && !_isBuilt && InProcfile(BuildLine) is { } line)
        {
            session.Printer.Note($"building: {line}");
            await ShellCommand.RunAsync(line, root, cancellationToken);
            _isBuilt = true;
        }

        return program;
    }

    private string? InProcfile(string side)
    {
        var path = Path.Combine(root, Procfile);
        return !File.Exists(path) ? null : File.ReadLines(path).Select(line => ProcfileLine().Match(line))
            .Where(match => match.Success && match.Groups["name"].Value == side).Select(match => match.Groups["command"].Value).FirstOrDefault();
    }

    // Several words, or a path to a file, are a command; one word is an image when the engine has it, else a program on the PATH.
    private async Task<LocalProgram> ReadAsync(string side, string? word, string text, string folder, CancellationToken cancellationToken)
    {
        if (text.Any(char.IsWhiteSpace) || text[0] is '/' or '.' || !ImageReference().IsMatch(text))
        {
            return new CommandProgram(text, folder);
        }

        var (found, missing) = await FindAsync(text, cancellationToken);
        if (found)
        {
            return new ImageProgram(text);
        }

        if (File.Exists(Path.Combine(folder, text)) || IsOnPath(text))
        {
            return new CommandProgram(text, folder);
        }

        // A name that says its registry can be pulled.
        return missing is null && text.Split('/')[0].AsSpan().IndexOfAny('.', ':') >= 0 && text.Contains('/') ? new ImageProgram(text)
            : throw missing ?? CliException.NotFound($"{(word is null ? "" : word + " ")}{text}: the local engine has no such image, and there is no such program.",
                $"build the image (docker build -t {text} …), or give a command, such as \"python3 {side}.py\"");
    }

    private async Task<(bool Found, CliException? Missing)> FindAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = await session.OpenEngineAsync(cancellationToken);
            return (await engine.FindImageAsync(image, cancellationToken) is not null, null);
        }
        catch (CliException e)
        {
            return (false, e);
        }
    }

    private bool IsOnPath(string program) =>
        (session.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9_-]+):\s*(?<command>.*\S)\s*$")]
    private static partial Regex ProcfileLine();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9._/:-]*[a-z0-9])?(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[a-f0-9]{64})?$")]
    private static partial Regex ImageReference();
}
