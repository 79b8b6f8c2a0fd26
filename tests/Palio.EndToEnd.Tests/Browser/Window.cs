using System.Collections.Concurrent;
using Microsoft.Playwright;
using Palio.EndToEnd.Tests.Kit;

namespace Palio.EndToEnd.Tests.Browser;

/// <summary>One person's window, and what its console complained about.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = [];

    public Window(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Enqueue($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _errors.Enqueue($"{page.Url}: {error}");
    }

    public IPage Page { get; }

    public Task GoAsync(string path) => Page.GotoAsync(path);

    public Task FillAsync(string label, string text) => Page.GetByLabel(label, new() { Exact = false }).First.FillAsync(text);

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    public Task FollowAsync(string link, string within = "body") => Page.Locator(within).GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First.ClickAsync();

    public async Task SignInAsync(Person person)
    {
        await GoAsync("/account/sign-in");
        await Page.Locator("#user").FillAsync(person.Name);
        await Page.Locator("#password").FillAsync(person.Password);
        await PressAsync("Sign in");
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
    }

    /// <summary>How many pixels the page is wider than the window.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public ValueTask DisposeAsync() => new(_context.CloseAsync());

    public void MustBeQuiet() => Assert.Empty(_errors);
}
