using System.Text.RegularExpressions;
using Palio.Cli.Session;
using Palio.Evaluation.Local;

namespace Palio.Cli.Playing;

/// <summary>
/// Which program plays a side: what the option says, else the line of the challenge's Procfile (<c>agent: python3 -m agent</c>), else the
/// Python package of the side's name beside it.
/// </summary>
internal sealed partial class SideChoice(CliSession session, LocalPhase phase)
{
    private const string Procfile = "Procfile";

    public async Task<LocalProgram> ChooseAsync(string side, string? given, CancellationToken cancellationToken)
    {
        if (given is { Length: > 0 })
        {
            // Somebody's own command runs where he typed it.
            return await ReadAsync(side, given.Trim(), session.Folder, cancellationToken);
        }

        if (InProcfile(side) is { } line)
        {
            return await ReadAsync(side, line, phase.Folder, cancellationToken);
        }

        return File.Exists(Path.Combine(phase.Folder, side, "__main__.py")) ? new CommandProgram($"python3 -m {side}", phase.Folder)
            : throw CliException.Usage($"--{side} is missing, and {phase.Folder} has neither a Procfile with a line '{side}: …' nor {side}/__main__.py.",
                $"give --{side} IMAGE or --{side} \"COMMAND\", or run it inside a starter: palio challenge init DIR");
    }

    private string? InProcfile(string side)
    {
        var path = Path.Combine(phase.Folder, Procfile);
        return !File.Exists(path) ? null : File.ReadLines(path).Select(line => ProcfileLine().Match(line))
            .Where(match => match.Success && match.Groups["name"].Value == side).Select(match => match.Groups["command"].Value).FirstOrDefault();
    }

    // Several words, or a path to a file, are a command; one word is an image when the engine has it, else a program on the PATH.
    private async Task<LocalProgram> ReadAsync(string side, string text, string folder, CancellationToken cancellationToken)
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
            : throw missing ?? CliException.NotFound($"--{side} {text}: the local engine has no such image, and there is no such program.",
                $"build the image (docker build -t {text} …), or give a command: --{side} \"python3 {side}.py\"");
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
