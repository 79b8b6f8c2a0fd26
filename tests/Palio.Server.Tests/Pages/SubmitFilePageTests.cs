using System.Net;
using Microsoft.AspNetCore.TestHost;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Pages;

/// <summary>The form for a file, filled in by a browser without scripts.</summary>
public sealed class SubmitFilePageTests
{
    [Fact]
    public async Task Form_WithAFile_SubmitsItAndShowsItsSubmission()
    {
        await using var challenge = await FileChallenge.StartAsync();
        using var browser = new PageBrowser(challenge.Palio.App.GetTestServer());
        await browser.SignInAsync("pia", "pia likes long passwords");
        await browser.OpenAsync("/challenges/guess/submit");
        PageAssert.IsSound(browser.Page);

        using var sent = await PostAsync(browser, browser.Page.QuerySelector("form[enctype] input[name=__RequestVerificationToken]")?.GetAttribute("value"));

        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        var page = await browser.OpenAsync(sent.Headers.Location!.ToString());
        PageAssert.IsSound(page.Page);
        Assert.Contains("guess.csv", page.Text, StringComparison.Ordinal);
        var made = Assert.Single((await challenge.Participant.GetAsync<Page<SubmissionSummary>>("/api/v1/submissions?challenge=guess")).Items);
        Assert.Equal(("By hand", "guess.csv", 3L), (made.MethodName, made.FileName, made.FileBytes));
    }

    [Fact]
    public async Task Form_WithoutItsToken_IsRefusedAndSubmitsNothing()
    {
        await using var challenge = await FileChallenge.StartAsync();
        using var browser = new PageBrowser(challenge.Palio.App.GetTestServer());
        await browser.SignInAsync("pia", "pia likes long passwords");
        await browser.OpenAsync("/challenges/guess/submit");

        using var sent = await PostAsync(browser, null);

        Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
        Assert.Empty((await challenge.Participant.GetAsync<Page<SubmissionSummary>>("/api/v1/submissions?challenge=guess")).Items);
    }

    private static async Task<HttpResponseMessage> PostAsync(PageBrowser browser, string? token)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("test"), "phase" },
            { new StringContent("By hand"), "methodName" },
            { new StringContent(""), "public" },
            { new ByteArrayContent("1,2"u8.ToArray()), "file", "guess.csv" },
        };
        if (token is not null)
        {
            form.Add(new StringContent(token), "__RequestVerificationToken");
        }

        return await browser.Client.PostAsync("/challenges/guess/submit/file", form, TestContext.Current.CancellationToken);
    }
}
