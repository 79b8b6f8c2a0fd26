namespace Palio.Challenges.Bundles;

/// <summary>Collects problems up to a limit; a bundle with a million mistakes gets the first ones and their number.</summary>
internal sealed class ProblemList(int limit)
{
    private readonly List<BundleProblem> _problems = [];
    private int _dropped;

    public bool HasErrors { get; private set; }

    public void Add(BundleProblem problem)
    {
        HasErrors |= problem.Severity == BundleSeverity.Error;
        if (_problems.Count < limit)
        {
            _problems.Add(problem);
        }
        else
        {
            _dropped++;
        }
    }

    public void Error(string file, string message, string remedy) =>
        Add(new BundleProblem { Severity = BundleSeverity.Error, File = file, Message = message, Remedy = remedy });

    /// <summary>The problems in the order of the file.</summary>
    public BundleProblem[] ToArray()
    {
        var sorted = _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ToList();
        if (_dropped > 0)
        {
            sorted.Add(new BundleProblem
            {
                Severity = HasErrors ? BundleSeverity.Error : BundleSeverity.Warning,
                File = "",
                Message = $"{_dropped} more problems are not listed.",
                Remedy = "Solve those that are, then check again.",
            });
        }

        return [.. sorted];
    }
}
