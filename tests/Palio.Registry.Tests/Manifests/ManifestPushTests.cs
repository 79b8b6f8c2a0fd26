using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Manifests;

public sealed class ManifestPushTests
{
    private const string Manifests = $"/v2/{RegistryApp.Repository}/manifests";

    [Theory]
    [InlineData(ImageBuilder.OciManifest)]
    [InlineData(ImageBuilder.DockerManifest)]
    public async Task Push_Image_AnswersItsPlaceAndDigest(string type)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder { MediaType = type }.Build();
        await PushBlobsAsync(client, image);

        var response = await client.PutManifestAsync("v1", image.Manifest, $"{type}; charset=utf-8").ExpectAsync(HttpStatusCode.Created);

        Assert.Equal($"{Manifests}/{image.Digest}", response.Header("Location"));
        Assert.Equal(image.Digest.ToString(), response.Header("Docker-Content-Digest"));
        Assert.False(response.HasHeader("OCI-Subject"));
        Assert.Equal(type, (await client.CallAsync("GET", $"{Manifests}/v1")).Header("Content-Type"));
    }

    [Fact]
    public async Task Push_WithoutMediaType_TakesTheHeader()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await PushBlobsAsync(client, image);
        var fields = JsonNode.Parse(image.Manifest)!.AsObject();
        fields.Remove("mediaType");
        var manifest = Encoding.UTF8.GetBytes(fields.ToJsonString());

        await client.PutManifestAsync("a", manifest, null).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
        await client.PutManifestAsync("a", manifest).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Push_BlobMissing_NamesItAndStoresNothing()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await client.PushBlobAsync(image.Config);

        var response = await client.PutManifestAsync("a", image.Manifest);

        await response.ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        Assert.Contains(Digest.Of(image.Layer).ToString(), Encoding.UTF8.GetString(await response.BytesAsync()), StringComparison.Ordinal);
        await client.CallAsync("GET", $"{Manifests}/{image.Digest}").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await client.PushBlobAsync(image.Layer);
        await client.PutManifestAsync("a", image.Manifest).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Push_BlobSizeUntrue_IsRefused()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var config = await client.PushBlobAsync("{}"u8.ToArray());

        var manifest = Manifest(new { mediaType = "c", digest = config.ToString(), size = 3 });

        await client.PutManifestAsync("a", manifest).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    [Fact]
    public async Task Push_DigestOfOtherBytes_IsRefused()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await PushBlobsAsync(client, image);

        await client.PutManifestAsync(Digest.Of("x"u8).ToString(), image.Manifest).ErrorAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await client.PutManifestAsync("sha256:0", image.Manifest).ErrorAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await client.PutManifestAsync("-tag", image.Manifest).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    [Fact]
    public async Task Push_BySha512_IsFoundByIt()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await PushBlobsAsync(client, image);
        var digest = Digest.Of(image.Manifest, "sha512");

        await client.PutManifestAsync(digest.ToString(), image.Manifest).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(image.Manifest, await (await client.CallAsync("GET", $"{Manifests}/{digest}")).BytesAsync());
    }

    [Theory]
    [InlineData("application/vnd.docker.distribution.manifest.v1+json")]
    [InlineData("application/vnd.docker.distribution.manifest.v1+prettyjws")]
    [InlineData("application/json")]
    [InlineData(ImageBuilder.OciIndex)]
    [InlineData(ImageBuilder.DockerManifest)]
    public async Task Push_UnknownOrContradictingType_IsRefused(string type)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await PushBlobsAsync(client, image);

        await client.PutManifestAsync("a", image.Manifest, type).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Push_FourMebibytesAreEnough_OneMoreByteIsNot(bool sized)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var config = await client.PushBlobAsync("{}"u8.ToArray());
        var manifest = Manifest(new { mediaType = "c", digest = config.ToString(), size = 2 });
        Array.Resize(ref manifest, 4 * 1024 * 1024);
        manifest.AsSpan().Replace((byte)0, (byte)' ');
        await PutAsync(manifest).ExpectAsync(HttpStatusCode.Created);

        await PutAsync([.. manifest, (byte)' ']).ErrorAsync(HttpStatusCode.RequestEntityTooLarge, "MANIFEST_INVALID");

        Task<HttpResponseMessage> PutAsync(byte[] bytes) => client.CallAsync(
            "PUT", $"{Manifests}/a", sized ? new ByteArrayContent(bytes) : new UnsizedContent(bytes), ("Content-Type", ImageBuilder.OciManifest));
    }

    [Fact]
    public async Task Push_IndexBeforeItsImages_IsRefused()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        var index = BuiltImage.Index((image, "linux", "amd64", false));
        await client.PutManifestAsync("a", index, ImageBuilder.OciIndex).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");

        await image.PushAsync(client, RegistryApp.Repository, null);

        await client.PutManifestAsync("a", index, ImageBuilder.OciIndex).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Push_IndexWithUntrueEntry_IsRefused()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, null);
        var index = BuiltImage.Index((image with { MediaType = ImageBuilder.DockerManifest }, "linux", "amd64", false));

        await client.PutManifestAsync("a", index, ImageBuilder.OciIndex).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    // docker with the containerd store puts every child under the tag first, the index last.
    [Fact]
    public async Task Push_ChildrenThenIndexUnderOneTag_LeavesTheIndex()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        var attestation = new ImageBuilder { Os = "unknown" }.Build();
        var index = BuiltImage.Index((image, "linux", "amd64", false), (attestation, "unknown", "unknown", true));
        await image.PushAsync(client, RegistryApp.Repository, "latest");
        await attestation.PushAsync(client, RegistryApp.Repository, "latest");

        await client.PutManifestAsync("latest", index, ImageBuilder.OciIndex).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(index, await (await client.CallAsync("GET", $"{Manifests}/latest")).BytesAsync());
        await client.CallAsync("GET", $"{Manifests}/{image.Digest}").ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Push_SubjectThatIsNotThere_IsAcceptedAndTold()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var subject = Digest.Of("not here"u8);
        var image = new ImageBuilder { Subject = subject }.Build();
        await PushBlobsAsync(client, image);

        var response = await client.PutManifestAsync(image.Digest.ToString(), image.Manifest).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(subject.ToString(), response.Header("OCI-Subject"));
    }

    [Fact]
    public async Task Push_ByDigestWithTags_SetsThemAll()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await PushBlobsAsync(client, image);
        var tags = Enumerable.Range(1, 12).Select(i => $"t{i}").ToList();

        var response = await client.PutManifestAsync($"{image.Digest}?tag={string.Join("&tag=", tags)}&tag=t1", image.Manifest)
            .ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(string.Join(", ", tags), response.Header("OCI-Tag"));
        Assert.Equal(image.Manifest, await (await client.CallAsync("GET", $"{Manifests}/t12")).BytesAsync());
    }

    [Fact]
    public async Task Push_BadOrTooManyTags_SetsNone()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await PushBlobsAsync(client, image);

        await client.PutManifestAsync($"{image.Digest}?tag=good&tag=.bad", image.Manifest).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
        var many = string.Join("&tag=", Enumerable.Range(0, 101));
        await client.PutManifestAsync($"{image.Digest}?tag={many}", image.Manifest).ErrorAsync(HttpStatusCode.RequestUriTooLong, "MANIFEST_INVALID");

        await client.CallAsync("GET", $"{Manifests}/good").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task Push_ForeignLayerAndUnknownTypes_AreAccepted()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var config = await client.PushBlobAsync("{}"u8.ToArray());
        var descriptor = new { mediaType = "application/vnd.oci.empty.v1+json", digest = config.ToString(), size = 2 };
        var foreign = new
        {
            mediaType = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            digest = Digest.Of("elsewhere"u8).ToString(),
            size = 9,
            urls = new[] { "http://localhost/" },
        };

        await client.PutManifestAsync("a", Manifest(descriptor, foreign, descriptor)).ExpectAsync(HttpStatusCode.Created);
        await client.PutManifestAsync("b", Manifest(descriptor)).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Push_ImageLargerThanAllowed_IsRefusedWithTheLimit()
    {
        await using var app = await RegistryApp.StartAsync(o => o.MaxImageBytes = 1 << 20);
        using var client = app.Client();
        var config = await client.PushBlobAsync(new byte[600_000]);
        var descriptor = new { mediaType = "c", digest = config.ToString(), size = 600_000 };

        var response = await client.PutManifestAsync("a", Manifest(descriptor, descriptor));

        await response.ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        Assert.Contains("1 MiB", Encoding.UTF8.GetString(await response.BytesAsync()), StringComparison.Ordinal);
    }

    private static byte[] Manifest(object config, params object[] layers) =>
        JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 2, mediaType = ImageBuilder.OciManifest, config, layers });

    private static async Task PushBlobsAsync(HttpClient client, BuiltImage image)
    {
        await client.PushBlobAsync(image.Layer);
        await client.PushBlobAsync(image.Config);
    }
}
