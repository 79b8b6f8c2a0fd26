using System.Net;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

public sealed class WireTests
{
    private const string User = "/api/auth/user/";

    [Fact]
    public async Task Addresses_WithAndWithoutSlash_AreTheSame_AndADoubleOneInFrontDoesNotMatter()
    {
        await using var palio = await PalioInstance.StartAsync();
        var person = await palio.PersonAsync("pia");
        foreach (var path in (string[])["/api/auth/user", "/api/auth/user/", "//api/auth/user/", "http://localhost//api/auth/user"])
        {
            Assert.Equal("pia", (await person.AskAsync(path.StartsWith("//", StringComparison.Ordinal) ? $"http://localhost{path}" : path)).Ok()["username"].GetString());
        }
    }

    [Fact]
    public async Task Bodies_OfJsonFormAndMultipart_AreAlike()
    {
        await using var palio = await PalioInstance.StartAsync();
        await palio.PersonAsync("pia");
        (string, string)[] fields = [("username", "pia"), ("password", "pia likes long passwords")];
        HttpContent[] bodies = [EvalAiClient.Form(fields), EvalAiClient.Multipart(fields), EvalAiClient.Json("""{"username": "pia", "password": "pia likes long passwords"}""")];
        foreach (var body in bodies)
        {
            Assert.StartsWith("palio_", (await palio.Anonymous.AskAsync(HttpMethod.Post, "/api/auth/login", body)).Ok()["token"].GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bodies_ThatCannotBeRead_AreRefusedAsJson()
    {
        await using var palio = await PalioInstance.StartAsync();
        var broken = await palio.Anonymous.AskAsync(HttpMethod.Post, "/api/auth/login", EvalAiClient.Json("{"));
        Assert.Equal(HttpStatusCode.BadRequest, broken.Status);
        Assert.StartsWith("JSON parse error - ", broken["error"].GetString(), StringComparison.Ordinal);
        var text = await palio.Anonymous.AskAsync(HttpMethod.Post, "/api/auth/login", new StringContent("<a/>", System.Text.Encoding.UTF8, "text/xml"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.Status);
        Assert.Equal("application/json", text.Type);
        (await palio.Anonymous.AskAsync(HttpMethod.Post, "/api/auth/login"))
            .Is(HttpStatusCode.BadRequest, """{"username": ["This field is required."], "error": "This field is required."}""");
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Token")]
    public async Task Token_UnderEitherKeyword_SignsIn(string keyword)
    {
        await using var palio = await PalioInstance.StartAsync();
        await palio.PersonAsync("pia");
        var token = (await palio.SignInAsync("pia", "pia likes long passwords")).Secret;
        (await palio.WithKeyword(keyword, token).AskAsync(User)).Ok();
    }

    [Fact]
    public async Task Tokens_WrongExpiredRevokedAndMissing_GetTheTextsThatClientsKnow()
    {
        await using var palio = await PalioInstance.StartAsync();
        await palio.PersonAsync("pia");
        var revoked = palio.With((await palio.SignInAsync("pia", "pia likes long passwords")).Secret);
        (await revoked.AskAsync(HttpMethod.Post, "/api/auth/logout/")).Is(HttpStatusCode.OK, """{"detail": "Successfully logged out."}""");
        var expired = palio.With((await palio.SignInAsync("pia", "pia likes long passwords")).Secret);
        palio.Time.Advance(TimeSpan.FromDays(400));
        foreach (var (client, detail) in ((HttpClient, string)[])[
            (palio.With("wrong"), "Invalid token"), (palio.WithKeyword("Token", "0123456789abcdef0123456789abcdef01234567"), "Invalid token"),
            (revoked, "Invalid token"), (expired, "Token has expired"), (palio.Anonymous, "Authentication credentials were not provided.")])
        {
            var answer = await client.AskAsync(User);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Equal(detail, answer["detail"].GetString());
            Assert.False(string.IsNullOrEmpty(answer["error"].GetString()));
            Assert.Equal("Bearer realm=\"api\"", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task BadToken_WhereNoneIsNeeded_IsRefusedToo()
    {
        await using var palio = await PalioInstance.StartAsync();
        var answer = await palio.With("wrong").AskAsync(HttpMethod.Post, "/api/auth/login", EvalAiClient.Form(("username", "a"), ("password", "b")));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("Invalid token", answer["detail"].GetString());
    }

    [Fact]
    public async Task WrongMethodAndUnknownAddress_AnswerJson()
    {
        await using var palio = await PalioInstance.StartAsync();
        (await palio.Anonymous.AskAsync(HttpMethod.Delete, User))
            .Is(HttpStatusCode.MethodNotAllowed, """{"detail": "Method \"DELETE\" not allowed.", "error": "Method \"DELETE\" not allowed."}""");
        var unknown = await palio.Anonymous.AskAsync("/api/challenges/nothing/like/this/here");
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (unknown.Status, unknown.Type));
        Assert.False(string.IsNullOrEmpty(unknown["error"].GetString()));
    }

    [Fact]
    public async Task TooManyRequests_AreThrottled_WithTheTimeToWait()
    {
        await using var palio = await PalioInstance.StartAsync("--EvalAi:AnonymousRequestsPerMinute", "2");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await palio.Anonymous.AskAsync(User)).Status);
        }

        var throttled = await palio.Anonymous.AskAsync(User);
        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.Status);
        Assert.True(throttled.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Matches("^Request was throttled. Expected available in [0-9]+ seconds?.$", throttled["detail"].GetString());
        (await (await palio.PersonAsync("pia")).AskAsync(User)).Ok(); // an account has a limit of its own
    }

    [Fact]
    public async Task EveryAddress_AskedForWhatIsNotThere_AnswersJsonWithAnError_AndNeverFails()
    {
        await using var palio = await PalioInstance.StartAsync();
        var person = await palio.PersonAsync("pia");
        var endpoints = palio.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags.Contains("EvalAI") == true && endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .OrderBy(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/a", StringComparison.Ordinal)).ToList(); // logging out last
        Assert.True(endpoints.Count > 60);
        foreach (var endpoint in endpoints)
        {
            var path = System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!, @"\{[^}]*\}", match => match.Value.Contains(":int", StringComparison.Ordinal) ? "999" : "none");
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
            {
                foreach (var client in (HttpClient[])[person, palio.Anonymous])
                {
                    var answer = await client.AskAsync(new HttpMethod(method), path);
                    Assert.True((int)answer.Status < 500, $"{method} {path}: {(int)answer.Status} {answer.Text}");
                    Assert.True((int)answer.Status < 400 || answer is { Type: "application/json" }, $"{method} {path}: {answer.Type} {answer.Text}");
                    Assert.True((int)answer.Status < 400 || answer["error"].ValueKind is System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Object, $"{method} {path}: {answer.Text}");
                }
            }
        }
    }

    [Fact]
    public async Task UncaughtError_IsJsonWithATrace()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        await played.Palio.InDatabaseAsync(db => db.PhaseRevisions.ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Declaration, "broken"), TestContext.Current.CancellationToken));
        var failed = await played.Participant.AskAsync($"/api/challenges/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}");
        Assert.Equal((HttpStatusCode.InternalServerError, "application/json"), (failed.Status, failed.Type));
        Assert.StartsWith("Palio failed. Trace ", failed["error"].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2021-01-12T10:14:58.7645729+02:00", "2021-01-12T08:14:58.764572Z")]
    [InlineData("2021-01-12T10:14:58+00:00", "2021-01-12T10:14:58Z")]
    public void Time_IsUtcWithAtMostSixDigits(string time, string text) =>
        Assert.Equal(text, EvalAiJson.Time(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));
}
