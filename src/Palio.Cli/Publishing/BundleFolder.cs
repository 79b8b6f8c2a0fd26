using Palio.Challenges.Bundles;
using Palio.Cli.Output;
using Palio.Cli.Session;

namespace Palio.Cli.Publishing;

/// <summary>A bundle on disk: a folder or a zip, read and checked by the same code as the server's.</summary>
internal sealed record BundleFolder(BundleFiles? Files, ChallengeBundle? Bundle, IReadOnlyList<ProblemRow> Problems)
{
    public bool HasErrors => Problems.Any(problem => problem.Severity == "error");

    public static BundleFolder Read(string path)
    {
        var files = Directory.Exists(path) ? BundleFiles.Create(FilesOf(path))
            : File.Exists(path) ? BundleArchive.Read(File.ReadAllBytes(path))
            : throw CliException.NotFound($"There is no folder or zip {path}.", "make one from a starter: palio challenge init DIR");
        if (files.Files is null || files.HasErrors)
        {
            return new BundleFolder(null, null, Rows(files.Problems));
        }

        var reading = BundleReader.Read(files.Files);
        return new BundleFolder(files.Files, reading.Bundle, Rows([.. files.Problems, .. reading.Problems]));
    }

    private static List<ProblemRow> Rows(IReadOnlyList<BundleProblem> problems) =>
        [.. problems.Select(one => new ProblemRow(one.Severity == BundleSeverity.Error ? "error" : "warning", one.File, one.Line, one.Column, one.Path, one.Message, one.Remedy))];

    private static IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> FilesOf(string folder)
    {
        // Links are left out: a bundle is what is in the folder.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        foreach (var file in Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (!path.Split('/').Any(part => part.StartsWith('.') || part is "bin" or "obj" or "__pycache__"))
            {
                yield return new(path, File.ReadAllBytes(file));
            }
        }
    }
}
