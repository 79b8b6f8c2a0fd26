using Palio.Registry;

namespace Palio.Server.Features.Challenges;

/// <summary>An <c>environment_image</c>, taken apart.</summary>
/// <param name="Repository">Repository, with the registry's host in front when it is not the embedded one.</param>
/// <param name="Tag">The tag; null with a digest.</param>
/// <param name="Digest">The digest; null with a tag.</param>
/// <param name="IsEmbedded">In this instance's registry: <c>challenge/host</c> or below, with or without this instance's address.</param>
internal sealed record EnvironmentImageName(string Repository, string? Tag, string? Digest, bool IsEmbedded)
{
    public const string HostPart = "host";

    private const string DockerHub = "docker.io";

    /// <summary>The registry of a name that is not embedded.</summary>
    public string Registry => Repository.Split('/') is [var first, _, ..] && IsHost(first) ? Canonical(first) : DockerHub;

    /// <summary>The challenge's slug that an embedded name begins with.</summary>
    public string? Slug => IsEmbedded ? Repository.Split('/')[0] : null;

    /// <summary>Reads a name that the bundle's validator let through; null when it cannot be one of an image after all.</summary>
    public static EnvironmentImageName? Parse(string text, IReadOnlyCollection<string> ownHosts)
    {
        var (name, digest) = text.Split('@') is [var before, var after] ? (before, after) : (text, null);
        if (digest is not null && !Palio.Registry.Digest.TryParse(digest, out _))
        {
            return null;
        }

        var colon = name.LastIndexOf(':');
        var tag = colon > name.LastIndexOf('/') ? name[(colon + 1)..] : null;
        var repository = tag is null ? name : name[..colon];
        var first = repository.Split('/')[0];
        var hasHost = repository.Contains('/', StringComparison.Ordinal) && IsHost(first);
        if (hasHost && ownHosts.Contains(first, StringComparer.OrdinalIgnoreCase))
        {
            (repository, hasHost) = (repository[(first.Length + 1)..], false);
        }

        if (!RepositoryName.TryParse(hasHost ? repository[(first.Length + 1)..] : repository, out _))
        {
            return null;
        }

        var isEmbedded = !hasHost && repository.Split('/') is [_, HostPart, ..];
        return new EnvironmentImageName(repository, digest is null ? tag ?? "latest" : null, digest, isEmbedded);
    }

    // As engines tell a registry's name from the first part of a repository's.
    private static bool IsHost(string first) =>
        first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost";

    private static string Canonical(string host) => host is "index.docker.io" or "registry-1.docker.io" ? DockerHub : host;
}
