using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Pages;

public sealed class ChallengePageTests(PlayedPages pages) : IClassFixture<PlayedPages>
{
    [Theory]
    [InlineData("/", "Challenges")]
    [InlineData("/challenges/pole", "Overview · Pole")]
    [InlineData("/challenges/pole/evaluation", "Evaluation · Pole")]
    [InlineData("/challenges/pole/phases", "Phases · Pole")]
    [InlineData("/challenges/pole/participate", "Participate · Pole")]
    [InlineData("/challenges/pole/leaderboard", "Leaderboard · Pole")]
    [InlineData("/challenges/pole/leaderboard/dev/Hidden", "Leaderboard · Pole")]
    public async Task PublicPage_ForAnybody_IsSoundAndTitled(string address, string title)
    {
        var stranger = await pages.Stranger().OpenAsync(address);
        var host = await (await pages.HostAsync()).OpenAsync(address);

        foreach (var browser in new[] { stranger, host })
        {
            Assert.Equal(HttpStatusCode.OK, browser.Status);
            Assert.StartsWith(title, browser.Page.Title, StringComparison.Ordinal);
            Assert.EndsWith("Palio", browser.Page.Title, StringComparison.Ordinal);
            PageAssert.IsSound(browser.Page);
        }
    }

    [Theory]
    [InlineData("/submissions", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("/challenges/pole/submit", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("/challenges/pole/submissions", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("/challenges/pole/submissions?all=true", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("/challenges/pole/manage", HttpStatusCode.NotFound, HttpStatusCode.OK)]
    [InlineData("/teams", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("/challenges/pole/leaderboard/nothing", HttpStatusCode.NotFound, HttpStatusCode.NotFound)]
    [InlineData("/challenges/nothing", HttpStatusCode.NotFound, HttpStatusCode.NotFound)]
    public async Task MembersPage_OpensToThoseItIsFor(string address, HttpStatusCode participant, HttpStatusCode host)
    {
        var asParticipant = await (await pages.ParticipantAsync()).OpenAsync(address);
        var asHost = await (await pages.HostAsync()).OpenAsync(address);

        Assert.Equal(participant, asParticipant.Status);
        Assert.Equal(host, asHost.Status);
        PageAssert.IsSound(asParticipant.Page);
        PageAssert.IsSound(asHost.Page);
    }

    [Theory]
    [InlineData("/submissions")]
    [InlineData("/submissions/1")]
    [InlineData("/challenges/pole/submit")]
    [InlineData("/challenges/pole/submissions")]
    [InlineData("/challenges/pole/manage")]
    [InlineData("/admin")]
    public async Task MembersPage_ForAStranger_LeadsToSignInAndBack(string address)
    {
        var browser = await pages.Stranger().OpenAsync(address);

        Assert.Equal("/account/sign-in", browser.Address.AbsolutePath);
        Assert.Contains(Uri.EscapeDataString(address), browser.Address.Query, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AllSubmissions_AskedForByAParticipant_ShowsOnlyTheirOwn()
    {
        var other = await pages.NewcomerAsync("otto");

        await other.OpenAsync("/challenges/pole/submissions?all=true");

        Assert.Contains("has not submitted yet", other.Text, StringComparison.Ordinal);
        Assert.Null(other.Page.QuerySelector("table"));
    }

    [Fact]
    public async Task Submission_OfAnotherTeam_IsNotThere()
    {
        var other = await pages.NewcomerAsync("olga");

        await other.OpenAsync($"/submissions/{pages.Finished}");

        Assert.Equal(HttpStatusCode.NotFound, other.Status);
        PageAssert.IsSound(other.Page);
        Assert.DoesNotContain("Players", other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Description_WithScript_IsShownWithout()
    {
        var browser = await pages.Stranger().OpenAsync("/challenges/pole");

        Assert.Contains("Balance", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", browser.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Board_WithHostileMethod_ShowsItAsText()
    {
        var browser = await pages.Stranger().OpenAsync("/challenges/pole/leaderboard");

        Assert.Contains(PlayedPages.HostileMethod, browser.Page.QuerySelector("table.board")?.TextContent, StringComparison.Ordinal);
        Assert.Empty(browser.Page.QuerySelectorAll("table.board img"));
        Assert.Contains("3.00", browser.Page.QuerySelector("td.main")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Team_WithHostileName_IsTextOnEveryPage()
    {
        const string hostile = "\"><script>alert(2)</script>";
        var person = await pages.Played.Palio.PersonAsync("mallory");
        var team = await person.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = hostile });
        await person.PostAsync<Participation>("/api/v1/challenges/pole/participation", new ParticipateRequest { TeamId = team.Id, AcceptTerms = true });
        var host = await (await pages.HostAsync()).OpenAsync("/challenges/pole/manage");

        Assert.Contains(hostile, host.Text, StringComparison.Ordinal);
        PageAssert.IsSound(host.Page);
    }

    [Fact]
    public async Task Page_OfAnyKind_SendsAStrictContentSecurityPolicy()
    {
        using var response = await pages.Stranger().Client.GetAsync("/challenges/pole", TestContext.Current.CancellationToken);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }
}
