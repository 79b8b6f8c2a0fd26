using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Palio.EndToEnd.Tests.Kit;
using static Microsoft.Playwright.Assertions;

namespace Palio.EndToEnd.Tests.Browser;

/// <summary>From nothing to the board by clicking, with the commands the pages show.</summary>
[Collection(CartPoleCollection.Name), Trait("needs", "browser")]
public sealed partial class DemoPathTests(CartPole cartPole, Chromium chromium) : IClassFixture<Chromium>
{
    private const string Password = "nine wedges of brick";

    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 60_000 };

    [Fact]
    public async Task Newcomer_ClickingThrough_EndsOnTheBoard()
    {
        await using var window = await chromium.OpenAsync(cartPole.Server.Url);
        var page = window.Page;
        await RegisterAndJoinAsync(window, "walter", "Wheels & <b>Poles</b>");
        var commands = await page.Locator("pre[aria-label='docker build, tag and push']").InnerTextAsync();
        var repository = Repository().Match(commands).Groups[1].Value;
        Assert.Contains($"docker push {repository}:v1", commands, StringComparison.Ordinal);
        using var walter = new Person(cartPole.Server, "walter", Password);
        var digest = await PushAsync(window, walter, repository);

        await window.GoAsync("/challenges/cartpole/submit?phase=dev");
        await page.Locator("#digest").FillAsync($"{repository}@{digest}");
        await page.Locator("#method").FillAsync("<i>Four weights</i>");
        await window.PressAsync("Submit");
        await page.WaitForURLAsync("**/submissions/*");
        await page.EvaluateAsync("() => { window.sameDocument = true; }");

        await Expect(page.Locator(".page-head").GetByText("Done", new() { Exact = true })).ToBeVisibleAsync(Patient);
        await Expect(page.Locator("[data-region=episodes] tbody tr")).ToHaveCountAsync(10);
        await Expect(page.Locator(".score-big")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"), "The page was loaded again.");
        await window.GoAsync("/challenges/cartpole/leaderboard/dev");
        var row = page.Locator("tr.mine");
        await Expect(row.Locator(".team")).ToContainTextAsync("Wheels & <b>Poles</b>");
        await Expect(row.Locator(".team")).ToContainTextAsync("<i>Four weights</i>");
        await row.GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("<i>Four weights</i>");
        window.MustBeQuiet();
    }

    [Fact]
    public async Task RunningSubmission_WatchedThenCancelled_StopsOnThePage()
    {
        using var wanda = await cartPole.JoinAsync("wanda");
        var submitted = (await wanda.PalioAsync("push", Engine.AgentImage, "--phase", "cartpole/test", "--json")).MustEnd(0).Json;
        await using var window = await chromium.OpenAsync(cartPole.Server.Url);
        await window.SignInAsync(wanda);

        await window.GoAsync($"/submissions/{submitted["id"]}");
        var page = window.Page;
        await Expect(page.Locator("[data-live-word]")).ToHaveTextAsync(Running(), new() { Timeout = 60_000 });
        await page.Locator("summary", new() { HasText = "Cancel" }).ClickAsync();
        await window.PressAsync("Stop the evaluation");

        await Expect(page.Locator(".page-head").GetByText("Stopped (you)")).ToBeVisibleAsync(Patient);
        await Expect(page.Locator("[data-live]")).ToHaveCountAsync(0);
        window.MustBeQuiet();
    }

    private static async Task RegisterAndJoinAsync(Window window, string name, string team)
    {
        var page = window.Page;
        await window.GoAsync("/");
        await window.FollowAsync("CartPole");
        await window.FollowAsync("Participate", ".tabs");
        await window.FollowAsync("Register", "main");
        await page.Locator("#user").FillAsync(name);
        await page.Locator("#email").FillAsync($"{name}@palio.invalid");
        await page.Locator("#password").FillAsync(Password);
        await window.PressAsync("Make the account");
        await page.WaitForURLAsync("**/challenges/cartpole/participate");
        await page.GetByLabel("A new team, named below").CheckAsync();
        await page.Locator("#name").FillAsync(team);
        await window.PressAsync("Take part");
        await Expect(page.GetByText("The terms must be accepted")).ToBeVisibleAsync();
        await page.Locator("#accept").CheckAsync();
        await window.PressAsync("Take part");
        await page.WaitForURLAsync("**/challenges/cartpole/submit");
    }

    // What the submit page says to type, with a token from the tokens page.
    private static async Task<string> PushAsync(Window window, Person person, string repository)
    {
        await window.GoAsync("/account/tokens");
        await window.Page.Locator("#name").FillAsync("laptop");
        await window.PressAsync("Make the token");
        var token = (await window.Page.Locator("pre[aria-label='The new token']").InnerTextAsync()).Trim();
        (await person.DockerAsync(["login", "--username", person.Name, "--password-stdin", repository.Split('/')[0]], token)).MustEnd(0);
        (await person.DockerAsync(["tag", Engine.AgentImage, $"{repository}:v1"])).MustEnd(0);
        return Digest().Match((await person.DockerAsync(["push", $"{repository}:v1"])).MustEnd(0).Output).Value;
    }

    [GeneratedRegex("docker tag [^ ]+ ([^ ]+):v1")]
    private static partial Regex Repository();

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    [GeneratedRegex(@"^Running \d+/100$")]
    private static partial Regex Running();
}
