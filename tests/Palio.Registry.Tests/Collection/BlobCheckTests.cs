using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Collection;

public sealed class BlobCheckTests
{
    private const string Blobs = $"/v2/{RegistryApp.Repository}/blobs";
    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    [Fact]
    public async Task Blob_WhoseBytesChanged_IsSetAsideToldAndRepairedByTheNextPush()
    {
        await using var app = await StartAsync();
        using var client = app.Client();
        var sound = await client.PushBlobAsync("sound"u8.ToArray());
        var damaged = await client.PushBlobAsync("damaged"u8.ToArray());
        await CheckAsync(app);
        Spoil(app, damaged);
        app.Clock.Advance(Period);

        Assert.Equal(1, await CheckAsync(app));

        var told = app.TakeError();
        Assert.Contains(damaged.ToString(), told, StringComparison.Ordinal);
        Assert.Contains(RegistryApp.Repository, told, StringComparison.Ordinal);
        Assert.Equal(1, app.FileCount("damaged"));
        await client.CallAsync("HEAD", $"{Blobs}/{damaged}").ExpectAsync(HttpStatusCode.NotFound);
        await client.CallAsync("GET", $"{Blobs}/{damaged}").ErrorAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        await client.CallAsync("GET", $"{Blobs}/{sound}").ExpectAsync(HttpStatusCode.OK);
        await client.PushBlobAsync("damaged"u8.ToArray());
        Assert.Equal("damaged"u8.ToArray(), await (await client.CallAsync("GET", $"{Blobs}/{damaged}")).BytesAsync());
    }

    [Fact]
    public async Task Manifest_OverADamagedBlob_IsRefusedUntilThatIsPushed()
    {
        await using var app = await StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, "latest");
        await CheckAsync(app);
        Spoil(app, Digest.Of(image.Config));
        app.Clock.Advance(Period);
        await CheckAsync(app);
        app.TakeError();

        await client.PutManifestAsync("again", image.Manifest).ErrorAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        await image.PushAsync(client, RegistryApp.Repository, "again");
    }

    [Fact]
    public async Task Blobs_InOnePeriod_AreEachReadOnce()
    {
        await using var app = await StartAsync();
        using var client = app.Client();
        var all = new List<Digest>();
        for (var i = 0; i < 40; i++)
        {
            all.Add(await client.PushBlobAsync([(byte)i]));
        }

        await CheckAsync(app);
        all.ForEach(digest => Spoil(app, digest));
        var found = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            app.Clock.Advance(Period / 10);
            await app.RestartAsync();
            found.Add(await CheckAsync(app));
        }

        Assert.Equal(40, found.Sum());
        Assert.All(found, count => Assert.InRange(count, 0, 15));
        all.ForEach(_ => app.TakeError());
    }

    [Fact]
    public async Task Check_SwitchedOff_ReadsNothing()
    {
        await using var app = await StartAsync(TimeSpan.Zero);
        using var client = app.Client();
        var digest = await client.PushBlobAsync("x"u8.ToArray());
        Spoil(app, digest);
        app.Clock.Advance(Period);

        Assert.Equal(0, await CheckAsync(app));
    }

    [Fact]
    public async Task Manifest_WhoseBytesChanged_IsNotServedAndRepairedByTheNextPush()
    {
        await using var app = await StartAsync();
        using var client = app.Client();
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, "latest");
        var file = Directory.EnumerateFiles(app.Folder, "*", SearchOption.AllDirectories).Single(path => File.ReadAllBytes(path).SequenceEqual(image.Manifest));
        await File.WriteAllBytesAsync(file, [.. image.Manifest[..^1], (byte)' '], TestContext.Current.CancellationToken);

        await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/manifests/latest").ErrorAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");

        Assert.Contains(image.Digest.ToString(), app.TakeError(), StringComparison.Ordinal);
        await image.PushAsync(client, RegistryApp.Repository, "latest");
        await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/manifests/latest").ExpectAsync(HttpStatusCode.OK);
    }

    // The worker's own round comes later than all that is done here.
    private static Task<RegistryApp> StartAsync(TimeSpan? period = null) =>
        RegistryApp.StartAsync(options => (options.BlobCheckPeriod, options.CollectionInterval) = (period ?? Period, TimeSpan.FromDays(7)));

    private static Task<int> CheckAsync(RegistryApp app) => app.Services.GetRequiredService<BlobCheck>().RunAsync(TestContext.Current.CancellationToken);

    // As a dying disk does it: neither length nor time of the file tells.
    private static void Spoil(RegistryApp app, Digest digest)
    {
        var path = Path.Combine(app.Folder, "blobs", digest.Algorithm, digest.Hex[..2], digest.Hex);
        var (bytes, time) = (File.ReadAllBytes(path), File.GetLastWriteTimeUtc(path));
        bytes[0] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, time);
    }
}
