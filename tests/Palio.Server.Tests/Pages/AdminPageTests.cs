using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.TestHost;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Pages;

public sealed class AdminPageTests
{
    private const string NewPassword = "eleven brooms of straw";

    [Theory]
    [InlineData("true", ChallengeState.Ongoing)]
    [InlineData("false", ChallengeState.Refused)]
    public async Task Review_ThroughTheForm_DecidesAndLeavesTheList(string approve, ChallengeState state)
    {
        await using var palio = await PalioInstance.StartAsync();
        var host = await WaitingAsync(palio);
        using var browser = new PageBrowser(palio.App.GetTestServer());
        await SignInFirstTimeAsync(browser, palio);
        await browser.OpenAsync("/admin");
        PageAssert.IsSound(browser.Page);
        Assert.Contains("Pole", browser.Text, StringComparison.Ordinal);

        await browser.SubmitAsync(ReviewForm(browser.Page), new() { ["approve"] = approve, ["note"] = "Seen." });

        Assert.Equal((HttpStatusCode.OK, "/admin"), (browser.Status, browser.Address.AbsolutePath));
        PageAssert.IsSound(browser.Page);
        Assert.DoesNotContain("Pole", browser.Page.QuerySelector("section[aria-labelledby=waiting]")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(state, (await host.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Summary.State);
    }

    [Fact]
    public async Task FirstSignIn_OfTheAdministrator_AsksForAPasswordOfTheirOwnBeforeAnythingElse()
    {
        await using var palio = await PalioInstance.StartAsync();
        using var browser = new PageBrowser(palio.App.GetTestServer());
        await browser.SignInAsync(palio.Administrator.UserName, palio.Administrator.Password);
        Assert.Equal("/account/password", browser.Address.AbsolutePath);
        PageAssert.IsSound(browser.Page);

        await ChangePasswordAsync(browser, palio);

        Assert.NotEqual("/account/password", browser.Address.AbsolutePath);
        using var again = new PageBrowser(palio.App.GetTestServer());
        await again.SignInAsync(palio.Administrator.UserName, NewPassword);
        Assert.Equal(HttpStatusCode.OK, (await again.OpenAsync("/admin")).Status);
    }

    [Fact]
    public async Task Review_ForgedByAHost_ChangesNothing()
    {
        await using var palio = await PalioInstance.StartAsync();
        var host = await WaitingAsync(palio);
        using var browser = new PageBrowser(palio.App.GetTestServer());
        await browser.SignInAsync("hanna", "hanna likes long passwords");
        await browser.OpenAsync("/account/tokens");
        var token = browser.Page.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value") ?? "";
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "review-1", ["approve"] = "true", ["__RequestVerificationToken"] = token,
        });

        using var response = await browser.Client.PostAsync("/admin", content, TestContext.Current.CancellationToken);

        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal(ChallengeState.Waiting, (await host.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Summary.State);
    }

    [Fact]
    public async Task LostPassword_ThroughTheForm_GivesANewOneThatSignsIn()
    {
        await using var palio = await PalioInstance.StartAsync();
        await palio.PersonAsync("pia");
        using var browser = new PageBrowser(palio.App.GetTestServer());
        await SignInFirstTimeAsync(browser, palio);
        await browser.OpenAsync("/admin");

        await browser.SubmitAsync("give-password", new() { ["user"] = "nobody" });
        PageAssert.IsSound(browser.Page);
        Assert.Null(browser.Page.QuerySelector("pre[aria-label='The new password']"));

        await browser.SubmitAsync("give-password", new() { ["user"] = " PIA " });
        PageAssert.IsSound(browser.Page);
        var password = browser.Page.QuerySelector("pre[aria-label='The new password']")?.TextContent.Trim() ?? "";
        using var pia = new PageBrowser(palio.App.GetTestServer());
        await pia.SignInAsync("pia", password);
        Assert.Equal("/account/password", pia.Address.AbsolutePath);
    }

    private static async Task<HttpClient> WaitingAsync(PalioInstance palio)
    {
        var host = await palio.PersonAsync("hanna");
        await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Hosts", Kind = TeamKind.Host });
        palio.Images.Add("pole/host/environment", "environment", "1");
        using var published = await host.PublishAsync(TestBundle.Zip());
        Assert.Equal(HttpStatusCode.Created, published.StatusCode);
        return host;
    }

    private static async Task SignInFirstTimeAsync(PageBrowser browser, PalioInstance palio)
    {
        await browser.SignInAsync(palio.Administrator.UserName, palio.Administrator.Password);
        await ChangePasswordAsync(browser, palio);
    }

    private static Task<PageBrowser> ChangePasswordAsync(PageBrowser browser, PalioInstance palio) => browser.SubmitAsync("password", new()
    {
        ["Form.Present"] = palio.Administrator.Password, ["Form.Next"] = NewPassword,
    });

    private static string ReviewForm(IHtmlDocument page) =>
        page.QuerySelector("input[name=_handler][value^='review-']")?.GetAttribute("value") ?? throw new InvalidOperationException("There is no form.");
}
