namespace Palio.Challenges.Bundles;

/// <summary>What teams' images find in <c>/dataset</c>: a folder of the bundle, a zip in it, or a single file, by path below that folder.</summary>
public static class DatasetFiles
{
    /// <summary>The files at a path of <see cref="EvaluationDeclaration.DatasetPath"/>; null with the reason when there are none.</summary>
    public static (IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>? Files, string? Problem) Find(BundleFiles bundle, string path, BundleLimits? limits = null)
    {
        if (path.EndsWith('/'))
        {
            return (ScriptFiles.Below(bundle, path), null);
        }

        return path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)
            ? ScriptFiles.Unpack(bundle, path, limits)
            : bundle.TryGet(path, out var content) ? ([KeyValuePair.Create(path[(path.LastIndexOf('/') + 1)..], content)], null)
            : (null, $"{BundlePath.Printable(path)} is not in the bundle.");
    }
}
