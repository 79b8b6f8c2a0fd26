using System.Net;
using System.Text;
using System.Text.Json;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Images;

public sealed class InspectionTests
{
    private static readonly RepositoryName Repository = RepositoryName.Parse(RegistryApp.Repository);
    private static readonly ImagePlatform Linux = new("linux", "amd64");

    [Fact]
    public async Task Inspect_Image_TellsWhatItsConfigSays()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var built = new ImageBuilder().Add("agent", "x").Build();
        await built.PushAsync(client, RegistryApp.Repository, "latest");
        var digest = await app.Catalog.ResolveTagAsync(Repository, "latest", TestContext.Current.CancellationToken);

        var image = Assert.IsType<ImageInspection.Found>(await InspectAsync(app, digest!)).Image;

        Assert.Equal((built.Digest, built.Digest, Digest.Of(built.Config)), (image.Digest, image.ManifestDigest, image.ConfigDigest));
        Assert.Equal(Linux, image.Platform);
        Assert.Equal(built.Layer.Length + built.Config.Length, image.SizeBytes);
        Assert.Equal((1, false), (image.LayerCount, image.HasZstdLayers));
        Assert.Equal(["/agent"], image.Entrypoint);
        Assert.Empty(image.Command);
        Assert.Equal(["A=1"], image.Environment);
        Assert.Equal(("1000", "/w", "v"), (image.User, image.WorkingDirectory, image.Labels["l"]));
    }

    [Fact]
    public async Task Inspect_IndexWithAttestation_ChoosesThePlatform()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var arm = new ImageBuilder { Architecture = "arm64" }.Build();
        var amd = new ImageBuilder().Build();
        var attestation = new ImageBuilder { Os = "unknown", Architecture = "unknown" }.Build();
        var index = await PushIndexAsync(client, (attestation, "unknown", "unknown", true), (arm, "linux", "arm64", false), (amd, "linux", "amd64", false));

        var image = Assert.IsType<ImageInspection.Found>(await InspectAsync(app, index)).Image;

        Assert.Equal((index, amd.Digest), (image.Digest, image.ManifestDigest));
        Assert.Equal(Digest.Of(amd.Config), image.ConfigDigest);
    }

    [Fact]
    public async Task Inspect_AttestationsOnly_IsUnusable()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var attestation = new ImageBuilder { Os = "unknown" }.Build();
        var index = await PushIndexAsync(client, (attestation, "linux", "amd64", true));

        Assert.IsType<ImageInspection.Unusable>(await InspectAsync(app, index));
    }

    [Fact]
    public async Task Inspect_OtherPlatform_NamesWhatIsThere()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var windows = new ImageBuilder { Os = "windows" }.Build();
        await windows.PushAsync(client, RegistryApp.Repository, null);
        var arm = new ImageBuilder { Architecture = "arm64" }.Build();
        var index = await PushIndexAsync(client, (windows, "windows", "amd64", false), (arm, "linux", "arm64", false));

        Assert.Equal([new("windows", "amd64")], Assert.IsType<ImageInspection.OtherPlatform>(await InspectAsync(app, windows.Digest)).Available);
        Assert.Equal(
            [new("windows", "amd64"), new("linux", "arm64")], Assert.IsType<ImageInspection.OtherPlatform>(await InspectAsync(app, index)).Available);
    }

    [Fact]
    public async Task Inspect_IndexThatLiesAboutThePlatform_BelievesTheConfig()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var index = await PushIndexAsync(client, (new ImageBuilder { Os = "windows" }.Build(), "linux", "amd64", false));

        Assert.IsType<ImageInspection.OtherPlatform>(await InspectAsync(app, index));
    }

    [Theory]
    [InlineData("linux", "amd64", false)]
    [InlineData("linux", "x86_64", false)]
    [InlineData("Linux", "AMD64", false)]
    [InlineData("linux", "amd64", true)]
    public async Task Inspect_IndexWithTwoForThePlatform_IsUnusable(string os, string architecture, bool attestation)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var shown = new ImageBuilder().Add("agent", "shown").Build();
        var hidden = new ImageBuilder().Add("agent", "hidden").Build();
        var index = await PushIndexAsync(client, (hidden, os, architecture, attestation), (shown, "linux", "amd64", false));

        Assert.IsType<ImageInspection.Unusable>(await InspectAsync(app, index));
    }

    [Fact]
    public async Task Inspect_NotThere_IsMissing()
    {
        await using var app = await RegistryApp.StartAsync();

        Assert.IsType<ImageInspection.Missing>(await InspectAsync(app, Digest.Of("none"u8)));
        Assert.Null(await app.Catalog.ResolveTagAsync(Repository, "none", TestContext.Current.CancellationToken));
        Assert.Null(await app.Catalog.ResolveTagAsync(Repository, "../../x", TestContext.Current.CancellationToken));
        Assert.Empty(await app.Catalog.ListTagsAsync(Repository, TestContext.Current.CancellationToken));
        Assert.Equal(0, await app.Catalog.GetSizeAsync(Repository, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Inspect_ZstdLayer_IsToldOf()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var built = new ImageBuilder { LayerType = "application/vnd.oci.image.layer.v1.tar+zstd" }.Build();
        await built.PushAsync(client, RegistryApp.Repository, null);

        Assert.True(Assert.IsType<ImageInspection.Found>(await InspectAsync(app, built.Digest)).Image.HasZstdLayers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"os":"linux"}""")]
    [InlineData("""{"os":"linux","architecture":7}""")]
    [InlineData("""{"os":"linux","architecture":"\ud800"}""")]
    [InlineData("""{"os":"linux","architecture":"amd64","config":{"Entrypoint":"text"}}""")]
    public async Task Inspect_ConfigIsNone_IsUnusable(string config)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        Assert.IsType<ImageInspection.Unusable>(await InspectAsync(app, await PushAsync(client, config)));
    }

    [Theory]
    [InlineData("""{"os":"linux","architecture":"amd64"}""")]
    [InlineData("""{"os":"linux","architecture":"amd64","config":null}""")]
    [InlineData("""{"os":"linux","architecture":"amd64","config":{"Entrypoint":null,"Env":[null],"Labels":{"a":null}},"extra":1}""")]
    public async Task Inspect_SparseConfig_IsFoundEmpty(string config)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        var image = Assert.IsType<ImageInspection.Found>(await InspectAsync(app, await PushAsync(client, config))).Image;

        Assert.Empty(image.Entrypoint);
        Assert.Empty(image.Environment);
        Assert.Equal("", image.User);
    }

    // Engines fetch from urls before they ask us, also for ordinary types.
    [Fact]
    public async Task Inspect_LayerWithUrls_IsUnusable()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var built = new ImageBuilder().Build();
        await built.PushAsync(client, RegistryApp.Repository, null);
        var layer = $"\"size\":{built.Layer.Length}";
        var manifest = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(built.Manifest).Replace(layer, layer + ",\"urls\":[\"http://169.254.169.254/\"]", StringComparison.Ordinal));
        await client.PutManifestAsync("a", manifest).ExpectAsync(HttpStatusCode.Created);

        Assert.IsType<ImageInspection.Found>(await InspectAsync(app, built.Digest));
        Assert.IsType<ImageInspection.Unusable>(await InspectAsync(app, Digest.Of(manifest)));
    }

    private static async Task<Digest> PushAsync(HttpClient client, string config)
    {
        var bytes = Encoding.UTF8.GetBytes(config);
        await client.PushBlobAsync(bytes);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            config = ImageBuilder.Descriptor("application/vnd.oci.image.config.v1+json", bytes),
            layers = Array.Empty<object>(),
        });
        await client.PutManifestAsync("a", manifest).ExpectAsync(HttpStatusCode.Created);
        return Digest.Of(manifest);
    }

    private static async Task<Digest> PushIndexAsync(HttpClient client, params (BuiltImage Image, string Os, string Architecture, bool Attestation)[] entries)
    {
        foreach (var entry in entries)
        {
            await entry.Image.PushAsync(client, RegistryApp.Repository, null);
        }

        var index = BuiltImage.Index(entries);
        await client.PutManifestAsync("index", index, ImageBuilder.OciIndex).ExpectAsync(HttpStatusCode.Created);
        return Digest.Of(index);
    }

    private static async Task<ImageInspection> InspectAsync(RegistryApp app, Digest digest) =>
        await app.Catalog.InspectAsync(Repository, digest, Linux, TestContext.Current.CancellationToken);
}
