using System.Net;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Uploads;

public sealed class MountTests
{
    private const string Rival = "rival";
    private const string RivalRepository = "cup/rival";
    private static readonly byte[] Content = "a layer"u8.ToArray();
    private static readonly Digest ContentDigest = Digest.Of(Content);

    [Theory]
    [InlineData("cup/base")]
    [InlineData("cup%2Fbase")]
    public async Task Mount_FromAReadableRepository_NeedsNoBytes(string from)
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(RegistryApp.Owner, "cup/base");
        using var client = app.Client();
        await client.PushBlobAsync(Content, "cup/base");

        var response = await MountAsync(client, from).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal($"/v2/{RegistryApp.Repository}/blobs/{ContentDigest}", response.Header("Location"));
        Assert.Equal(ContentDigest.ToString(), response.Header("Docker-Content-Digest"));
        Assert.Equal(Content, await (await client.CallAsync("GET", response.Header("Location"))).BytesAsync());
        Assert.Equal(1, app.FileCount("blobs"));
        Assert.Equal(0, app.FileCount("sessions"));
    }

    // Forbidden, without the blob, nonexistent and nonsense all look the same: an ordinary upload.
    [Theory]
    [InlineData(RivalRepository)]
    [InlineData("cup/nothing")]
    [InlineData("cup/base")]
    [InlineData("")]
    [InlineData("../cup")]
    public async Task Mount_FromElsewhere_IsAnOrdinaryUpload(string from)
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(Rival, RivalRepository).Grant(RegistryApp.Owner, "cup/base");
        using var rival = app.Client(Rival);
        await rival.PushBlobAsync(Content, RivalRepository);
        using var client = app.Client();

        var response = await MountAsync(client, from).ExpectAsync(HttpStatusCode.Accepted);

        Assert.False(response.HasHeader("Docker-Content-Digest"));
        await client.CallAsync("HEAD", $"/v2/{RegistryApp.Repository}/blobs/{ContentDigest}").ExpectAsync(HttpStatusCode.NotFound);
        await client.FinishAsync(response.Header("Location"), ContentDigest, Content).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Mount_WithoutCredentials_AsksForBothScopes()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client(null);

        var response = await MountAsync(client, "cup/base");

        Assert.Contains(
            $"scope=\"repository:{RegistryApp.Repository}:pull,push repository:cup/base:pull\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mount_BeyondTheQuota_IsAnUploadThatIsRefused()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(RegistryApp.Owner, "cup/base");
        using var client = app.Client();
        await client.PushBlobAsync(Content, "cup/base");
        app.Authorizer.Quota = 3;

        var response = await MountAsync(client, "cup/base").ExpectAsync(HttpStatusCode.Accepted);

        await client.FinishAsync(response.Header("Location"), ContentDigest, Content).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
    }

    [Fact]
    public async Task Repository_OfARival_IsLikeOneThatDoesNotExist()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(Rival, RivalRepository);
        using var rival = app.Client(Rival);
        var image = new ImageBuilder().Build();
        await image.PushAsync(rival, RivalRepository, "latest");
        var upload = await rival.BeginAsync(RivalRepository);
        using var client = app.Client();
        var layer = Digest.Of(image.Layer);

        foreach (var (method, path) in new[]
        {
            ("GET", "manifests/latest"), ("GET", $"manifests/{image.Digest}"), ("PUT", "manifests/latest"), ("DELETE", $"manifests/{image.Digest}"),
            ("GET", $"blobs/{layer}"), ("DELETE", $"blobs/{layer}"), ("POST", "blobs/uploads/"), ("GET", "tags/list"), ("GET", $"referrers/{image.Digest}"),
            ("PATCH", $"blobs/uploads/{upload[(upload.LastIndexOf('/') + 1)..]}"),
        })
        {
            var real = await client.CallAsync(method, $"/v2/{RivalRepository}/{path}");
            await real.ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
            var absent = await client.CallAsync(method, $"/v2/cup/nobody/{path}");
            Assert.Equal(await real.BytesAsync(), await absent.BytesAsync());
        }
    }

    [Fact]
    public async Task Content_OfAnotherRepository_CannotBeReadOrUsedByItsDigest()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(Rival, RivalRepository);
        using var rival = app.Client(Rival);
        var image = new ImageBuilder().Build();
        await image.PushAsync(rival, RivalRepository, "latest");
        using var client = app.Client();

        await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/manifests/{image.Digest}").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/blobs/{Digest.Of(image.Layer)}").ErrorAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        await client.PutManifestAsync("mine", image.Manifest).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        var index = BuiltImage.Index((image, "linux", "amd64", false));
        await client.PutManifestAsync("mine", index, ImageBuilder.OciIndex).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
    }

    [Fact]
    public async Task Upload_OfAnotherMemberOrRepository_IsUnknown()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant("mate", RegistryApp.Repository).Grant(RegistryApp.Owner, "cup/base");
        using var client = app.Client();
        using var mate = app.Client("mate");
        var location = await client.BeginAsync();

        foreach (var method in new[] { "GET", "PATCH", "DELETE" })
        {
            await mate.CallAsync(method, location).ErrorAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
            await client.CallAsync(method, location.Replace(RegistryApp.Repository, "cup/base", StringComparison.Ordinal))
                .ErrorAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        }

        await client.FinishAsync(location, ContentDigest, Content).ExpectAsync(HttpStatusCode.Created);
    }

    private static Task<HttpResponseMessage> MountAsync(HttpClient client, string from) =>
        client.CallAsync("POST", $"/v2/{RegistryApp.Repository}/blobs/uploads/?mount={ContentDigest}&from={from}");
}
