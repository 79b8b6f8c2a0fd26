using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Errors;
using Palio.Server.EvalAi.Ecr;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Ecr;

/// <summary>What 'evalai push' asks, up to the registry's token.</summary>
public sealed class PushTests
{
    private static readonly RepositoryName Repository = RepositoryName.Parse("pole/players");

    [Fact]
    public async Task Credentials_OfAParticipant_NameTheTeamsRepositoryInOnePiece()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var answer = (await played.Participant.AskAsync(await AddressAsync(played))).Ok()["success"];
        Assert.Equal("localhost/pole__players", answer.GetProperty("docker_repository_uri").GetString());
        var user = answer.GetProperty("federated_user");
        Assert.StartsWith("000000000000:", user.GetProperty("FederatedUser").GetProperty("FederatedUserId").GetString(), StringComparison.Ordinal);
        Assert.Matches("^ASIA[A-Z2-7]{16}$", user.GetProperty("Credentials").GetProperty("AccessKeyId").GetString());
        Assert.Equal("2026-05-20T12:15:00Z", user.GetProperty("Credentials").GetProperty("Expiration").GetString());
    }

    [Fact]
    public async Task Credentials_ForThoseWhoCouldNotSubmit_AreRefusedWithAText()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var address = await AddressAsync(played);
        var outsider = await played.Palio.PersonAsync("otto");
        Assert.Contains("haven't participated", (await outsider.AskAsync(address)).Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await played.Palio.Anonymous.AskAsync(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await played.Participant.AskAsync(address.Replace("/phases/", "/phases/9", StringComparison.Ordinal))).Status);
        await played.Host.PostAsync<object>("/api/v1/challenges/pole/phases/dev/pause");
        Assert.NotEqual(HttpStatusCode.OK, (await played.Participant.AskAsync(address)).Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/ecr")]
    public async Task Login_WithTheKeys_PushesToThatRepositoryAlone(string path)
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.JoinAsync("rita", "Rivals");
        var login = await LoginAsync(played, path);
        Assert.Equal("http://localhost", login.Endpoint);
        Assert.StartsWith("AWS:", login.Basic, StringComparison.Ordinal);
        Assert.Equal(1, login.Basic.Count(c => c == ':')); // the client splits there
        Assert.Equal("repository:pole/players:pull,push", await GrantedAsync(played, login, "pole__players"));
        Assert.Equal("repository:pole/players:pull,push", await GrantedAsync(played, login, "pole/players"));
        Assert.Equal("", await GrantedAsync(played, login, "pole/rivals"));
        Assert.Equal("", await GrantedAsync(played, login, "pole__rivals"));
        Assert.Equal("", await GrantedAsync(played, login, "pole/host/environment"));
    }

    [Fact]
    public async Task Login_OfAHostWhoTakesPart_DoesNotReachTheEnvironment()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.Host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Home" });
        await played.Host.PostAsync<Participation>("/api/v1/challenges/pole/participation", new ParticipateRequest { AcceptTerms = true });
        var login = await LoginAsync(played, "/", played.Host);
        Assert.Equal("repository:pole/home:pull,push", await GrantedAsync(played, login, "pole__home"));
        Assert.Equal("", await GrantedAsync(played, login, "pole/host/environment"));
    }

    [Fact]
    public async Task Login_AfterItsToken_IsNoGood()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var login = await LoginAsync(played, "/");
        (await played.Participant.AskAsync(HttpMethod.Post, "/api/auth/logout/")).Ok();
        Assert.Equal("", await GrantedAsync(played, login, "pole/players"));
    }

    [Fact]
    public async Task Login_AfterHours_IsNoGood()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var login = await LoginAsync(played, "/");
        played.Palio.Time.Advance(TimeSpan.FromHours(6));
        Assert.Null(await GrantedAsync(played, login, "pole/players"));
    }

    [Fact]
    public async Task EcrCall_WithOldForeignOrBadKeys_AnswersAsAwsDoes()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var keys = await KeysAsync(played, played.Participant);
        Assert.Equal("UnrecognizedClientException", await TypeAsync(played, keys with { Session = "made-up" }));
        Assert.Equal("InvalidSignatureException", await TypeAsync(played, keys with { Secret = new string('x', 40) }));
        Assert.Equal("UnknownOperationException", await TypeAsync(played, keys, operation: "DeleteRepository"));
        Assert.Equal("AccessDeniedException", await TypeAsync(played, keys, body: """{"registryIds": ["123456789012"]}"""));
        Assert.Equal("AccessDeniedException", await TypeAsync(played, keys, body: "["));
        played.Palio.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("ExpiredTokenException", await TypeAsync(played, keys));
    }

    [Fact]
    public async Task HomePage_IsStillThere() // a form's POST to the root is no call to AWS
    {
        await using var played = await PlayedChallenge.StartAsync();
        using var page = await played.Palio.Anonymous.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("localhost:8888/pole__players:one")]
    [InlineData("registry.example.org/pole/players:one")]
    [InlineData("pole__players:one")]
    public async Task SubmittedImage_OfTheTeam_IsTakenByItsDigest(string uri)
    {
        var images = new FakeImages();
        var digest = images.Add("pole/players", "agent", "one");
        Assert.Equal(digest, (await SubmittedImage.ResolveAsync(uri, Repository, images, TestContext.Current.CancellationToken)).ToString());
        Assert.Equal(digest, (await SubmittedImage.ResolveAsync($"localhost/pole__players@{digest}", Repository, images, TestContext.Current.CancellationToken)).ToString());
    }

    [Theory]
    [InlineData("localhost/pole__rivals:one", "not in your team's repository")]
    [InlineData("localhost/pole/players/more:one", "not in your team's repository")]
    [InlineData("localhost/players:one", "not in your team's repository")]
    [InlineData("python:3.12", "not in your team's repository")]
    [InlineData("", "not in your team's repository")]
    [InlineData("localhost/pole__players:two", "no image")]
    [InlineData("localhost/pole__players", "no image")]
    [InlineData("localhost/pole__players@sha256:12", "not an image's name")]
    public async Task SubmittedImage_OfAnythingElse_IsRefused(string uri, string text)
    {
        var images = new FakeImages();
        images.Add("pole/players", "agent", "one");
        images.Add("pole/rivals", "rival", "one");
        var refusal = await Assert.ThrowsAsync<PalioException>(() => SubmittedImage.ResolveAsync(uri, Repository, images, TestContext.Current.CancellationToken));
        Assert.Contains(text, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"submitted_image_uri": "a/b:c"}""", "a/b:c")]
    [InlineData("""{"submitted_image_uri": 7}""", null)]
    [InlineData("[]", null)]
    [InlineData("no json", null)]
    public async Task SubmissionFile_IsRead(string text, string? uri)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(uri, await SubmittedImage.ReadAsync(new FormFile(content, 0, content.Length, "input_file", "submission.json"), TestContext.Current.CancellationToken));
    }

    private static async Task<string> AddressAsync(PlayedChallenge played)
    {
        var phase = await played.Palio.InDatabaseAsync(db => db.Phases.Select(p => p.Id).SingleAsync());
        return $"/api/challenges/phases/{phase}/participant_team/aws/credentials/";
    }

    private static async Task<Keys> KeysAsync(PlayedChallenge played, HttpClient client)
    {
        var given = (await client.AskAsync(await AddressAsync(played))).Ok()["success"].GetProperty("federated_user").GetProperty("Credentials");
        return new Keys(
            given.GetProperty("AccessKeyId").GetString()!, given.GetProperty("SecretAccessKey").GetString()!, given.GetProperty("SessionToken").GetString()!);
    }

    private static async Task<Login> LoginAsync(PlayedChallenge played, string path, HttpClient? client = null)
    {
        using var response = await CallAsync(played, await KeysAsync(played, client ?? played.Participant), path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var data = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("authorizationData")[0];
        return new Login(Encoding.UTF8.GetString(data.GetProperty("authorizationToken").GetBytesFromBase64()), data.GetProperty("proxyEndpoint").GetString()!);
    }

    private static async Task<string?> TypeAsync(PlayedChallenge played, Keys keys, string operation = "GetAuthorizationToken", string body = "{}")
    {
        using var response = await CallAsync(played, keys, "/", operation, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("__type").GetString();
    }

    // Signs as AWS's clients do; AwsSignatureTests holds the check against one of them.
    private static async Task<HttpResponseMessage> CallAsync(
        PlayedChallenge played, Keys keys, string path, string operation = "GetAuthorizationToken", string body = """{"registryIds": ["000000000000"]}""")
    {
        var target = $"AmazonEC2ContainerRegistry_V20150921.{operation}";
        var stamp = played.Palio.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var (date, names) = (stamp[..8], "host;x-amz-date;x-amz-target");
        var canonical = $"POST\n{path}\n\nhost:localhost\nx-amz-date:{stamp}\nx-amz-target:{target}\n\n{names}\n{Hash(body)}";
        var key = Encoding.UTF8.GetBytes($"AWS4{keys.Secret}");
        foreach (var part in (string[])[date, "eu-west-1", "ecr", "aws4_request", $"AWS4-HMAC-SHA256\n{stamp}\n{date}/eu-west-1/ecr/aws4_request\n{Hash(canonical)}"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.1") };
        request.Headers.Add("X-Amz-Target", target);
        request.Headers.Add("X-Amz-Date", stamp);
        request.Headers.Add("X-Amz-Security-Token", keys.Session);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={keys.Id}/{date}/eu-west-1/ecr/aws4_request, SignedHeaders={names}, Signature={Convert.ToHexStringLower(key)}");
        return await played.Palio.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The scope that the registry gives; null when it does not know the login.</summary>
    private static async Task<string?> GrantedAsync(PlayedChallenge played, Login login, string repository)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/token?service=palio&scope=repository:{repository}:pull,push");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login.Basic)));
        using var response = await played.Palio.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode
            ? JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("scope").GetString()
            : null;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed record Keys(string Id, string Secret, string Session);

    private sealed record Login(string Basic, string Endpoint);
}
