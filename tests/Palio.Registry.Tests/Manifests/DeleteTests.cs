using System.Net;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Manifests;

public sealed class DeleteTests
{
    private const string Manifests = $"/v2/{RegistryApp.Repository}/manifests";
    private const string Blobs = $"/v2/{RegistryApp.Repository}/blobs";

    [Fact]
    public async Task Delete_Tag_LeavesTheManifestAndOtherTags()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, "a");
        await image.PushAsync(client, RegistryApp.Repository, "b");

        await client.CallAsync("DELETE", $"{Manifests}/a").ExpectAsync(HttpStatusCode.Accepted);

        await client.CallAsync("DELETE", $"{Manifests}/a").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await client.CallAsync("GET", $"{Manifests}/a").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await client.CallAsync("GET", $"{Manifests}/b").ExpectAsync(HttpStatusCode.OK);
        await client.CallAsync("GET", $"{Manifests}/{image.Digest}").ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delete_Manifest_TakesItsTagsAndCanBePushedAgain()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        var other = new ImageBuilder { Architecture = "arm64" }.Build();
        await image.PushAsync(client, RegistryApp.Repository, "a");
        await image.PushAsync(client, RegistryApp.Repository, "b");
        await other.PushAsync(client, RegistryApp.Repository, "c");

        await client.CallAsync("DELETE", $"{Manifests}/{image.Digest}").ExpectAsync(HttpStatusCode.Accepted);

        foreach (var reference in new[] { "a", "b", image.Digest.ToString() })
        {
            await client.CallAsync("GET", $"{Manifests}/{reference}").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        }

        await client.CallAsync("DELETE", $"{Manifests}/{image.Digest}").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await client.CallAsync("GET", $"{Manifests}/c").ExpectAsync(HttpStatusCode.OK);
        await client.PutManifestAsync("a", image.Manifest).ExpectAsync(HttpStatusCode.Created);
        await client.CallAsync("GET", $"{Manifests}/a").ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delete_Blob_OnlyWhenNoManifestUsesIt()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, "a");
        var layer = Digest.Of(image.Layer);
        await client.CallAsync("DELETE", $"{Blobs}/{layer}").ErrorAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");

        await client.CallAsync("DELETE", $"{Manifests}/{image.Digest}").ExpectAsync(HttpStatusCode.Accepted);
        await client.CallAsync("DELETE", $"{Blobs}/{layer}").ExpectAsync(HttpStatusCode.Accepted);

        await client.CallAsync("DELETE", $"{Blobs}/{layer}").ErrorAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        await client.CallAsync("HEAD", $"{Blobs}/{layer}").ExpectAsync(HttpStatusCode.NotFound);
        await client.PutManifestAsync("a", image.Manifest).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        await image.PushAsync(client, RegistryApp.Repository, "a");
        await client.CallAsync("GET", $"{Blobs}/{layer}").ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delete_WithoutTheRight_IsDenied()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant("reader", RegistryApp.Repository, RegistryActions.Pull | RegistryActions.Push);
        using var client = app.Client("reader");
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, "a");

        foreach (var path in new[] { $"{Manifests}/a", $"{Manifests}/{image.Digest}", $"{Blobs}/{Digest.Of(image.Layer)}" })
        {
            await client.CallAsync("DELETE", path).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        }
    }

    [Fact]
    public async Task Delete_BadReference_IsRefused()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        await client.CallAsync("DELETE", $"{Manifests}/sha256:1").ErrorAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await client.CallAsync("DELETE", $"{Blobs}/latest").ErrorAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }
}
