using System.Reflection;
using Palio.Cli.Session;

namespace Palio.Cli.Publishing;

/// <summary>The starters, carried in this program: <c>starter/NAME/path</c> resources.</summary>
internal static class StarterTemplates
{
    private const string Prefix = "starter/";

    private static readonly Assembly Carrier = typeof(StarterTemplates).Assembly;

    public static IReadOnlyList<string> Names { get; } =
        [.. Carrier.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Where(name => name.Split('/').Length > 2).Select(name => name.Split('/')[1]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Writes a starter into a folder that is new or empty.</summary>
    /// <returns>The paths written, relative to the folder.</returns>
    public static IReadOnlyList<string> Write(string name, string folder)
    {
        name = Names.FirstOrDefault(one => one == name || one.EndsWith("-" + name, StringComparison.Ordinal)) ?? name;
        if (!Names.Contains(name))
        {
            throw CliException.Usage($"There is no template '{name}'.", $"take one of: {string.Join(", ", Names)}");
        }

        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw CliException.Invalid($"{folder} is there already and is not empty.", "name a new folder");
        }

        var start = $"{Prefix}{name}/";
        var written = new List<string>();
        foreach (var resource in Carrier.GetManifestResourceNames().Where(one => one.StartsWith(start, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var path = resource[start.Length..];
            var target = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!); // a file in the folder always has a parent
            using var content = Carrier.GetManifestResourceStream(resource)!; // listed a moment ago
            using var file = File.Create(target);
            content.CopyTo(file);
            if (path.EndsWith(".sh", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(target, File.GetUnixFileMode(target) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            }

            written.Add(path);
        }

        return written;
    }
}
