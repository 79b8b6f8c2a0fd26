using System.Net;
using System.Text;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Uploads;

public sealed class UploadTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("the quick brown fox jumps over the lazy dog");
    private static readonly Digest ContentDigest = Digest.Of(Content);

    [Fact]
    public async Task Start_Anew_AnswersARelativePlaceAndNothingReceived()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        foreach (var path in new[] { "uploads", "uploads/" })
        {
            var response = await client.CallAsync("POST", $"/v2/{RegistryApp.Repository}/blobs/{path}").ExpectAsync(HttpStatusCode.Accepted);

            Assert.Equal($"/v2/{RegistryApp.Repository}/blobs/uploads/{response.Header("Docker-Upload-UUID")}", response.Header("Location"));
            Assert.Equal("0-0", response.Header("Range"));
            Assert.Equal("0", response.Header("Content-Length"));
        }
    }

    [Fact]
    public async Task Streamed_OnePatchThenEmptyPut_IsStored()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();

        var patch = await client.CallAsync("PATCH", location, new UnsizedContent(Content)).ExpectAsync(HttpStatusCode.Accepted);
        Assert.Equal($"0-{Content.Length - 1}", patch.Header("Range"));
        var put = await client.FinishAsync(patch.Header("Location"), ContentDigest).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal($"/v2/{RegistryApp.Repository}/blobs/{ContentDigest}", put.Header("Location"));
        Assert.Equal(ContentDigest.ToString(), put.Header("Docker-Content-Digest"));
        var get = await client.CallAsync("GET", put.Header("Location")).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(Content, await get.BytesAsync());
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task SinglePost_WithDigest_IsStored(string algorithm)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var digest = Digest.Of(Content, algorithm);

        var response = await client.CallAsync(
            "POST", $"/v2/{RegistryApp.Repository}/blobs/uploads/?digest={digest}", new ByteArrayContent(Content)).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(digest.ToString(), response.Header("Docker-Content-Digest"));
    }

    [Fact]
    public async Task Finish_AlgorithmOtherThanHinted_IsTheOneOfThePut()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var start = await client.CallAsync("POST", $"/v2/{RegistryApp.Repository}/blobs/uploads/?digest-algorithm=sha512");

        await client.FinishAsync(start.Header("Location"), ContentDigest, Content).ExpectAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    [InlineData(43)]
    public async Task Chunked_InOrder_IsStored(int size)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();
        for (var offset = 0; offset < Content.Length; offset += size)
        {
            var chunk = Content.AsSpan(offset, Math.Min(size, Content.Length - offset)).ToArray();
            var response = await client.ChunkAsync(location, chunk, $"{offset}-{offset + chunk.Length - 1}").ExpectAsync(HttpStatusCode.Accepted);
            Assert.Equal($"0-{offset + chunk.Length - 1}", response.Header("Range"));
            location = response.Header("Location");
        }

        await client.FinishAsync(location, ContentDigest).ExpectAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("11-20")]
    [InlineData("0-9")]
    [InlineData("9-18")]
    public async Task Chunk_OutOfOrder_Is416AndChangesNothing(string range)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();
        await client.ChunkAsync(location, Content[..10], "0-9").ExpectAsync(HttpStatusCode.Accepted);

        var refused = await client.ChunkAsync(location, Content[10..20], range);
        await refused.ErrorAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "BLOB_UPLOAD_INVALID");
        Assert.Equal("0-9", refused.Header("Range"));
        Assert.Equal(location, refused.Header("Location"));

        await client.ChunkAsync(location, Content[10..], $"10-{Content.Length - 1}").ExpectAsync(HttpStatusCode.Accepted);
        await client.FinishAsync(location, ContentDigest).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task LastChunkInPut_OutOfOrder_Is416AndGoesOn()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();
        await client.ChunkAsync(location, Content[..10], "0-9").ExpectAsync(HttpStatusCode.Accepted);

        var refused = await client.FinishAsync(location, ContentDigest, Content[10..], $"9-{Content.Length - 2}");
        await refused.ErrorAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "BLOB_UPLOAD_INVALID");

        await client.FinishAsync(location, ContentDigest, Content[10..], $"10-{Content.Length - 1}").ExpectAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("0-99", "SIZE_INVALID")]
    [InlineData("bytes 0-9/10", "BLOB_UPLOAD_INVALID")]
    [InlineData("9-0", "BLOB_UPLOAD_INVALID")]
    [InlineData("x", "BLOB_UPLOAD_INVALID")]
    public async Task Chunk_BadRange_Is400(string range, string code)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        var response = await client.ChunkAsync(await client.BeginAsync(), Content[..10], range);

        await response.ErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Chunk_ShorterThanItsRange_IsForgotten()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();

        var refused = await client.CallAsync("PATCH", location, new UnsizedContent(Content[..10]), ("Content-Range", "0-10"));
        await refused.ErrorAsync(HttpStatusCode.BadRequest, "SIZE_INVALID");

        await client.FinishAsync(location, ContentDigest, Content).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Ask_AfterChunk_TellsTheLastByte()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();
        Assert.Equal("0-0", (await client.CallAsync("GET", location).ExpectAsync(HttpStatusCode.NoContent)).Header("Range"));
        await client.ChunkAsync(location, Content[..10]);

        var response = await client.CallAsync("GET", location).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal("0-9", response.Header("Range"));
        Assert.Equal(location, response.Header("Location"));
    }

    [Fact]
    public async Task Cancel_Upload_ForgetsItAndItsBytes()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();
        await client.ChunkAsync(location, Content);

        await client.CallAsync("DELETE", location).ExpectAsync(HttpStatusCode.NoContent);

        foreach (var method in new[] { "GET", "PATCH", "DELETE" })
        {
            await (await client.CallAsync(method, location)).ErrorAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        }

        Assert.Equal(0, app.FileCount("uploads") + app.FileCount("sessions"));
    }

    [Fact]
    public async Task Finish_WrongDigest_IsRefusedAndLeavesNothing()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();

        var response = await client.FinishAsync(location, Digest.Of("other"u8), Content);

        await response.ErrorAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await (await client.CallAsync("GET", location)).ErrorAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        Assert.Equal(0, app.FileCount("uploads") + app.FileCount("sessions") + app.FileCount("blobs"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?digest=")]
    [InlineData("?digest=sha256:1")]
    [InlineData("?digest=md5:d41d8cd98f00b204e9800998ecf8427e")]
    public async Task Finish_BadDigest_IsRefusedAndTheUploadStays(string query)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();

        await (await client.CallAsync("PUT", location + query)).ErrorAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");

        await client.FinishAsync(location, ContentDigest, Content).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Push_ExistingBlobAgain_IsCreatedAndOneFile()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        await client.PushBlobAsync(Content);
        await client.PushBlobAsync(Content);

        Assert.Equal(1, app.FileCount("blobs"));
    }

    [Fact]
    public async Task Upload_OfMoreThanSeveralBuffers_IsWhole()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var content = new byte[(5 << 20) + 123];
        new Random(7).NextBytes(content);
        var location = await client.BeginAsync();
        await client.ChunkAsync(location, content[..(2 << 20)]).ExpectAsync(HttpStatusCode.Accepted);
        await client.CallAsync("PATCH", location, new UnsizedContent(content[(2 << 20)..])).ExpectAsync(HttpStatusCode.Accepted);

        var put = await client.FinishAsync(location, Digest.Of(content)).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(content, await (await client.CallAsync("GET", put.Header("Location"))).BytesAsync());
    }

    [Fact]
    public async Task Start_TooManyUnderWay_Is429()
    {
        await using var app = await RegistryApp.StartAsync(o => o.MaxUploadsPerRepository = 2);
        using var client = app.Client();
        var first = await client.BeginAsync();
        await client.BeginAsync();

        var response = await client.CallAsync("POST", $"/v2/{RegistryApp.Repository}/blobs/uploads/");
        await response.ErrorAsync(HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS");
        Assert.True(response.HasHeader("Retry-After"));

        await client.CallAsync("DELETE", first);
        await client.BeginAsync();
    }
}
