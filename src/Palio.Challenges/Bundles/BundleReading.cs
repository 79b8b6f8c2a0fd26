namespace Palio.Challenges.Bundles;

/// <summary>What came of reading a bundle: the challenge, when nothing stops it, and everything there is to say about it.</summary>
/// <param name="Bundle">The challenge; null when <paramref name="Problems"/> holds an error.</param>
/// <param name="Problems">All problems, in the order of the file.</param>
public sealed record BundleReading(ChallengeBundle? Bundle, IReadOnlyList<BundleProblem> Problems)
{
    /// <summary>Whether something stops the bundle from being published.</summary>
    public bool HasErrors => Problems.Any(problem => problem.Severity == BundleSeverity.Error);
}

/// <summary>What came of collecting a bundle's files from an archive or a folder.</summary>
/// <param name="Files">The files; null when <paramref name="Problems"/> holds an error.</param>
/// <param name="Problems">All problems.</param>
public sealed record BundleFilesReading(BundleFiles? Files, IReadOnlyList<BundleProblem> Problems)
{
    /// <summary>Whether the files were refused.</summary>
    public bool HasErrors => Problems.Any(problem => problem.Severity == BundleSeverity.Error);
}
