using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Palio.Registry.Tests.Kit;

/// <summary>Makes small images of one layer and writes them to a registry over HTTP.</summary>
public sealed class ImageBuilder
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly Dictionary<string, byte[]> _files = [];

    public string Os { get; init; } = "linux";

    public string Architecture { get; init; } = "amd64";

    public string[] Entrypoint { get; init; } = ["/agent"];

    public string MediaType { get; init; } = OciManifest;

    public string LayerType { get; init; } = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>What the image is attached to, if anything.</summary>
    public Digest? Subject { get; init; }

    public ImageBuilder Add(string path, string content)
    {
        _files[path] = Encoding.UTF8.GetBytes(content);
        return this;
    }

    /// <summary>The image's parts.</summary>
    public BuiltImage Build()
    {
        var (layer, diffId) = BuildLayer();
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            os = Os,
            architecture = Architecture,
            config = new { Entrypoint, Env = new[] { "A=1" }, User = "1000", WorkingDir = "/w", Labels = new Dictionary<string, string> { ["l"] = "v" } },
            rootfs = new { type = "layers", diff_ids = new[] { diffId.ToString() } },
        });
        var fields = new Dictionary<string, object>
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaType,
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", config),
            ["layers"] = new[] { Descriptor(LayerType, layer) },
        };
        if (Subject is not null)
        {
            fields["subject"] = new { mediaType = OciManifest, digest = Subject.ToString(), size = 1 };
        }

        return new BuiltImage(MediaType, layer, config, JsonSerializer.SerializeToUtf8Bytes(fields));
    }

    public static object Descriptor(string mediaType, byte[] content) =>
        new { mediaType, digest = Digest.Of(content).ToString(), size = content.Length };

    private (byte[] Layer, Digest DiffId) BuildLayer()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var (path, content) in _files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
            }
        }

        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        return (zipped.ToArray(), Digest.Of(tar.ToArray()));
    }
}

/// <summary>An image's layer, config and manifest, ready to be pushed.</summary>
public sealed record BuiltImage(string MediaType, byte[] Layer, byte[] Config, byte[] Manifest)
{
    public Digest Digest => Digest.Of(Manifest);

    /// <summary>Pushes blobs and manifest; the client carries the credentials.</summary>
    public async Task<Digest> PushAsync(HttpClient client, string repository, string? tag)
    {
        await client.PushBlobAsync(Layer, repository);
        await client.PushBlobAsync(Config, repository);
        await client.PutManifestAsync(tag ?? Digest.ToString(), Manifest, MediaType, repository).ExpectAsync(HttpStatusCode.Created);
        return Digest;
    }

    /// <summary>An index over images of this kind, with the platform each is for.</summary>
    public static byte[] Index(params (BuiltImage Image, string Os, string Architecture, bool Attestation)[] entries) =>
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ImageBuilder.OciIndex,
            manifests = entries.Select(e => new
            {
                mediaType = e.Image.MediaType,
                digest = e.Image.Digest.ToString(),
                size = e.Image.Manifest.Length,
                platform = new { os = e.Os, architecture = e.Architecture },
                annotations = e.Attestation ? new Dictionary<string, string> { ["vnd.docker.reference.type"] = "attestation-manifest" } : [],
            }),
        });
}
