using System.Net;
using System.Text;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Uploads;

public sealed class QuotaTests
{
    private static readonly byte[] Content = Enumerable.Repeat((byte)7, 1000).ToArray();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chunk_BeyondTheQuota_IsDeniedWithNumbersAndLeavesNothing(bool sized)
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Quota = 999;
        using var client = app.Client();
        var location = await client.BeginAsync();

        var response = await client.CallAsync("PATCH", location, sized ? new ByteArrayContent(Content) : new UnsizedContent(Content));

        await response.ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        Assert.Contains("999 bytes", Encoding.UTF8.GetString(await response.BytesAsync()), StringComparison.Ordinal);
        await client.CallAsync("GET", location).ErrorAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        Assert.Equal(0, app.FileCount("uploads") + app.FileCount("sessions") + app.FileCount("blobs"));
    }

    [Fact]
    public async Task Quota_ExactlyFilled_IsAllowedAndFreedByDeletion()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Quota = 1000;
        using var client = app.Client();
        var digest = await client.PushBlobAsync(Content);
        await client.FinishAsync(await client.BeginAsync(), Digest.Of("x"u8), "x"u8.ToArray()).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");

        await client.CallAsync("DELETE", $"/v2/{RegistryApp.Repository}/blobs/{digest}").ExpectAsync(HttpStatusCode.Accepted);

        await client.PushBlobAsync("x"u8.ToArray());
    }

    [Fact]
    public async Task Quota_CountsUploadsUnderWay_UntilTheyAreForsaken()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Quota = 1500;
        using var client = app.Client();
        var left = await client.BeginAsync();
        await client.ChunkAsync(left, Content).ExpectAsync(HttpStatusCode.Accepted);
        await client.ChunkAsync(await client.BeginAsync(), Content).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");

        app.Clock.Advance(TimeSpan.FromMinutes(3));

        await client.PushBlobAsync(Content);
        await client.CallAsync("GET", left).ErrorAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Fact]
    public async Task Quota_OfOneRepository_IsNotAnothers()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(RegistryApp.Owner, "league/owner").Quota = 1000;
        using var client = app.Client();

        await client.PushBlobAsync(Content);
        await client.PushBlobAsync(Content, "league/owner");
    }

    [Fact]
    public async Task Blob_LargerThanAllowed_IsDenied()
    {
        await using var app = await RegistryApp.StartAsync(o => o.MaxBlobBytes = 1 << 20);
        using var client = app.Client();

        await client.ChunkAsync(await client.BeginAsync(), new byte[(1 << 20) + 1]).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");

        var location = await client.BeginAsync();
        await client.ChunkAsync(location, new byte[1 << 20]).ExpectAsync(HttpStatusCode.Accepted);
        await client.ChunkAsync(location, [1]).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
    }

    [Fact]
    public async Task Chunk_OfAnImpossibleLength_DoesNotOverflowTheCount()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        client.DefaultRequestHeaders.ExpectContinue = true;
        var location = await client.BeginAsync();
        await client.ChunkAsync(location, Content).ExpectAsync(HttpStatusCode.Accepted);

        await client.CallAsync("PATCH", location, new EndlessContent()).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
    }

    [Fact]
    public async Task Quota_IsSharedByAllRepositoriesOfATeam()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(RegistryApp.Owner, "cup/owner/a").Grant(RegistryApp.Owner, "cup/owner/b/c").Quota = 2500;
        using var client = app.Client();
        await client.PushBlobAsync(Content);
        await client.PushBlobAsync(Content, "cup/owner/a");

        await client.FinishAsync(await client.BeginAsync("cup/owner/b/c"), Digest.Of(Content), Content).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        await app.RestartAsync();
        using var next = app.Client();
        await next.FinishAsync(await next.BeginAsync("cup/owner/b/c"), Digest.Of(Content), Content).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        await next.CallAsync("DELETE", $"/v2/cup/owner/a/blobs/{Digest.Of(Content)}").ExpectAsync(HttpStatusCode.Accepted);
        await next.PushBlobAsync(Content, "cup/owner/b/c");
    }

    [Fact]
    public async Task Quota_CountsManifests()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, "a");
        app.Authorizer.Quota = image.Layer.Length + image.Config.Length + image.Manifest.Length + 5;
        byte[] other = [.. image.Manifest, .. "      "u8]; // the same image, other bytes

        await client.PutManifestAsync("b", other).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        await client.PutManifestAsync("b", image.Manifest).ExpectAsync(HttpStatusCode.Created); // known already
        app.Authorizer.Quota++;
        app.Authorizer.Quota += other.Length;
        await client.PutManifestAsync("b", other).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Objects_BeyondTheirNumber_AreDeniedUntilSomeAreDeleted()
    {
        await using var app = await RegistryApp.StartAsync(o => o.MaxObjectsPerRepository = 100);
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, null);
        var tags = string.Join("&tag=", Enumerable.Range(1, 97));
        await client.PutManifestAsync($"{image.Digest}?tag={tags}", image.Manifest).ExpectAsync(HttpStatusCode.Created);

        await client.PutManifestAsync("more", image.Manifest).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        await client.FinishAsync(await client.BeginAsync(), Digest.Of(Content), Content).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");

        await client.CallAsync("DELETE", $"/v2/{RegistryApp.Repository}/manifests/97").ExpectAsync(HttpStatusCode.Accepted);
        await client.PutManifestAsync("more", image.Manifest).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Uploads_OfOneAccount_AreFewAlsoInManyRepositories()
    {
        await using var app = await RegistryApp.StartAsync(o => o.MaxUploadsPerRepository = 2);
        app.Authorizer.Grant(RegistryApp.Owner, "league/owner").Grant("mate", "league/owner");
        using var client = app.Client();
        using var mate = app.Client("mate");
        await client.BeginAsync();
        await client.BeginAsync();

        await client.CallAsync("POST", "/v2/league/owner/blobs/uploads/").ErrorAsync(HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS");
        await mate.BeginAsync("league/owner");
    }

    /// <summary>Promises all there is; never asked to send it.</summary>
    private sealed class EndlessContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new InvalidOperationException("The server asked for the body.");

        protected override bool TryComputeLength(out long length)
        {
            length = long.MaxValue;
            return true;
        }
    }
}
