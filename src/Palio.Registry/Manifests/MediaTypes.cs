namespace Palio.Registry;

/// <summary>The media types that matter to a registry.</summary>
internal static class MediaTypes
{
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    public static bool IsManifest(string type) => type is DockerManifest or OciManifest;

    public static bool IsIndex(string type) => type is DockerList or OciIndex;

    public static bool IsSchema1(string type) =>
        type is "application/vnd.docker.distribution.manifest.v1+json" or "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>Layers that are not to be distributed: their blobs need not be here, their <c>urls</c> point elsewhere.</summary>
    public static bool IsForeignLayer(string type) =>
        type.Contains("nondistributable", StringComparison.Ordinal) || type.Contains("rootfs.foreign", StringComparison.Ordinal);

    public static string WithoutParameters(string contentType)
    {
        var semicolon = contentType.IndexOf(';', StringComparison.Ordinal);
        return (semicolon < 0 ? contentType : contentType[..semicolon]).Trim();
    }
}
