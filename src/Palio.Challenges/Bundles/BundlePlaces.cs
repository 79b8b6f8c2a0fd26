using System.Globalization;
using Palio.Challenges.Bundles.Yaml;

namespace Palio.Challenges.Bundles;

/// <summary>Where in the configuration an element stands, for those who find something wrong with it after it was read.</summary>
public sealed class BundlePlaces
{
    private readonly string _file;
    private readonly YamlMap? _root;

    internal BundlePlaces(string file, YamlMap? root) => (_file, _root) = (file, root);

    /// <summary>Of a bundle that was not read from a file: everything is nowhere.</summary>
    public static BundlePlaces None { get; } = new("", null);

    /// <summary>An error at an element, with its file, line and column.</summary>
    /// <param name="path">The element, such as <c>challenge_phases[0].codename</c>. When it is not in the file, its nearest parent's place is told.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="remedy">What to write instead.</param>
    public BundleProblem Error(string path, string message, string remedy)
    {
        var (line, column) = Find(path);
        return new BundleProblem
        {
            Severity = BundleSeverity.Error,
            File = _file,
            Line = line,
            Column = column,
            Path = path,
            Message = message,
            Remedy = remedy,
        };
    }

    // As the validator does: at a key's value, or at its parent when it is not there.
    private (int Line, int Column) Find(string path)
    {
        YamlNode? node = _root;
        foreach (var part in path.Split('.', '['))
        {
            var next = part.EndsWith(']')
                ? node is YamlList list && int.TryParse(part[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count
                    ? list.Items[index]
                    : null
                : (node as YamlMap)?.Find(part)?.Value;
            if (next is null)
            {
                break;
            }

            node = next;
        }

        return (node?.Line ?? 0, node?.Column ?? 0);
    }
}
