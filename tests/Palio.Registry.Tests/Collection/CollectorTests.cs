using System.Net;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Collection;

public sealed class CollectorTests
{
    private const string Manifests = $"/v2/{RegistryApp.Repository}/manifests";
    private const string Blobs = $"/v2/{RegistryApp.Repository}/blobs";
    private static readonly byte[] Content = "loose"u8.ToArray();
    private static readonly RepositoryName Repository = RepositoryName.Parse(RegistryApp.Repository);

    [Fact]
    public async Task Blob_NoManifestUses_GoesAfterTheGrace()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var digest = await client.PushBlobAsync(Content);
        app.Clock.Advance(TimeSpan.FromHours(1.9));
        await app.CollectAsync();
        Assert.Equal(1, app.FileCount("blobs"));

        app.Clock.Advance(TimeSpan.FromHours(0.2));
        await app.CollectAsync();

        Assert.Equal(0, app.FileCount("blobs"));
        Assert.Equal(0, await app.Catalog.GetSizeAsync(Repository, TestContext.Current.CancellationToken));
        await client.CallAsync("HEAD", $"{Blobs}/{digest}").ExpectAsync(HttpStatusCode.NotFound);
        await client.PushBlobAsync(Content);
        await client.CallAsync("GET", $"{Blobs}/{digest}").ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Blob_ReliedOnByAPush_GetsNewGrace(string how)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var digest = await client.PushBlobAsync(Content);
        app.Clock.Advance(TimeSpan.FromHours(1.9));
        switch (how)
        {
            case "HEAD":
                await client.CallAsync("HEAD", $"{Blobs}/{digest}").ExpectAsync(HttpStatusCode.OK);
                break;
            case "POST":
                await client.CallAsync("POST", $"{Blobs}/uploads/?mount={digest}&from={RegistryApp.Repository}").ExpectAsync(HttpStatusCode.Created);
                break;
            default:
                await client.PushBlobAsync(Content);
                break;
        }

        app.Clock.Advance(TimeSpan.FromHours(1.9));
        await app.CollectAsync();

        await client.CallAsync("GET", $"{Blobs}/{digest}").ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Image_Tagged_StaysWhole()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        var attestation = new ImageBuilder { Os = "unknown" }.Build();
        await image.PushAsync(client, RegistryApp.Repository, null);
        await attestation.PushAsync(client, RegistryApp.Repository, null);
        var index = BuiltImage.Index((image, "linux", "amd64", false), (attestation, "unknown", "unknown", true));
        await client.PutManifestAsync("latest", index, ImageBuilder.OciIndex).ExpectAsync(HttpStatusCode.Created);
        var signature = new ImageBuilder { Subject = Digest.Of(index), Os = "none" }.Build();
        await signature.PushAsync(client, RegistryApp.Repository, null);
        var files = app.FileCount("blobs") + app.FileCount("repositories");

        app.Clock.Advance(TimeSpan.FromDays(100));
        await app.CollectAsync();

        Assert.Equal(files, app.FileCount("blobs") + app.FileCount("repositories"));
        await PullAsync(client, image);
        await PullAsync(client, attestation);
        await PullAsync(client, signature);
    }

    [Fact]
    public async Task Image_WithoutTag_GoesAfterTheRetentionWithAllItHeld()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var old = new ImageBuilder().Add("a", "old").Build();
        await old.PushAsync(client, RegistryApp.Repository, "latest");
        var signature = new ImageBuilder { Subject = old.Digest }.Build();
        await signature.PushAsync(client, RegistryApp.Repository, null);
        app.Clock.Advance(TimeSpan.FromDays(10));
        var young = new ImageBuilder().Add("a", "young").Build();
        await young.PushAsync(client, RegistryApp.Repository, "latest");
        await app.CollectAsync();

        await client.CallAsync("GET", $"{Manifests}/{old.Digest}").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await client.CallAsync("GET", $"{Manifests}/{signature.Digest}").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await client.CallAsync("GET", $"{Blobs}/{Digest.Of(old.Layer)}").ErrorAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        await PullAsync(client, young); // its config is the old one's, too
        Assert.Equal(2, app.FileCount("blobs"));
        Assert.Equal(
            young.Layer.Length + young.Config.Length + young.Manifest.Length, await app.Catalog.GetSizeAsync(Repository, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Image_Untagged_IsKeptForTheRetention()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, null);

        app.Clock.Advance(TimeSpan.FromDays(6.9));
        await app.CollectAsync();

        await PullAsync(client, image);
    }

    [Fact]
    public async Task Image_Pinned_SurvivesMovedTagDeletionAndCollection()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Add("a", "submitted").Build();
        await image.PushAsync(client, RegistryApp.Repository, "latest");
        var index = BuiltImage.Index((image, "linux", "amd64", false));
        await client.PutManifestAsync("latest", index, ImageBuilder.OciIndex).ExpectAsync(HttpStatusCode.Created);
        var pinned = Digest.Of(index);
        Assert.True(await app.Catalog.PinAsync(Repository, pinned, "submission 1", TestContext.Current.CancellationToken));

        await new ImageBuilder().Add("a", "other").Build().PushAsync(client, RegistryApp.Repository, "latest");
        foreach (var digest in new[] { pinned, image.Digest })
        {
            await client.CallAsync("DELETE", $"{Manifests}/{digest}").ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        }

        await client.CallAsync("DELETE", $"{Blobs}/{Digest.Of(image.Layer)}").ErrorAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        app.Clock.Advance(TimeSpan.FromDays(100));
        await app.CollectAsync();
        await client.CallAsync("GET", $"{Manifests}/{pinned}").ExpectAsync(HttpStatusCode.OK);
        await PullAsync(client, image);
    }

    [Fact]
    public async Task Pins_EachWithItsReason_HoldTillTheLastIsGone()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var cancellation = TestContext.Current.CancellationToken;
        var digest = await new ImageBuilder().Build().PushAsync(client, RegistryApp.Repository, null);
        Assert.False(await app.Catalog.PinAsync(Repository, Digest.Of("none"u8), "a", cancellation));
        Assert.True(await app.Catalog.PinAsync(Repository, digest, "a", cancellation));
        Assert.True(await app.Catalog.PinAsync(Repository, digest, "a", cancellation));
        Assert.True(await app.Catalog.PinAsync(Repository, digest, "b", cancellation));

        Assert.True(await app.Catalog.UnpinAsync(Repository, digest, "a", cancellation));
        Assert.False(await app.Catalog.UnpinAsync(Repository, digest, "a", cancellation));
        await app.RestartAsync();
        using var next = app.Client();
        await next.CallAsync("DELETE", $"{Manifests}/{digest}").ErrorAsync(HttpStatusCode.Forbidden, "DENIED");

        Assert.True(await app.Catalog.UnpinAsync(Repository, digest, "b", cancellation));
        await next.CallAsync("DELETE", $"{Manifests}/{digest}").ExpectAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Blob_OfTwoRepositories_StaysForTheOther()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(RegistryApp.Owner, "league/owner");
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, null);
        await image.PushAsync(client, "league/owner", "latest");

        app.Clock.Advance(TimeSpan.FromDays(8));
        await app.CollectAsync();

        await client.CallAsync("GET", $"{Manifests}/{image.Digest}").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        Assert.Equal(image.Layer, await (await client.CallAsync("GET", $"/v2/league/owner/blobs/{Digest.Of(image.Layer)}")).BytesAsync());
    }

    [Fact]
    public async Task Upload_LeftAlone_ExpiresAndOneInUseDoesNot()
    {
        await using var app = await RegistryApp.StartAsync(o => o.UploadIdleTime = TimeSpan.FromHours(1));
        using var client = app.Client();
        var left = await client.BeginAsync();
        var used = await client.BeginAsync();
        await client.ChunkAsync(left, Content).ExpectAsync(HttpStatusCode.Accepted);
        app.Clock.Advance(TimeSpan.FromMinutes(59));
        await client.ChunkAsync(used, Content).ExpectAsync(HttpStatusCode.Accepted);

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.CollectAsync();

        await client.CallAsync("GET", left).ErrorAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        await client.FinishAsync(used, Digest.Of(Content)).ExpectAsync(HttpStatusCode.Created);
        Assert.Equal(0, app.FileCount("uploads") + app.FileCount("sessions"));
    }

    [Fact]
    public async Task Upload_LeftBeforeARestart_ExpiresByItsLastUse()
    {
        await using var app = await RegistryApp.StartAsync(o => o.UploadIdleTime = TimeSpan.FromHours(1));
        string location;
        using (var client = app.Client())
        {
            location = await client.BeginAsync();
            await client.ChunkAsync(location, Content).ExpectAsync(HttpStatusCode.Accepted);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(59));
        await app.RestartAsync();
        await app.CollectAsync();
        using var next = app.Client();
        await next.CallAsync("GET", location).ExpectAsync(HttpStatusCode.NoContent);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.CollectAsync();

        await next.CallAsync("GET", location).ErrorAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Fact]
    public async Task Collection_BesidePushes_LosesNothingOfThem()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var images = Enumerable.Range(0, 8).Select(i => new ImageBuilder().Add("a", $"{i}").Build()).ToList();
        await Task.WhenAll(images.Select(i => i.PushAsync(client, RegistryApp.Repository, null)));
        app.Clock.Advance(TimeSpan.FromDays(8)); // all of it is ripe now

        await Task.WhenAll(
            Task.Run(app.CollectAsync, TestContext.Current.CancellationToken),
            Task.WhenAll(images.Select(async (image, i) =>
            {
                // As a client does: ask, push what is missing; refused for a blob lost in between, push again.
                do
                {
                    await client.PushBlobAsync(image.Layer);
                    await client.PushBlobAsync(image.Config);
                }
                while ((await client.PutManifestAsync($"t{i}", image.Manifest)).StatusCode != HttpStatusCode.Created);
            })),
            Task.Run(app.CollectAsync, TestContext.Current.CancellationToken));
        await app.CollectAsync();

        foreach (var image in images)
        {
            await PullAsync(client, image);
        }
    }

    [Fact]
    public async Task Timer_Ticking_RunsTheCollection()
    {
        await using var app = await RegistryApp.StartAsync(o => o.CollectionInterval = TimeSpan.FromHours(3));
        using var client = app.Client();
        var digest = await client.PushBlobAsync(Content);

        app.Clock.Advance(TimeSpan.FromHours(3));

        // The worker goes on by itself; its end shows in what is stored.
        while (app.FileCount("blobs") > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await client.CallAsync("HEAD", $"{Blobs}/{digest}").ExpectAsync(HttpStatusCode.NotFound);
    }

    private static async Task PullAsync(HttpClient client, BuiltImage image)
    {
        Assert.Equal(image.Manifest, await (await client.CallAsync("GET", $"{Manifests}/{image.Digest}")).BytesAsync());
        Assert.Equal(image.Layer, await (await client.CallAsync("GET", $"{Blobs}/{Digest.Of(image.Layer)}")).BytesAsync());
        Assert.Equal(image.Config, await (await client.CallAsync("GET", $"{Blobs}/{Digest.Of(image.Config)}")).BytesAsync());
    }
}
