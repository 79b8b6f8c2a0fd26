namespace Palio.Registry;

internal enum RouteKind
{
    Root,
    Token,
    Catalog,
    Manifest,
    Blob,
    UploadStart,
    Upload,
    Tags,
    Referrers,
}

/// <summary>A path below <c>/v2</c>, read from the right because names may themselves hold the words that end them.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Name">The repository's name as given; empty where there is none.</param>
/// <param name="Reference">The tag, digest or upload id as given; empty where there is none.</param>
internal readonly record struct RegistryRoute(RouteKind Kind, string Name = "", string Reference = "")
{
    /// <summary>Reads what follows <c>/v2</c>; null when there is no such place.</summary>
    public static RegistryRoute? Parse(string path)
    {
        switch (path)
        {
            case "" or "/":
                return new RegistryRoute(RouteKind.Root);
            case "/token":
                return new RegistryRoute(RouteKind.Token);
            case "/_catalog":
                return new RegistryRoute(RouteKind.Catalog);
        }

        if (EndsWith(path, "/blobs/uploads/", out var name) || EndsWith(path, "/blobs/uploads", out name))
        {
            return new RegistryRoute(RouteKind.UploadStart, name);
        }

        if (EndsWith(path, "/tags/list", out name))
        {
            return new RegistryRoute(RouteKind.Tags, name);
        }

        var slash = path.LastIndexOf('/');
        var (rest, reference) = (path[..slash], path[(slash + 1)..]);
        if (reference.Length == 0)
        {
            return null;
        }

        return EndsWith(rest, "/blobs/uploads", out name) ? new RegistryRoute(RouteKind.Upload, name, reference)
            : EndsWith(rest, "/manifests", out name) ? new RegistryRoute(RouteKind.Manifest, name, reference)
            : EndsWith(rest, "/blobs", out name) ? new RegistryRoute(RouteKind.Blob, name, reference)
            : EndsWith(rest, "/referrers", out name) ? new RegistryRoute(RouteKind.Referrers, name, reference)
            : null;
    }

    // The name keeps no leading slash; a second one there makes it invalid, and is said to be.
    private static bool EndsWith(string path, string ending, out string name)
    {
        var holds = path.Length > ending.Length + 1 && path.StartsWith('/') && path.EndsWith(ending, StringComparison.Ordinal);
        name = holds ? path[1..^ending.Length] : "";
        return holds;
    }
}
