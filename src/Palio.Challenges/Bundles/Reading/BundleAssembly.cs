namespace Palio.Challenges.Bundles.Reading;

/// <summary>Puts a bundle together from its files.</summary>
internal sealed class BundleAssembly(BundleFiles files, BundleLimits limits)
{
    public BundleReading Read()
    {
        var problems = new ProblemList(limits.MaxProblems);
        if (files.Paths.Count == 0)
        {
            problems.Error("", "The bundle is empty.", "Put challenge_config.yaml in it.");
        }

        return new BundleReading(null, problems.ToArray());
    }
}
