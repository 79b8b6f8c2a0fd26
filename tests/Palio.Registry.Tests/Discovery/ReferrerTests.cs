using System.Net;
using System.Text.Json;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Discovery;

public sealed class ReferrerTests
{
    private const string Referrers = $"/v2/{RegistryApp.Repository}/referrers";
    private static readonly Digest Subject = Digest.Of("subject"u8);

    [Fact]
    public async Task List_UnknownSubjectOrRepository_IsAnEmptyIndex()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        var response = await client.CallAsync("GET", $"{Referrers}/{Subject}").ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(ImageBuilder.OciIndex, response.Header("Content-Type"));
        Assert.Empty((await response.JsonAsync()).GetProperty("manifests").EnumerateArray());
        await client.CallAsync("GET", $"{Referrers}/latest").ErrorAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task List_Attachments_DescribesEachAndFilters()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var signature = await AttachAsync(client, "signature/x", "s");
        var report = await AttachAsync(client, null, "r");

        var all = await client.CallAsync("GET", $"{Referrers}/{Subject}").JsonAsync();
        Assert.Equal(2, all.GetProperty("manifests").GetArrayLength());

        var response = await client.CallAsync("GET", $"{Referrers}/{Subject}?artifactType=signature%2Fx").ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("artifactType", response.Header("OCI-Filters-Applied"));
        var entry = Assert.Single((await response.JsonAsync()).GetProperty("manifests").EnumerateArray().ToList());
        Assert.Equal(signature.ToString(), entry.GetProperty("digest").GetString());
        Assert.Equal("signature/x", entry.GetProperty("artifactType").GetString());
        Assert.Equal("s", entry.GetProperty("annotations").GetProperty("note").GetString());

        var byConfig = await client.CallAsync("GET", $"{Referrers}/{Subject}?artifactType=config%2Fc").JsonAsync();
        Assert.Equal(report.ToString(), Assert.Single(byConfig.GetProperty("manifests").EnumerateArray().ToList()).GetProperty("digest").GetString());
    }

    [Fact]
    public async Task List_DeletedAttachment_IsGone()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var digest = await AttachAsync(client, "a/b", "x");

        await client.CallAsync("DELETE", $"/v2/{RegistryApp.Repository}/manifests/{digest}").ExpectAsync(HttpStatusCode.Accepted);

        Assert.Empty((await client.CallAsync("GET", $"{Referrers}/{Subject}").JsonAsync()).GetProperty("manifests").EnumerateArray());
        Assert.Empty(Directory.EnumerateDirectories(app.Folder, Subject.Hex, SearchOption.AllDirectories)); // nor does its folder stay
    }

    [Fact]
    public async Task List_OfMoreThanFourMebibytes_ComesInPages()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        var pushed = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            pushed.Add((await AttachAsync(client, "a/b", $"{i}{new string('x', 2_000_000)}")).ToString());
        }

        var (seen, path, pages) = (new List<string>(), $"{Referrers}/{Subject}?artifactType=a%2Fb", 0);
        while (path is not null)
        {
            var response = await client.CallAsync("GET", path).ExpectAsync(HttpStatusCode.OK);
            Assert.True((await response.BytesAsync()).Length <= 4 * 1024 * 1024);
            seen.AddRange((await response.JsonAsync()).GetProperty("manifests").EnumerateArray().Select(m => m.GetProperty("digest").GetString()!));
            path = response.HasHeader("Link") ? response.Header("Link").Split('<', '>')[1] : null;
            pages++;
        }

        Assert.Equal(2, pages);
        Assert.Equal(3, seen.Count);
        Assert.Equal(pushed, [.. seen]);
    }

    private static async Task<Digest> AttachAsync(HttpClient client, string? artifactType, string note)
    {
        var config = await client.PushBlobAsync("{}"u8.ToArray());
        var fields = new Dictionary<string, object>
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ImageBuilder.OciManifest,
            ["config"] = new { mediaType = "config/c", digest = config.ToString(), size = 2 },
            ["layers"] = Array.Empty<object>(),
            ["subject"] = new { mediaType = ImageBuilder.OciManifest, digest = Subject.ToString(), size = 7 },
            ["annotations"] = new { note },
        };
        if (artifactType is not null)
        {
            fields["artifactType"] = artifactType;
        }

        var manifest = JsonSerializer.SerializeToUtf8Bytes(fields);
        await client.PutManifestAsync(Digest.Of(manifest).ToString(), manifest).ExpectAsync(HttpStatusCode.Created);
        return Digest.Of(manifest);
    }
}
