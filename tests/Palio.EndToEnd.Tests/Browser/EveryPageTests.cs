using System.Diagnostics;
using Palio.EndToEnd.Tests.Kit;
using static Microsoft.Playwright.Assertions;

namespace Palio.EndToEnd.Tests.Browser;

/// <summary>Every main page in a wide light window, a narrow dark one, and one without scripts.</summary>
[Collection(CartPoleCollection.Name), Trait("needs", "browser")]
public sealed class EveryPageTests(CartPole cartPole, Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string[] Public =
    [
        "/", "/challenges/cartpole", "/challenges/cartpole/evaluation", "/challenges/cartpole/phases", "/challenges/cartpole/participate",
        "/challenges/cartpole/leaderboard", "/docs", "/account/sign-in", "/account/register",
    ];

    private static readonly string[] Members =
    [
        "/challenges/cartpole/submit", "/challenges/cartpole/submissions", "/challenges/cartpole/submissions?all=true", "/challenges/cartpole/manage",
        "/submissions", "/teams", "/account/tokens", "/account/password", "/admin",
    ];

    [Theory]
    [InlineData(1280, false)]
    [InlineData(360, true)]
    public async Task Page_OfAnyWidthAndTheme_FitsAndIsQuiet(int width, bool dark)
    {
        using var person = await cartPole.JoinAsync($"wim{width}");
        using var administrator = await Person.AdministratorAsync(cartPole.Server);
        var submission = (await person.PalioAsync("push", Engine.RandomAgentImage, "--phase", "cartpole/dev", "--wait", "--json")).MustEnd(0).Json["summary"]!["id"];
        await using var window = await chromium.OpenAsync(cartPole.Server.Url, width: width, dark: dark);
        var tooWide = new List<string>();

        await LookAsync(window, Public, tooWide);
        await window.SignInAsync(person);
        await LookAsync(window, [$"/submissions/{submission}", "/challenges/cartpole/submit", "/challenges/cartpole/submissions", "/submissions", "/teams"], tooWide);
        await using var theirs = await chromium.OpenAsync(cartPole.Server.Url, width: width, dark: dark);
        await theirs.SignInAsync(administrator);
        await LookAsync(theirs, Members, tooWide);

        Assert.Empty(tooWide);
        window.MustBeQuiet();
        theirs.MustBeQuiet();
    }

    [Fact]
    public async Task Palio_WithoutScripts_TakesShowsAndCancels()
    {
        using var person = await cartPole.JoinAsync("willa");
        var pushed = (await person.PalioAsync("push", Engine.AgentImage, "--phase", "cartpole/dev", "--wait", "--json")).MustEnd(0).Json["summary"]!;
        await using var window = await chromium.OpenAsync(cartPole.Server.Url, scripts: false);
        var page = window.Page;
        await window.SignInAsync(person);

        await window.GoAsync($"/submissions/{pushed["id"]}");
        await Expect(page.Locator("[data-region=episodes] tbody tr")).ToHaveCountAsync(10);
        await window.PressAsync("Make private");
        await Expect(page.GetByText("Make public")).ToBeVisibleAsync();
        await window.GoAsync("/challenges/cartpole/leaderboard/dev");
        await Expect(page.Locator("tr.mine")).ToHaveCountAsync(0);

        await window.GoAsync("/challenges/cartpole/submit?phase=test");
        await page.Locator("#digest").FillAsync($"{pushed["digest"]}");
        await window.PressAsync("Submit");
        await page.WaitForURLAsync("**/submissions/*");
        await page.Locator("summary", new() { HasText = "Cancel" }).ClickAsync();
        await window.PressAsync("Stop the evaluation");
        var begun = Stopwatch.GetTimestamp();
        while (await page.Locator(".page-head").GetByText("Stopped (you)").CountAsync() == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1), "The submission was not stopped.");
            await page.ReloadAsync();
        }
    }

    private static async Task LookAsync(Window window, IEnumerable<string> addresses, List<string> tooWide)
    {
        foreach (var address in addresses)
        {
            var answer = await window.Page.GotoAsync(address);
            Assert.True(answer is { Ok: true }, $"{address}: {answer?.Status}");
            if (await window.OverflowAsync() is > 0 and var pixels)
            {
                tooWide.Add($"{address}: {pixels} pixels");
            }
        }
    }
}
