namespace Palio.Challenges.Bundles;

/// <summary>The files of a host's evaluation script, from a folder of the bundle or a zip in it, by their path inside the script's folder.</summary>
public sealed record ScriptFiles(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Files)
{
    /// <summary>Files of which a script must have one: where <c>evaluate</c> is looked for.</summary>
    public static IReadOnlyList<string> Entrances { get; } = ["__init__.py", "main.py"];

    /// <summary>The script at a path of <see cref="ChallengeDeclaration.ScriptPath"/>; null with the reason when it cannot be one.</summary>
    public static (ScriptFiles? Script, string? Problem) Find(BundleFiles bundle, string path, BundleLimits? limits = null)
    {
        var (files, problem) = path.EndsWith('/') ? (Below(bundle, path), null) : Unpack(bundle, path, limits);
        if (files is null)
        {
            return (null, problem);
        }

        if (!HasEntrance(files) && files.Select(file => file.Key.Split('/')[0]).Distinct().ToList() is [var only])
        {
            files = [.. files.Where(file => file.Key.StartsWith(only + "/", StringComparison.Ordinal))
                .Select(file => KeyValuePair.Create(file.Key[(only.Length + 1)..], file.Value))];
        }

        return HasEntrance(files)
            ? (new ScriptFiles(files), null)
            : (null, $"There is neither {string.Join(" nor ", Entrances)} in {BundlePath.Printable(path)}.");
    }

    private static bool HasEntrance(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files) => files.Any(file => Entrances.Contains(file.Key));

    internal static List<KeyValuePair<string, ReadOnlyMemory<byte>>> Below(BundleFiles bundle, string folder) =>
        [.. bundle.All.Where(file => file.Key.StartsWith(folder, StringComparison.Ordinal)).Select(file => KeyValuePair.Create(file.Key[folder.Length..], file.Value))];

    internal static (List<KeyValuePair<string, ReadOnlyMemory<byte>>>? Files, string? Problem) Unpack(BundleFiles bundle, string path, BundleLimits? limits)
    {
        if (!bundle.TryGet(path, out var content))
        {
            return (null, $"{BundlePath.Printable(path)} is not in the bundle.");
        }

        var archive = BundleArchive.Read(content, limits);
        return archive is { HasErrors: false, Files: { } files }
            ? ([.. files.All], null)
            : (null, $"{BundlePath.Printable(path)}: {archive.Problems[0].Message}");
    }
}
