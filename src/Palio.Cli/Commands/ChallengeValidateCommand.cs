using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Publishing;
using Palio.Cli.Session;

namespace Palio.Cli.Commands;

/// <summary><c>palio challenge validate DIR</c>: all problems in one pass, without a server.</summary>
internal static class ChallengeValidateCommand
{
    public static Command Create(CliSession session)
    {
        var folder = Arguments.Maybe("DIR", "The bundle: a folder or a zip; default this folder");
        return CommandBuilding.Command("validate", "Find all problems of a bundle, without a server", [folder], (parse, _) =>
        {
            var read = BundleFolder.Read(session.FullPath(parse.GetValue(folder) ?? "."));
            session.Printer.Result(new BundleVerdict(!read.HasErrors, read.Problems), OutputJsonContext.Default.BundleVerdict, console =>
            {
                ProblemListing.Write(console, read.Problems);
                console.WriteLine(read.HasErrors ? $"Not valid: {ProblemListing.Count(read.Problems)}." : $"Valid: {ProblemListing.Count(read.Problems)}.");
            });
            return Task.FromResult(read.HasErrors ? ExitCode.InvalidInput : ExitCode.Ok);
        });
    }
}
