using Microsoft.AspNetCore.TestHost;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Pages;

public sealed class ManagePageTests
{
    [Fact]
    public async Task Participants_ApprovedDisqualifiedAndReinstated_StandSo()
    {
        var pages = new PlayedPages();
        await using var _ = pages;
        await pages.InitializeAsync();
        var host = await (await pages.HostAsync()).OpenAsync("/challenges/pole/manage");
        PageAssert.IsSound(host.Page);
        var id = (await StandingAsync(pages)).Id;

        await host.SubmitAsync($"disqualify-{id}");
        Assert.True((await StandingAsync(pages)).Disqualified);
        Assert.Contains("Disqualified", host.Text, StringComparison.Ordinal);
        var board = await pages.Stranger().OpenAsync("/challenges/pole/leaderboard");
        Assert.Contains("No team is on this board yet", board.Text, StringComparison.Ordinal);

        await host.SubmitAsync($"reinstate-{id}");
        Assert.False((await StandingAsync(pages)).Disqualified);
        PageAssert.IsSound(host.Page);
    }

    [Fact]
    public async Task Phase_PausedAndResumed_ClosesAndOpensTheForm()
    {
        var pages = new PlayedPages();
        await using var _ = pages;
        await pages.InitializeAsync();
        var phase = (await pages.Played.Host.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Phases[0].Id;
        var host = await (await pages.HostAsync()).OpenAsync("/challenges/pole/manage");
        var participant = await pages.ParticipantAsync();

        await host.SubmitAsync($"pause-{phase}");
        Assert.Contains("Paused", host.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing can be submitted just now", (await participant.OpenAsync("/challenges/pole/submit")).Text, StringComparison.Ordinal);

        await host.SubmitAsync($"resume-{phase}");
        Assert.Contains("Open", host.Page.QuerySelector("section[aria-labelledby=phases] .badge")?.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing can be submitted", (await participant.OpenAsync("/challenges/pole/submit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Participant_WhereApprovalIsNeeded_WaitsUntilTheHostApproves()
    {
        await using var played = await PlayedChallenge.StartAsync(
            TestBundle.Config.Replace("published: true", "published: true\nmanual_participant_approval: true", StringComparison.Ordinal));
        using var host = await SignInAsync(played.Palio, "hanna", "hanna likes long passwords");
        using var participant = await SignInAsync(played.Palio, "pia", "pia likes long passwords");
        Assert.Contains("Waiting for the host", (await participant.OpenAsync("/challenges/pole/submit")).Text, StringComparison.Ordinal);
        var part = (await played.Participant.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Participation!;

        await (await host.OpenAsync("/challenges/pole/manage")).SubmitAsync($"approve-{part.Id}");

        Assert.Contains("Approved", host.Text, StringComparison.Ordinal);
        PageAssert.IsSound((await participant.OpenAsync("/challenges/pole/submit")).Page);
        Assert.DoesNotContain("Waiting for the host", participant.Text, StringComparison.Ordinal);
    }

    private static async Task<Participation> StandingAsync(PlayedPages pages) =>
        Assert.Single((await pages.Played.Host.GetAsync<Page<ParticipantRow>>("/api/v1/challenges/pole/participants")).Items).Participation;

    private static Task<PageBrowser> SignInAsync(PalioInstance palio, string name, string password) =>
        new PageBrowser(palio.App.GetTestServer()).SignInAsync(name, password);
}
