using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Accounts;

public sealed class AccountTests
{
    [Fact]
    public async Task Register_ThenSignIn_GivesAToken()
    {
        await using var palio = await PalioInstance.StartAsync();
        var client = await palio.PersonAsync("ada");
        var me = await client.GetAsync<Me>("/api/v1/me");
        Assert.Equal("ada", me.UserName);
        Assert.False(me.IsAdministrator);
        Assert.Equal([TokenScope.Read, TokenScope.Submit, TokenScope.Host], me.TokenScopes);
    }

    [Fact]
    public async Task Register_Mistakes_AreAllNamedAtOnce()
    {
        await using var palio = await PalioInstance.StartAsync();
        using var response = await palio.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/accounts", new { userName = "x", email = "no", password = "short" });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("UserName", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Email", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Password", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"code\":\"validation\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ada", "other@example.org")]
    [InlineData("other", "ADA@example.org")]
    public async Task Register_TakenNameOrAddress_GetsTheSameWords(string userName, string email)
    {
        await using var palio = await PalioInstance.StartAsync();
        await palio.PersonAsync("ada");
        await palio.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/accounts", new RegisterRequest { UserName = userName, Email = email, Password = "a long password" })
            .RefusedAsync(HttpStatusCode.Conflict, "taken");
    }

    [Theory]
    [InlineData("ada", "wrong password")]
    [InlineData("nobody", "wrong password")]
    public async Task SignIn_WrongNameOrPassword_IsRefusedAlike(string userName, string password)
    {
        await using var palio = await PalioInstance.StartAsync();
        await palio.PersonAsync("ada");
        await palio.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/tokens/sign-in", new SignInRequest { UserName = userName, Password = password })
            .RefusedAsync(HttpStatusCode.Unauthorized, "sign_in_refused");
    }

    [Fact]
    public async Task SignIn_TooManyFromOneAddress_IsThrottled()
    {
        await using var palio = await PalioInstance.StartAsync("--Accounts:SignInsPerMinute", "2");
        for (var i = 0; i < 2; i++)
        {
            await palio.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/tokens/sign-in", new SignInRequest { UserName = "x", Password = "y" })
                .RefusedAsync(HttpStatusCode.Unauthorized, "sign_in_refused");
        }

        await palio.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/tokens/sign-in", new SignInRequest { UserName = "x", Password = "y" })
            .RefusedAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task Token_ExpiredRevokedUnknownOrNone_SaysWhichAndWhatToRun()
    {
        await using var palio = await PalioInstance.StartAsync();
        var ada = await palio.PersonAsync("ada");
        var brief = await ada.PostAsync<CreatedToken>("/api/v1/tokens", new CreateTokenRequest { Name = "brief", Days = 1 });
        var revoked = await ada.PostAsync<CreatedToken>("/api/v1/tokens", new CreateTokenRequest { Name = "revoked" });
        Assert.Equal(HttpStatusCode.NoContent, (await ada.SendAsync(HttpMethod.Delete, $"/api/v1/tokens/{revoked.Token.Id}")).StatusCode);
        palio.Time.Advance(TimeSpan.FromDays(1));

        await palio.Anonymous.SendAsync(HttpMethod.Get, "/api/v1/me").RefusedAsync(HttpStatusCode.Unauthorized, "auth_required");
        await palio.With("palio_unknown").SendAsync(HttpMethod.Get, "/api/v1/me").RefusedAsync(HttpStatusCode.Unauthorized, "auth_required");
        await palio.With(brief.Secret).SendAsync(HttpMethod.Get, "/api/v1/me").RefusedAsync(HttpStatusCode.Unauthorized, "token_expired");
        await palio.With(revoked.Secret).SendAsync(HttpMethod.Get, "/api/v1/me").RefusedAsync(HttpStatusCode.Unauthorized, "token_revoked");
    }

    [Fact]
    public async Task Token_OfNarrowScope_DoesNotReachFurther()
    {
        await using var palio = await PalioInstance.StartAsync();
        var ada = await palio.PersonAsync("ada");
        var read = palio.With((await ada.PostAsync<CreatedToken>("/api/v1/tokens", new CreateTokenRequest { Name = "r", Scope = TokenScope.Read })).Secret);
        var submit = palio.With((await ada.PostAsync<CreatedToken>("/api/v1/tokens", new CreateTokenRequest { Name = "s", Scope = TokenScope.Submit })).Secret);
        await read.SendAsync(HttpMethod.Post, "/api/v1/teams", new CreateTeamRequest { Name = "T" }).RefusedAsync(HttpStatusCode.Forbidden, "scope");
        await submit.SendAsync(HttpMethod.Post, "/api/v1/teams", new CreateTeamRequest { Name = "T", Kind = TeamKind.Host }).RefusedAsync(HttpStatusCode.Forbidden, "scope");
        await submit.SendAsync(HttpMethod.Post, "/api/v1/tokens", new CreateTokenRequest { Name = "h", Scope = TokenScope.Host }).RefusedAsync(HttpStatusCode.Forbidden, "scope");
        await ada.SendAsync(HttpMethod.Post, "/api/v1/tokens", new CreateTokenRequest { Name = "a", Scope = TokenScope.Admin }).RefusedAsync(HttpStatusCode.Forbidden, "scope");
        await ada.SendAsync(HttpMethod.Get, "/api/v1/workers").RefusedAsync(HttpStatusCode.Forbidden, "scope");
    }

    [Fact]
    public async Task Token_InTheDatabase_IsAHashOnly()
    {
        await using var palio = await PalioInstance.StartAsync();
        await palio.PersonAsync("ada");
        var token = await palio.SignInAsync("ada", "ada likes long passwords");
        var file = await File.ReadAllBytesAsync(Path.Combine(palio.Folder, "palio.db"), TestContext.Current.CancellationToken);
        Assert.StartsWith("palio_", token.Secret, StringComparison.Ordinal);
        Assert.Equal(-1, file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(token.Secret[6..])));
    }

    [Fact]
    public async Task Token_OfAnotherPerson_CannotBeRevoked()
    {
        await using var palio = await PalioInstance.StartAsync();
        var ada = await palio.PersonAsync("ada");
        var eve = await palio.PersonAsync("eve");
        var tokens = await ada.GetAsync<List<TokenSummary>>("/api/v1/tokens");
        await eve.SendAsync(HttpMethod.Delete, $"/api/v1/tokens/{tokens[0].Id}").RefusedAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task FirstStart_MakesOneAdministrator_WithARandomPassword()
    {
        await using var palio = await PalioInstance.StartAsync();
        Assert.Equal(20, palio.Administrator.Password.Length);
        var me = await (await palio.AdministratorAsync()).GetAsync<Me>("/api/v1/me");
        Assert.True(me.IsAdministrator);
        Assert.Contains(TokenScope.Admin, me.TokenScopes);
        Assert.Null(await Hosting.ServerStarts.PrepareAgainAsync(palio));
    }
}
