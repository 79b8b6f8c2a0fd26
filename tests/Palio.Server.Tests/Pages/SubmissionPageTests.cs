using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.TestHost;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Pages;

public sealed class SubmissionPageTests(PlayedPages pages) : IClassFixture<PlayedPages>
{
    [Fact]
    public async Task Finished_ForItsTeam_ShowsScoreEpisodesAndNothingToFollow()
    {
        var browser = await (await pages.ParticipantAsync()).OpenAsync($"/submissions/{pages.Finished}");

        Assert.Equal(HttpStatusCode.OK, browser.Status);
        PageAssert.IsSound(browser.Page);
        Assert.Equal("3", browser.Page.QuerySelector(".score-big")?.TextContent);
        Assert.Equal(3, browser.Page.QuerySelectorAll("section[data-region=episodes] tbody tr").Length);
        Assert.Null(browser.Page.QuerySelector("[data-live]"));
        Assert.Null(browser.Page.QuerySelector("input[name=_handler][value=cancel]"));
        Assert.Null(browser.Page.QuerySelector("input[name=_handler][value=flag]"));
        Assert.Contains(PlayedPages.HostileMethod, browser.Page.QuerySelector("h1")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_ForItsTeam_SaysWhoseFaultWhatItCostAndWhatToDo()
    {
        var id = await pages.QueuedAsync("crashing");
        var job = await pages.Played.LeaseAsync();
        var fault = Fault.Of(FaultCode.AgentCrashed, "The agent ended <b>early</b>.") with { ExitCode = 1, AgentLogTail = "Traceback <script>alert(3)</script>" };
        await pages.Played.ReportAsync(job, new FailedReport(fault));

        var browser = await (await pages.ParticipantAsync()).OpenAsync($"/submissions/{id}");

        PageAssert.IsSound(browser.Page);
        Assert.Contains("Stopped (agent)", browser.Page.QuerySelector(".page-head")?.TextContent, StringComparison.Ordinal);
        var notice = browser.Page.QuerySelector(".notice[role=alert]")?.TextContent ?? "";
        Assert.Contains("The agent ended <b>early</b>.", notice, StringComparison.Ordinal);
        Assert.Contains("It counts as one submission.", notice, StringComparison.Ordinal);
        Assert.Contains("exit code 1", notice, StringComparison.Ordinal);
        Assert.Contains("Traceback <script>", notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitForm_Filled_QueuesWithItsAnswers()
    {
        var digest = pages.Played.Palio.Images.Add("pole/players", "by form");
        var browser = await (await pages.ParticipantAsync()).OpenAsync("/challenges/pole/submit?phase=dev");
        PageAssert.IsSound(browser.Page);

        await browser.SubmitAsync("submit", new()
        {
            ["Form.Digest"] = $"localhost/pole/players@{digest}", ["Form.MethodName"] = "Form's own", ["Form.Shown"] = "Private",
            ["meta-0"] = "false", ["meta-1"] = "search", ["meta-3"] = "one core",
        });

        Assert.StartsWith("/submissions/", browser.Address.AbsolutePath, StringComparison.Ordinal);
        PageAssert.IsSound(browser.Page);
        var detail = await pages.DetailAsync(int.Parse(browser.Address.Segments[^1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("Form's own", detail.Summary.MethodName);
        Assert.False(detail.Summary.Public);
        Assert.Equal(
            new Dictionary<string, string> { ["Pretrained?"] = "false", ["Method"] = "search", ["\"><b>Hardware"] = "one core" }, detail.Metadata);
        Assert.Contains("one core", browser.Text, StringComparison.Ordinal);
        Assert.Equal("/api/v1" + browser.Address.AbsolutePath + "/events", browser.Page.QuerySelector("[data-live]")?.GetAttribute("data-live"));
        await browser.SubmitAsync("cancel");
    }

    [Fact]
    public async Task SubmitForm_WithMethodAndAddresses_IsShownWithThem()
    {
        var digest = pages.Played.Palio.Images.Add("pole/players", "described");
        var browser = await (await pages.ParticipantAsync()).OpenAsync("/challenges/pole/submit?phase=dev");

        await browser.SubmitAsync("submit", new()
        {
            ["Form.Digest"] = digest, ["Form.MethodDescription"] = "Two layers <b>deep</b>.", ["Form.ProjectUrl"] = "https://example.org/agent",
            ["Form.PublicationUrl"] = "javascript:alert(4)", ["meta-0"] = "false",
        });

        PageAssert.IsSound(browser.Page);
        var about = browser.Page.QuerySelector("section[aria-labelledby=about]");
        Assert.Contains("Two layers <b>deep</b>.", about?.TextContent, StringComparison.Ordinal);
        Assert.Contains("javascript:alert(4)", about?.TextContent, StringComparison.Ordinal);
        var link = Assert.Single(about!.QuerySelectorAll("a"));
        Assert.Equal(("https://example.org/agent", "nofollow noopener ugc"), (link.GetAttribute("href"), link.GetAttribute("rel")));
        var detail = await pages.DetailAsync(int.Parse(browser.Address.Segments[^1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(("https://example.org/agent", "javascript:alert(4)"), (detail.ProjectUrl, detail.PublicationUrl));
        await browser.SubmitAsync("cancel");
    }

    [Fact]
    public async Task SubmitForm_FieldsThePhaseDoesNotAskFor_AreNotThere()
    {
        const string hidden = "    default_submission_meta_attributes:\n      - {name: method_description, is_visible: false}\n      - {name: project_url, is_visible: true}\n";
        await using var played = await PlayedChallenge.StartAsync(
            TestBundle.Config.Replace("    environment_image:", hidden + "    environment_image:", StringComparison.Ordinal));
        using var browser = new PageBrowser(played.Palio.App.GetTestServer());
        await browser.SignInAsync("pia", "pia likes long passwords");

        await browser.OpenAsync("/challenges/pole/submit");

        PageAssert.IsSound(browser.Page);
        Assert.Null(browser.Page.GetElementById("about"));
        Assert.NotNull(browser.Page.GetElementById("project"));
        Assert.NotNull(browser.Page.GetElementById("publication"));
        Assert.Equal(["method_description"], (await played.Participant.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Phases[0].HiddenFields);
    }

    [Fact]
    public async Task VisibilityButton_WhereThePhaseDecides_IsTheHostsAlone()
    {
        await using var played = await PlayedChallenge.StartAsync(
            TestBundle.Config.Replace("leaderboard_public: true", "leaderboard_public: false", StringComparison.Ordinal));
        var made = await played.SubmitAsync("agent");
        foreach (var (name, buttons) in new[] { ("pia", 0), ("hanna", 1) })
        {
            using var browser = new PageBrowser(played.Palio.App.GetTestServer());
            await browser.SignInAsync(name, $"{name} likes long passwords");
            await browser.OpenAsync($"/submissions/{made.Id}");
            Assert.Equal(buttons, browser.Page.QuerySelectorAll("input[name=_handler][value=show]").Length);
        }
    }

    [Fact]
    public async Task SubmitForm_Questions_HaveTheirTypes()
    {
        var page = (await (await pages.ParticipantAsync()).OpenAsync("/challenges/pole/submit")).Page;

        Assert.True(Assert.IsAssignableFrom<IHtmlSelectElement>(page.GetElementById("meta-0")).IsRequired);
        Assert.Equal("Whether it saw other data.", page.GetElementById("meta-0-hint")?.TextContent);
        Assert.Equal(["search", "learning"], page.QuerySelectorAll("input[type=radio][name=meta-1]").Select(input => input.GetAttribute("value")));
        Assert.Equal(["torch", "jax"], page.QuerySelectorAll("input[type=checkbox][name=meta-2]").Select(input => input.GetAttribute("value")));
        Assert.Contains("\"><b>Hardware", page.QuerySelector("label[for=meta-3]")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitForm_WithoutARequiredAnswer_ComesBackWithTheOthers()
    {
        var digest = pages.Played.Palio.Images.Add("pole/players", "unanswered");
        var browser = await (await pages.ParticipantAsync()).OpenAsync("/challenges/pole/submit");

        await browser.SubmitAsync("submit", new() { ["Form.Digest"] = digest, ["meta-1"] = "learning" });

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        PageAssert.IsSound(browser.Page);
        Assert.Contains("'Pretrained?' must be answered", browser.Page.QuerySelector("[role=alert]")?.TextContent, StringComparison.Ordinal);
        Assert.True((browser.Page.QuerySelector("input[name=meta-1][value=learning]") as IHtmlInputElement)?.IsChecked);
    }

    [Fact]
    public async Task SubmitForm_WithAnImageThatIsNotThere_SaysSo()
    {
        var browser = await (await pages.ParticipantAsync()).OpenAsync("/challenges/pole/submit");

        await browser.SubmitAsync("submit", new() { ["Form.Digest"] = "sha256:" + new string('0', 64), ["meta-0"] = "true" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, browser.Status);
        Assert.NotNull(browser.Page.QuerySelector("[role=alert] .remedy"));
    }

    [Fact]
    public async Task SubmitForm_WithoutItsToken_IsRefused()
    {
        var browser = await pages.ParticipantAsync();
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "submit", ["Form.Digest"] = "sha256:" });

        using var response = await browser.Client.PostAsync("/challenges/pole/submit", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Cancel_Pressed_StopsTheSubmission()
    {
        var id = await pages.QueuedAsync("to be cancelled");
        var browser = await (await pages.ParticipantAsync()).OpenAsync($"/submissions/{id}");

        await browser.SubmitAsync("cancel");

        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.Equal($"/submissions/{id}", browser.Address.AbsolutePath);
        PageAssert.IsSound(browser.Page);
        Assert.Contains("Stopped (you)", browser.Text, StringComparison.Ordinal);
        Assert.Equal(EvaluationState.Cancelled, (await pages.DetailAsync(id)).Evaluations[0].State);
    }

    [Fact]
    public async Task Visibility_Pressed_GoesThereAndBack()
    {
        var id = await pages.FinishedAsync("shown and hidden");
        var browser = await (await pages.ParticipantAsync()).OpenAsync($"/submissions/{id}");

        await browser.SubmitAsync("show");
        Assert.False((await pages.DetailAsync(id)).Summary.Public);
        Assert.Contains("Make public", browser.Text, StringComparison.Ordinal);

        await browser.SubmitAsync("show");
        Assert.True((await pages.DetailAsync(id)).Summary.Public);
    }

    [Fact]
    public async Task HostsButtons_Pressed_DoWhatTheySay()
    {
        var id = await pages.FinishedAsync("judged by the host");
        var browser = await (await pages.HostAsync()).OpenAsync($"/submissions/{id}");
        PageAssert.IsSound(browser.Page);

        await browser.SubmitAsync("baseline");
        Assert.True((await pages.DetailAsync(id)).Summary.Baseline);
        await browser.SubmitAsync("baseline");
        Assert.False((await pages.DetailAsync(id)).Summary.Baseline);

        await browser.SubmitAsync("flag");
        Assert.True((await pages.DetailAsync(id)).Summary.Flagged);
        Assert.Contains("taken off the board", browser.Text, StringComparison.Ordinal);
        await browser.SubmitAsync("flag");
        Assert.False((await pages.DetailAsync(id)).Summary.Flagged);

        await browser.SubmitAsync("rerun");
        Assert.Equal(2, (await pages.DetailAsync(id)).Evaluations.Count);
        Assert.Contains("Earlier evaluations", browser.Text, StringComparison.Ordinal);
        PageAssert.IsSound(browser.Page);
        await pages.Played.PlayAsync(await pages.Played.LeaseAsync(), 3);
    }

    [Fact]
    public async Task HostsButtons_ForgedByAParticipant_ChangeNothing()
    {
        var browser = await (await pages.ParticipantAsync()).OpenAsync($"/submissions/{pages.Finished}");
        var token = browser.Page.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value") ?? "";
        foreach (var handler in new[] { "rerun", "baseline", "flag" })
        {
            using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = handler, ["__RequestVerificationToken"] = token });
            using var response = await browser.Client.PostAsync(browser.Address, content, TestContext.Current.CancellationToken);
            Assert.False(response.IsSuccessStatusCode, $"{handler}: {response.StatusCode}");
        }

        var detail = await pages.DetailAsync(pages.Finished);
        Assert.Single(detail.Evaluations);
        Assert.False(detail.Summary.Baseline || detail.Summary.Flagged);
    }
}
