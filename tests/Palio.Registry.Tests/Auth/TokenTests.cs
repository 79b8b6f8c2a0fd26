using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Auth;

public sealed class TokenTests
{
    private const string Tags = $"/v2/{RegistryApp.Repository}/tags/list";
    private const string Uploads = $"/v2/{RegistryApp.Repository}/blobs/uploads/";
    private const string All = $"repository:{RegistryApp.Repository}:pull,push,delete";

    [Fact]
    public async Task Request_WithoutCredentials_IsChallengedWithRealmServiceAndScope()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client(null);

        foreach (var (method, path, scope) in new[]
        {
            ("GET", Tags, $",scope=\"repository:{RegistryApp.Repository}:pull\""),
            ("POST", Uploads, $",scope=\"repository:{RegistryApp.Repository}:pull,push\""),
            ("DELETE", $"/v2/{RegistryApp.Repository}/manifests/a", $",scope=\"repository:{RegistryApp.Repository}:delete\""),
            ("GET", "/v2/", ""),
        })
        {
            var response = await client.CallAsync(method, path);

            await response.ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.Equal($"Bearer realm=\"{app.Address}v2/token\",service=\"palio\"{scope}", response.Header("WWW-Authenticate"));
        }
    }

    [Fact]
    public async Task Challenge_BehindAProxy_NamesThePublicAddress()
    {
        await using var app = await RegistryApp.StartAsync(o => o.PublicUrl = new Uri("https://palio.example.org:8443/"));
        using var client = app.Client(null);

        var response = await client.CallAsync("GET", "/v2/");

        Assert.Contains("realm=\"https://palio.example.org:8443/v2/token\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WithTwoScopes_GrantsTheIntersection()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(RegistryApp.Owner, "cup/base", RegistryActions.Pull);
        using var client = app.Client();

        var answer = await client.CallAsync(
            "GET", "/v2/token?service=palio&offline_token=true&client_id=docker&account=x"
                + $"&scope={All}&scope=repository:cup/base:pull,push%20repository:cup/other:pull%20registry:catalog:*").JsonAsync();

        Assert.Equal($"{All} repository:cup/base:pull", answer.GetProperty("scope").GetString());
        Assert.Equal(answer.GetProperty("token").GetString(), answer.GetProperty("access_token").GetString());
        Assert.Equal(1800, answer.GetProperty("expires_in").GetInt32());
        Assert.EndsWith("Z", answer.GetProperty("issued_at").GetString(), StringComparison.Ordinal);
        Assert.False(answer.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task Login_TokenWithoutAccess_OpensTheRootOnly()
    {
        await using var app = await RegistryApp.StartAsync();
        using var bearer = await BearerAsync(app, "");

        await bearer.CallAsync("GET", "/v2/").ExpectAsync(HttpStatusCode.OK);
        var response = await bearer.CallAsync("GET", Tags);

        await response.ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        Assert.EndsWith($"scope=\"repository:{RegistryApp.Repository}:pull\",error=\"insufficient_scope\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ForPull_DoesNotPush()
    {
        await using var app = await RegistryApp.StartAsync();
        using var bearer = await BearerAsync(app, $"repository:{RegistryApp.Repository}:pull");

        var response = await bearer.CallAsync("POST", Uploads);

        await response.ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        Assert.Contains("error=\"insufficient_scope\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal(0, app.FileCount("sessions"));
    }

    [Fact]
    public async Task Token_ForOneRepository_DoesNotOpenAnotherOfTheSameOwner()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant(RegistryApp.Owner, "league/owner");
        using var bearer = await BearerAsync(app, All);

        var response = await bearer.CallAsync("GET", "/v2/league/owner/tags/list");

        await response.ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Token_PastItsEndAndTheLeeway_IsExpired()
    {
        await using var app = await RegistryApp.StartAsync(o => o.TokenLifetime = TimeSpan.FromMinutes(5));
        using var bearer = await BearerAsync(app, All);
        app.Clock.Advance(TimeSpan.FromMinutes(5.9));
        await bearer.CallAsync("POST", Uploads).ExpectAsync(HttpStatusCode.Accepted);

        app.Clock.Advance(TimeSpan.FromMinutes(0.2));
        var response = await bearer.CallAsync("GET", "/v2/");

        await response.ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        Assert.Contains("error=\"invalid_token\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_AfterARestart_IsStillGood()
    {
        await using var app = await RegistryApp.StartAsync();
        var token = await TokenAsync(app, All);

        await app.RestartAsync();

        using var bearer = Bearer(app, token);
        await bearer.CallAsync("POST", Uploads).ExpectAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Token_OfARemovedMember_IsDeniedAtOnce()
    {
        await using var app = await RegistryApp.StartAsync();
        using var bearer = await BearerAsync(app, All);
        var location = await bearer.BeginAsync();

        app.Authorizer.Revoke(RegistryApp.Owner, RegistryApp.Repository);

        await bearer.CallAsync("POST", Uploads).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        await bearer.ChunkAsync(location, [1]).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
        await bearer.CallAsync("GET", Tags).ErrorAsync(HttpStatusCode.Forbidden, "DENIED");
    }

    [Fact]
    public async Task Token_Forged_IsInvalid()
    {
        await using var app = await RegistryApp.StartAsync();
        await using var stranger = await RegistryApp.StartAsync();
        var parts = (await TokenAsync(app, "")).Split('.');
        var foreign = await TokenAsync(stranger, All);
        var none = Convert.ToBase64String("""{"typ":"JWT","alg":"none"}"""u8).TrimEnd('=');

        foreach (var token in new[]
        {
            foreign, // another instance's key
            $"{parts[0]}.{foreign.Split('.')[1]}.{parts[2]}",
            $"{none}.{parts[1]}.",
            $"{none}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}",
            $"{parts[0]}.{parts[1]}.*",
            "x",
            new string('a', 20_000),
        })
        {
            using var bearer = Bearer(app, token);
            var response = await bearer.CallAsync("GET", "/v2/");
            await response.ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.Contains("error=\"invalid_token\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Token_OfAnotherService_IsInvalid()
    {
        var service = "one";
        await using var app = await RegistryApp.StartAsync(o => o.Service = service);
        var token = await TokenAsync(app, All);
        service = "two";
        await app.RestartAsync();

        using var bearer = Bearer(app, token);

        await bearer.CallAsync("GET", Tags).ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Anonymous_GetsATokenThatOpensOnlyWhatIsPublic()
    {
        await using var app = await RegistryApp.StartAsync();
        app.Authorizer.Grant("", "cup/public", RegistryActions.Pull);
        using var owner = app.Client();
        using var client = app.Client(null);
        var scope = $"repository:cup/public:pull,push%20repository:{RegistryApp.Repository}:pull";

        var answer = await client.CallAsync("GET", $"/v2/token?scope={scope}").JsonAsync();

        Assert.Equal("repository:cup/public:pull", answer.GetProperty("scope").GetString());
        using var bearer = Bearer(app, answer.GetProperty("token").GetString()!);
        await bearer.CallAsync("GET", "/v2/cup/public/tags/list").ErrorAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN"); // let in, and empty
        await bearer.CallAsync("GET", Tags).ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Post_PasswordGrant_IsAnsweredLikeGet()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client(null);

        var answer = await PostAsync(client, "password", TestAuthorizer.TokenOf(RegistryApp.Owner)).JsonAsync();

        using var bearer = Bearer(app, answer.GetProperty("access_token").GetString()!);
        await bearer.CallAsync("POST", Uploads).ExpectAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Post_OtherThanAPasswordForm_IsRefused()
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client(null);

        await PostAsync(client, "refresh_token", "x").ErrorAsync(HttpStatusCode.BadRequest, "UNSUPPORTED");
        await client.CallAsync("POST", "/v2/token").ErrorAsync(HttpStatusCode.BadRequest, "UNSUPPORTED");
        await client.CallAsync("POST", "/v2/token", new StringContent("{}")).ErrorAsync(HttpStatusCode.BadRequest, "UNSUPPORTED");
        await PostAsync(client, "password", new string('x', 70_000)).ErrorAsync(HttpStatusCode.BadRequest, "UNSUPPORTED");
        await client.CallAsync("DELETE", "/v2/token").ErrorAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Basic eDp3cm9uZw==")]
    [InlineData("Digest x")]
    public async Task Credentials_WrongOrMalformed_AreRefusedAtBothDoors(string header)
    {
        await using var app = await RegistryApp.StartAsync();
        using var client = app.Client(null);

        var token = await client.CallAsync("GET", "/v2/token", null, ("Authorization", header));
        await token.ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        Assert.StartsWith("Basic ", token.Header("WWW-Authenticate"), StringComparison.Ordinal);
        var resource = await client.CallAsync("GET", Tags, null, ("Authorization", header));
        await resource.ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        Assert.StartsWith("Bearer ", resource.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_FailingTooOften_WaitsForTheNextMinute()
    {
        await using var app = await RegistryApp.StartAsync(o => o.MaxSignInFailuresPerMinute = 2);
        app.Clock.Advance(TimeSpan.FromSeconds(61 - app.Clock.GetUtcNow().Second)); // a minute just begun
        using var client = app.Client(null);
        client.DefaultRequestHeaders.Authorization = RegistryApp.Basic("mallory", "guess");
        await client.CallAsync("GET", "/v2/token").ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        await client.CallAsync("GET", Tags).ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        var asked = app.Authorizer.SignIns;

        client.DefaultRequestHeaders.Authorization = RegistryApp.Basic("mallory", TestAuthorizer.TokenOf(RegistryApp.Owner));
        var response = await client.CallAsync("GET", "/v2/token");
        await response.ErrorAsync(HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS");
        Assert.InRange(int.Parse(response.Header("Retry-After")), 1, 60);
        Assert.Equal(asked, app.Authorizer.SignIns);

        using var other = app.Client();
        await other.CallAsync("GET", "/v2/token").ExpectAsync(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await client.CallAsync("GET", "/v2/token").ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PullToken_OfAWorker_ReadsOneRepositoryAndNothingElse()
    {
        await using var app = await RegistryApp.StartAsync();
        using var owner = app.Client();
        await new ImageBuilder().Build().PushAsync(owner, RegistryApp.Repository, "latest");
        var token = app.Services.GetRequiredService<RegistryTokens>()
            .IssuePullToken("worker:3", RepositoryName.Parse(RegistryApp.Repository), TimeSpan.FromMinutes(10));
        app.Authorizer.Revoke(RegistryApp.Owner, RegistryApp.Repository); // undoes nothing here

        using var bearer = Bearer(app, token);
        using var basic = app.Client(null);
        basic.DefaultRequestHeaders.Authorization = RegistryApp.Basic("worker", token);
        foreach (var client in new[] { bearer, basic })
        {
            await client.CallAsync("GET", $"/v2/{RegistryApp.Repository}/manifests/latest").ExpectAsync(HttpStatusCode.OK);
            Assert.False((await client.CallAsync("POST", Uploads)).IsSuccessStatusCode);
            Assert.False((await client.CallAsync("DELETE", $"/v2/{RegistryApp.Repository}/manifests/latest")).IsSuccessStatusCode);
            Assert.False((await client.CallAsync("GET", "/v2/cup/other/tags/list")).IsSuccessStatusCode);
        }

        var answer = await basic.CallAsync("GET", $"/v2/token?scope={All}").JsonAsync();
        Assert.Equal($"repository:{RegistryApp.Repository}:pull", answer.GetProperty("scope").GetString());
        using var narrowed = Bearer(app, answer.GetProperty("token").GetString()!);
        await narrowed.CallAsync("GET", $"/v2/{RegistryApp.Repository}/manifests/latest").ExpectAsync(HttpStatusCode.OK);

        app.Clock.Advance(TimeSpan.FromMinutes(12)); // the narrowed one lives no longer than the first
        await narrowed.CallAsync("GET", Tags).ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        await basic.CallAsync("GET", Tags).ErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task TokenKey_OnDisk_IsReadableByItsOwnerOnly()
    {
        await using var app = await RegistryApp.StartAsync();
        await TokenAsync(app, "");

        var path = Path.Combine(app.Folder, "token.key");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Equal(32, new FileInfo(path).Length);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string grant, string password) =>
        client.CallAsync("POST", "/v2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = grant,
            ["username"] = "anything",
            ["password"] = password,
            ["service"] = "palio",
            ["client_id"] = "containerd-client",
            ["scope"] = All,
        }));

    private static async Task<string> TokenAsync(RegistryApp app, string scope)
    {
        using var client = app.Client();
        var answer = await client.CallAsync("GET", $"/v2/token?scope={scope}").JsonAsync();
        return answer.GetProperty("token").GetString()!;
    }

    private static HttpClient Bearer(RegistryApp app, string token)
    {
        var client = app.Client(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<HttpClient> BearerAsync(RegistryApp app, string scope) => Bearer(app, await TokenAsync(app, scope));
}
