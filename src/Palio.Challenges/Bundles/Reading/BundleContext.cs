using Palio.Challenges.Bundles.Yaml;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>What all parts of a reading share: the files, the limits, the problems, and what was set but is not used.</summary>
internal sealed class BundleContext(BundleFiles files, BundleLimits limits, string configPath)
{
    public BundleFiles Files => files;

    public BundleLimits Limits => limits;

    public string ConfigPath => configPath;

    public ProblemList Problems { get; } = new(limits.MaxProblems);

    /// <summary>Keys of EvalAI that are set and of no use here.</summary>
    public List<string> Unused { get; } = [];

    /// <summary>The folder of the configuration, with '/' at its end, or empty.</summary>
    public string Folder => configPath[..(configPath.LastIndexOf('/') + 1)];

    public void Error(YamlNode at, string path, string message, string remedy) => Add(BundleSeverity.Error, at.Line, at.Column, path, message, remedy);

    public void Warning(YamlNode at, string path, string message, string remedy) => Add(BundleSeverity.Warning, at.Line, at.Column, path, message, remedy);

    public void Error(YamlEntry at, string path, string message, string remedy) => Add(BundleSeverity.Error, at.Line, at.Column, path, message, remedy);

    public void Warning(YamlEntry at, string path, string message, string remedy) => Add(BundleSeverity.Warning, at.Line, at.Column, path, message, remedy);

    private void Add(BundleSeverity severity, int line, int column, string path, string message, string remedy) => Problems.Add(new BundleProblem
    {
        Severity = severity,
        File = configPath,
        Line = line,
        Column = column,
        Path = path,
        Message = message,
        Remedy = remedy,
    });
}
