using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Accounts;

public sealed class GivePasswordTests
{
    [Fact]
    public async Task Administrator_GivesANewPassword_AndOpensTheAccount()
    {
        await using var palio = await PalioInstance.StartAsync();
        var pia = await palio.PersonAsync("pia");
        using var disabled = await pia.SendAsync(HttpMethod.Post, "/api/accounts/user/disable");
        Assert.Equal(HttpStatusCode.OK, disabled.StatusCode);
        await palio.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/tokens/sign-in", new SignInRequest { UserName = "pia", Password = "pia likes long passwords" })
            .RefusedAsync(HttpStatusCode.Unauthorized, "sign_in_refused");

        var staff = await palio.AdministratorAsync();
        var given = await staff.PostAsync<GivenPassword>("/api/v1/accounts/PIA/password");

        Assert.Equal("pia", given.UserName);
        Assert.True(given.Password.Length >= 20);
        Assert.StartsWith("palio_", (await palio.SignInAsync("pia", given.Password)).Secret, StringComparison.Ordinal);
        Assert.True(await palio.InDatabaseAsync(db => Task.FromResult(db.Users.Single(user => user.UserName == "pia").MustChangePassword)));
        await palio.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/tokens/sign-in", new SignInRequest { UserName = "pia", Password = "pia likes long passwords" })
            .RefusedAsync(HttpStatusCode.Unauthorized, "sign_in_refused");
    }
}
