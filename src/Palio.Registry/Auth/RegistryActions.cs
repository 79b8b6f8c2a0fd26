namespace Palio.Registry;

/// <summary>What may be done with a repository.</summary>
[Flags]
public enum RegistryActions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read manifests, blobs, tags and referrers.</summary>
    Pull = 1,

    /// <summary>Write blobs, manifests and tags.</summary>
    Push = 2,

    /// <summary>Delete manifests, tags and blobs.</summary>
    Delete = 4,

    /// <summary>Everything.</summary>
    All = Pull | Push | Delete,
}
