using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Pages;

public sealed class BoardPageTests(PlayedPages pages) : IClassFixture<PlayedPages>
{
    private const string Board = "/challenges/pole/leaderboard";

    [Fact]
    public async Task PrivateEntries_AreShownToHostsWhoPressTheButton()
    {
        await HideAsync();
        var host = await (await pages.HostAsync()).OpenAsync(Board);
        PageAssert.IsSound(host.Page);
        Assert.Null(host.Page.QuerySelector("table.board"));

        await host.OpenAsync(host.Page.QuerySelector("a[href*=private]")?.GetAttribute("href") ?? "");

        PageAssert.IsSound(host.Page);
        Assert.Contains("private", Assert.Single(host.Page.QuerySelectorAll("table.board tbody tr")).TextContent, StringComparison.Ordinal);
        Assert.Contains("Hide private entries", host.Text, StringComparison.Ordinal);
        var csv = await (await pages.HostAsync()).OpenAsync($"{Board}/dev/Hidden/csv?private=true");
        Assert.Equal(2, csv.Html.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task PrivateEntries_AskedForByOthers_StayHidden()
    {
        await HideAsync();
        foreach (var browser in new[] { pages.Stranger(), await pages.ParticipantAsync() })
        {
            await browser.OpenAsync($"{Board}?private=true");
            Assert.Equal(HttpStatusCode.OK, browser.Status);
            Assert.Null(browser.Page.QuerySelector("table.board"));
            Assert.DoesNotContain("private entries", browser.Text, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.OpenAsync($"{Board}/dev/Hidden/csv?private=true")).Status);
        }
    }

    private Task<SubmissionDetail> HideAsync() => pages.Played.Participant.SendAsync<SubmissionDetail>(
        HttpMethod.Patch, $"/api/v1/submissions/{pages.Finished}", new UpdateSubmissionRequest { Public = false });
}
