using System.Globalization;
using Palio.Cli.Session;

namespace Palio.Cli.Submitting;

/// <summary>Refuses early, before a long upload, what the server would refuse after it.</summary>
internal static class FileToSubmit
{
    public static void Check(string path, FoundPhase found)
    {
        var (slug, phase) = (found.Challenge.Summary.Slug, found.Phase);
        if (!phase.TakesFiles)
        {
            throw new CliException(ExitCode.InvalidInput, $"Phase {slug}/{phase.Codename} takes images, not files.", "run: palio push IMAGE:TAG --phase " + $"{slug}/{phase.Codename}", "wrong_input");
        }

        if (phase.FileTypes.Count > 0 && !phase.FileTypes.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            throw new CliException(
                ExitCode.InvalidInput, $"The phase does not take '{Path.GetFileName(path)}'.", $"give a file that ends in one of {string.Join(", ", phase.FileTypes)}", "file_type");
        }

        var length = new FileInfo(path).Length;
        if (phase.MaxFileBytes is { } most && length > most)
        {
            throw new CliException(
                ExitCode.InvalidInput, string.Create(CultureInfo.InvariantCulture, $"The file has {length:N0} bytes; the phase takes at most {most:N0}."),
                "make it smaller, or pack it if the phase takes packed files", "file_too_large");
        }

        if (length == 0)
        {
            throw new CliException(ExitCode.InvalidInput, "The file is empty.", "write your results into it first", "file_empty");
        }
    }
}
