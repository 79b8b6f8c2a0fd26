using System.Net;
using AngleSharp.Html.Dom;
using Palio.Protocol.Evaluations;

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
