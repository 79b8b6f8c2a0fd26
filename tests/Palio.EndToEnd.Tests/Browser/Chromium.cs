using Microsoft.Playwright;

namespace Palio.EndToEnd.Tests.Browser;

/// <summary>The machine's Chromium without a screen, one for a class of tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var program = Places.FirstOrDefault(File.Exists);
        Assert.True(program is not null, "No Chromium is there: run ./palio test, which installs it.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    /// <summary>A window with cookies of its own.</summary>
    internal async Task<Window> OpenAsync(Uri server, bool scripts = true, int width = 1280, bool dark = false)
    {
        var context = await _browser!.NewContextAsync(new() // InitializeAsync came before
        {
            BaseURL = server.AbsoluteUri,
            JavaScriptEnabled = scripts,
            ViewportSize = new() { Width = width, Height = 800 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(20_000);
        return new Window(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
