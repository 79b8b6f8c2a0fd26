using System.Net;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Uploads;

public sealed class ResumeTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
    private static readonly Digest ContentDigest = Digest.Of(Content);

    [Fact]
    public async Task Restart_InTheMiddleOfAnUpload_GoesOnWhereItStood()
    {
        await using var app = await RegistryApp.StartAsync();
        string location;
        using (var client = app.Client())
        {
            location = await client.BeginAsync();
            await client.ChunkAsync(location, Content[..400]).ExpectAsync(HttpStatusCode.Accepted);
        }

        await app.RestartAsync();

        using var next = app.Client();
        Assert.Equal("0-399", (await next.CallAsync("GET", location).ExpectAsync(HttpStatusCode.NoContent)).Header("Range"));
        await next.ChunkAsync(location, Content[400..700], "400-699").ExpectAsync(HttpStatusCode.Accepted);
        await next.FinishAsync(location, ContentDigest, Content[700..]).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Restart_KeepsImagesTagsAndSizes()
    {
        await using var app = await RegistryApp.StartAsync();
        var image = new ImageBuilder().Build();
        using (var client = app.Client())
        {
            await image.PushAsync(client, RegistryApp.Repository, "latest");
        }

        var repository = RepositoryName.Parse(RegistryApp.Repository);
        var size = await app.Catalog.GetSizeAsync(repository, TestContext.Current.CancellationToken);
        await app.RestartAsync();

        using var next = app.Client();
        Assert.Equal(image.Manifest, await (await next.CallAsync("GET", $"/v2/{RegistryApp.Repository}/manifests/latest")).BytesAsync());
        Assert.Equal(image.Layer, await (await next.CallAsync("GET", $"/v2/{RegistryApp.Repository}/blobs/{Digest.Of(image.Layer)}")).BytesAsync());
        Assert.Equal(image.Layer.Length + image.Config.Length + image.Manifest.Length, size);
        Assert.Equal(size, await app.Catalog.GetSizeAsync(repository, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Restart_AfterACrash_SweepsWhatNobodyClaims()
    {
        await using var app = await RegistryApp.StartAsync();
        foreach (var (folder, name) in new[] { ("uploads", "orphan"), ("tmp", "half"), ("sessions", "torn.json") })
        {
            Directory.CreateDirectory(Path.Combine(app.Folder, folder));
            await File.WriteAllTextAsync(Path.Combine(app.Folder, folder, name), "{", TestContext.Current.CancellationToken);
        }

        await app.RestartAsync();

        Assert.Equal(0, app.FileCount("uploads") + app.FileCount("tmp") + app.FileCount("sessions"));
    }

    [Fact]
    public async Task Connection_LostInAChunk_KeepsWhatCameAndFreesTheUpload()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();
        var broken = new BrokenContent(Content[..300]);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.CallAsync("PATCH", location, broken));

        // The abort may reach the server a moment later than the client; the next chunk waits for its turn.
        var last = (await client.CallAsync("PATCH", location, new ByteArrayContent([]))).Header("Range");
        Assert.True(last is "0-299" or "0-0", last);
        var from = last == "0-0" ? 0 : 300;
        await client.FinishAsync(location, ContentDigest, Content[from..], $"{from}-999").ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Digest_UploadedSeveralTimesAtOnce_IsOneFile()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var content = new byte[300_000];
        var locations = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.BeginAsync()));

        var answers = await Task.WhenAll(locations.Select(l => client.FinishAsync(l, Digest.Of(content), content)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        Assert.Equal(1, app.FileCount("blobs"));
        Assert.Equal(300_000, await app.Catalog.GetSizeAsync(RepositoryName.Parse(RegistryApp.Repository), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Upload_WrittenByTwoAtOnce_TakesOneAfterTheOther()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var location = await client.BeginAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.ChunkAsync(location, Content, "0-999")));

        Assert.Equal(HttpStatusCode.Accepted, Assert.Single(answers, a => a.IsSuccessStatusCode).StatusCode);
        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable));
        await client.FinishAsync(location, ContentDigest).ExpectAsync(HttpStatusCode.Created);
    }

    /// <summary>Promises more than it sends, then fails.</summary>
    private sealed class BrokenContent(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
            throw new IOException("The line broke.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length + 100;
            return true;
        }
    }
}
