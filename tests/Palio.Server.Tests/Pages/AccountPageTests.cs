using System.Net;

namespace Palio.Server.Tests.Pages;

public sealed class AccountPageTests(PageApp app) : IClassFixture<PageApp>
{
    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/account/register")]
    [InlineData("/account/sign-out")]
    [InlineData("/docs")]
    public async Task Page_ForAnybody_IsSound(string address)
    {
        var browser = await app.Browser().OpenAsync(address);

        Assert.Equal(HttpStatusCode.OK, browser.Status);
        PageAssert.IsSound(browser.Page);
    }

    [Theory]
    [InlineData("/account/tokens")]
    [InlineData("/account/password")]
    [InlineData("/teams")]
    public async Task Page_ForMembers_IsSoundForThemAndLeadsOthersToSignIn(string address)
    {
        var stranger = await app.Browser().OpenAsync(address);
        var member = await (await app.NewcomerAsync("m" + Guid.NewGuid().ToString("n")[..8])).OpenAsync(address);

        Assert.Equal("/account/sign-in", stranger.Address.AbsolutePath);
        Assert.Contains("returnUrl=", stranger.Address.Query, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, member.Status);
        PageAssert.IsSound(member.Page);
    }

    [Fact]
    public async Task Address_OfNothing_IsANotFoundPage()
    {
        var browser = await app.Browser().OpenAsync("/no/such/page");

        Assert.Equal(HttpStatusCode.NotFound, browser.Status);
        PageAssert.IsSound(browser.Page);
        Assert.Contains("There is nothing here", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_OfNoApi_IsNoPage()
    {
        using var response = await app.Browser().Client.GetAsync("/api/v1/nothing", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task SignIn_WithReturnAddressElsewhere_StaysHere()
    {
        await app.NewcomerAsync("returning");
        var browser = await app.Browser().OpenAsync("/account/sign-in?returnUrl=//evil.example/");

        await browser.SubmitAsync("sign-in", new() { ["Form.UserName"] = "returning", ["Form.Password"] = PageApp.Password });

        Assert.Equal("localhost", browser.Address.Host);
        Assert.Contains("returning", browser.Page.QuerySelector(".account")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_WithWrongPassword_SaysSoAndWhatToDo()
    {
        await app.NewcomerAsync("forgetful");
        var browser = await app.Browser().OpenAsync("/account/sign-in");

        await browser.SubmitAsync("sign-in", new() { ["Form.UserName"] = "forgetful", ["Form.Password"] = "something else" });

        Assert.Equal(HttpStatusCode.Unauthorized, browser.Status);
        Assert.Contains("do not belong together", browser.Page.QuerySelector("[role=alert]")?.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("something else", browser.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_WithShortPassword_ShowsTheMistakeAtItsField()
    {
        var browser = await app.Browser().OpenAsync("/account/register");

        await browser.SubmitAsync("register", new() { ["Form.UserName"] = "short", ["Form.Email"] = "short@example.org", ["Form.Password"] = "short" });

        Assert.Contains("at least 10 characters", browser.Page.QuerySelector(".validation-message")?.TextContent, StringComparison.Ordinal);
        PageAssert.IsSound(browser.Page);
    }

    [Fact]
    public async Task Form_WithoutAntiforgeryToken_IsRefused()
    {
        var browser = await app.NewcomerAsync("forged");
        using var body = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "create", ["Form.Name"] = "forged" });

        using var response = await browser.Client.PostAsync("/account/tokens", body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Token_WhenMade_IsShownOnceAndCanBeRevoked()
    {
        var browser = await (await app.NewcomerAsync("tokens")).OpenAsync("/account/tokens");

        await browser.SubmitAsync("create", new() { ["Form.Name"] = "<b>laptop</b>", ["Form.Scope"] = "Submit", ["Form.Days"] = "7" });
        var secret = browser.Page.QuerySelector(".command code")?.TextContent.Trim();
        PageAssert.IsSound(browser.Page);
        await browser.OpenAsync("/account/tokens");

        Assert.StartsWith("palio_", secret, StringComparison.Ordinal);
        Assert.DoesNotContain(secret ?? "-", browser.Html, StringComparison.Ordinal);
        Assert.Contains("<b>laptop</b>", browser.Text, StringComparison.Ordinal);
        Assert.Null(browser.Page.QuerySelector("main b"));
        var revoke = browser.Page.QuerySelector("input[name=_handler][value^=revoke-]")?.GetAttribute("value") ?? "";
        await browser.SubmitAsync(revoke);
        Assert.Contains("revoked", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Team_InvitationLink_LetsOnePersonIn()
    {
        var captain = await (await app.NewcomerAsync("captain")).OpenAsync("/teams");
        await captain.SubmitAsync("create", new() { ["Form.Name"] = "Nicchio", ["Form.Kind"] = "Participant" });
        await captain.SubmitAsync("invite");
        PageAssert.IsSound(captain.Page);
        var link = new Uri(captain.Page.QuerySelector(".command code")?.TextContent.Trim() ?? "");

        var mate = await (await app.NewcomerAsync("mate")).OpenAsync(link.AbsolutePath);
        PageAssert.IsSound(mate.Page);
        await mate.SubmitAsync("accept");
        var late = await (await app.NewcomerAsync("late")).OpenAsync(link.AbsolutePath);

        Assert.Contains("mate (you)", mate.Text, StringComparison.Ordinal);
        Assert.Contains("not open", late.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstAdministrator_IsAskedForAPasswordOfTheirOwn()
    {
        var browser = await app.AdministratorAsync();

        Assert.Equal("/account/password", browser.Address.AbsolutePath);
        PageAssert.IsSound(browser.Page);
    }
}
