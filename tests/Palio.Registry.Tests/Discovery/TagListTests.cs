using System.Net;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Discovery;

public sealed class TagListTests
{
    private const string Tags = $"/v2/{RegistryApp.Repository}/tags/list";

    [Fact]
    public async Task List_Tags_AreInOrdinalOrder()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        await PushTagsAsync(client, "b", "a", "B", "_x", "10", "9");

        var answer = await client.CallAsync("GET", Tags).JsonAsync();

        Assert.Equal(RegistryApp.Repository, answer.GetProperty("name").GetString());
        Assert.Equal(["10", "9", "B", "_x", "a", "b"], answer.GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
    }

    [Fact]
    public async Task List_InPages_GivesEveryTagOnce()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        await PushTagsAsync(client, "a", "b", "c", "d", "e");
        var (seen, path, pages) = (new List<string>(), $"{Tags}?n=2", 0);
        while (path is not null)
        {
            var response = await client.CallAsync("GET", path).ExpectAsync(HttpStatusCode.OK);
            seen.AddRange((await response.JsonAsync()).GetProperty("tags").EnumerateArray().Select(t => t.GetString()!));
            path = response.HasHeader("Link") ? response.Header("Link").Split('<', '>')[1] : null;
            pages++;
        }

        Assert.Equal(["a", "b", "c", "d", "e"], seen);
        Assert.Equal(3, pages);
    }

    [Theory]
    [InlineData("n=0", "")]
    [InlineData("n=5", "a,b,c")]
    [InlineData("n=99999999999999999999", "a,b,c")]
    [InlineData("last=a", "b,c")]
    [InlineData("last=aa&n=1", "b")]
    [InlineData("last=z", "")]
    public async Task List_Asked_GivesThatPart(string query, string expected)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        await PushTagsAsync(client, "a", "b", "c");

        var response = await client.CallAsync("GET", $"{Tags}?{query}").ExpectAsync(HttpStatusCode.OK);

        var tags = (await response.JsonAsync()).GetProperty("tags").EnumerateArray().Select(t => t.GetString());
        Assert.Equal(expected, string.Join(',', tags));
        Assert.Equal(expected == "b", response.HasHeader("Link"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("1e3")]
    public async Task List_BadCount_Is400(string n)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        await client.CallAsync("GET", $"{Tags}?n={n}").ErrorAsync(HttpStatusCode.BadRequest, "UNSUPPORTED");
    }

    [Fact]
    public async Task List_UnknownOrEmptyRepository_IsToldApart()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();
        await client.CallAsync("GET", Tags).ErrorAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, null);

        Assert.Empty((await client.CallAsync("GET", Tags).JsonAsync()).GetProperty("tags").EnumerateArray());
    }

    [Fact]
    public async Task Catalog_IsNobodysBusiness()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client();

        await client.CallAsync("GET", "/v2/_catalog").ErrorAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
    }

    private static async Task PushTagsAsync(HttpClient client, params string[] tags)
    {
        var image = new ImageBuilder().Build();
        await image.PushAsync(client, RegistryApp.Repository, null);
        await client.PutManifestAsync($"{image.Digest}?tag={string.Join("&tag=", tags)}", image.Manifest).ExpectAsync(HttpStatusCode.Created);
    }
}
