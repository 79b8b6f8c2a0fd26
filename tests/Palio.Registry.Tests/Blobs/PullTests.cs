using System.Net;
using System.Text;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Blobs;

public sealed class PullTests
{
    private static readonly byte[] Hundred = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    [Fact]
    public async Task Root_WithCredentials_IsAnEmptyObject()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        foreach (var path in new[] { "/v2", "/v2/" })
        {
            var response = await client.CallAsync("GET", path).ExpectAsync(HttpStatusCode.OK);
            Assert.Equal("{}"u8.ToArray(), await response.BytesAsync());
            Assert.Equal("registry/2.0", response.Header("Docker-Distribution-API-Version"));
        }
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task Blob_GetAndHead_HaveTheSameHeaders(string algorithm)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var digest = await client.PushBlobAsync(Hundred, algorithm: algorithm);

        var get = await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/blobs/{digest}").ExpectAsync(HttpStatusCode.OK);
        var head = await client.CallAsync("HEAD", $"/v2/{RegistryApp.Repository}/blobs/{digest}").ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(Hundred, await get.BytesAsync());
        Assert.Empty(await head.BytesAsync());
        foreach (var response in new[] { get, head })
        {
            Assert.Equal("application/octet-stream", response.Header("Content-Type"));
            Assert.Equal("100", response.Header("Content-Length"));
            Assert.Equal(digest.ToString(), response.Header("Docker-Content-Digest"));
            Assert.Equal("bytes", response.Header("Accept-Ranges"));
            Assert.Contains("max-age=31536000", response.Header("Cache-Control"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=90-", 90, 10)]
    [InlineData("bytes=-7", 93, 7)]
    [InlineData("bytes=0-1000", 0, 100)]
    public async Task Blob_Range_IsThatPart(string range, int offset, int count)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var digest = await client.PushBlobAsync(Hundred);

        var response = await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/blobs/{digest}", null, ("Range", range))
            .ExpectAsync(HttpStatusCode.PartialContent);

        Assert.Equal(Hundred.AsSpan(offset, count).ToArray(), await response.BytesAsync());
        Assert.Equal($"bytes {offset}-{offset + count - 1}/100", response.Header("Content-Range"));
    }

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=50-10")]
    public async Task Blob_RangeBeyondTheEnd_Is416WithTheLength(string range)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var digest = await client.PushBlobAsync(Hundred);

        var response = await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/blobs/{digest}", null, ("Range", range));

        await response.ErrorAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "SIZE_INVALID");
        Assert.Equal("bytes */100", response.Header("Content-Range"));
    }

    [Fact]
    public async Task Blob_OfZeroAndTwoBytes_AreValid()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        foreach (var content in new[] { "", "{}" })
        {
            var digest = await client.PushBlobAsync(Encoding.UTF8.GetBytes(content));
            var response = await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/blobs/{digest}").ExpectAsync(HttpStatusCode.OK);
            Assert.Equal(content, Encoding.UTF8.GetString(await response.BytesAsync()));
            Assert.Equal(content.Length.ToString(), response.Header("Content-Length"));
        }
    }

    [Fact]
    public async Task Blob_FileLost_IsUnknownUntilPushedAgain()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var digest = await client.PushBlobAsync(Hundred);
        await File.WriteAllTextAsync(
            Path.Combine(app.Folder, "blobs", "sha256", digest.Hex[..2], digest.Hex), "cut", TestContext.Current.CancellationToken);

        var response = await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/blobs/{digest}");
        await response.ErrorAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");

        await client.PushBlobAsync(Hundred);
        await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/blobs/{digest}").ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Manifest_ByTagAndDigest_IsTheExactBytes()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Add("agent", "x").Build();
        await image.PushAsync(client, RegistryApp.Repository, "latest");

        foreach (var reference in new[] { "latest", image.Digest.ToString() })
        {
            foreach (var method in new[] { "GET", "HEAD" })
            {
                // Several Accept lines in any order; none of them changes what comes.
                var response = await client.CallAsync(
                    method, $"/v2/{RegistryApp.Repository}/manifests/{reference}", null, ("Accept", "text/plain"), ("Accept", "*/*"))
                    .ExpectAsync(HttpStatusCode.OK);
                Assert.Equal(method == "GET" ? image.Manifest : [], await response.BytesAsync());
                Assert.Equal(ImageBuilder.OciManifest, response.Header("Content-Type"));
                Assert.Equal(image.Manifest.Length.ToString(), response.Header("Content-Length"));
                Assert.Equal(image.Digest.ToString(), response.Header("Docker-Content-Digest"));
                Assert.Equal($"\"{image.Digest}\"", response.Header("ETag"));
            }
        }
    }

    [Fact]
    public async Task Manifest_KnownToTheClient_IsNotSentAgain()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, "latest");

        await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/manifests/latest", null, ("If-None-Match", $"\"{image.Digest}\""))
            .ExpectAsync(HttpStatusCode.NotModified);
    }
}
