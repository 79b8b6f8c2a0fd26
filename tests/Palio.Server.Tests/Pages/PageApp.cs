using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Palio.Server.Hosting;

namespace Palio.Server.Tests.Pages;

/// <summary>A whole server in memory with a data folder of its own, and browsers without a screen.</summary>
public sealed class PageApp : IAsyncLifetime
{
    public const string Password = "nine wedges of brick";

    private readonly List<PageBrowser> _browsers = [];
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "palio-pages-" + Guid.NewGuid().ToString("n"));
    private WebApplication? _app;

    public string AdministratorPassword { get; private set; } = "";

    public WebApplication App => _app ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _app = PalioServer.Create(ServerArguments.Parse(["--data", _folder]), builder => builder.WebHost.UseTestServer());
        var administrator = await ServerProgram.PrepareAsync(_app, TestContext.Current.CancellationToken);
        AdministratorPassword = administrator?.Password ?? throw new InvalidOperationException("No administrator was made.");
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(browser => browser.Dispose());
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A new one, closed with the server.</summary>
    public PageBrowser Browser()
    {
        var browser = new PageBrowser(App.GetTestServer());
        lock (_browsers)
        {
            _browsers.Add(browser);
        }

        return browser;
    }

    /// <summary>A browser signed in with a new account.</summary>
    internal async Task<PageBrowser> NewcomerAsync(string name)
    {
        var browser = Browser();
        await browser.OpenAsync("/account/register");
        await browser.SubmitAsync("register", new()
        {
            ["Form.UserName"] = name, ["Form.Email"] = name + "@example.org", ["Form.Password"] = Password,
        });
        return browser;
    }

    internal async Task<PageBrowser> AdministratorAsync()
    {
        var browser = Browser();
        await browser.OpenAsync("/account/sign-in");
        await browser.SubmitAsync("sign-in", new() { ["Form.UserName"] = "admin", ["Form.Password"] = AdministratorPassword });
        return browser;
    }
}

/// <summary>Keeps cookies, follows redirects, fills in forms: what a browser without scripts does.</summary>
public sealed class PageBrowser(TestServer server) : IDisposable
{
    private readonly HttpClient _client = new(new CookieHandler(server.CreateHandler())) { BaseAddress = new Uri("http://localhost") };

    public HttpStatusCode Status { get; private set; }

    public Uri Address { get; private set; } = new("http://localhost/");

    public string Html { get; private set; } = "";

    public IHtmlDocument Page { get; private set; } = new HtmlParser().ParseDocument("");

    public string Text => Page.Body?.TextContent ?? "";

    public HttpClient Client => _client;

    public void Dispose() => _client.Dispose();

    public async Task<PageBrowser> OpenAsync(string address)
    {
        await FollowAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Address, address)));
        return this;
    }

    internal async Task<PageBrowser> SignInAsync(string name, string password)
    {
        await OpenAsync("/account/sign-in");
        await SubmitAsync("sign-in", new() { ["Form.UserName"] = name, ["Form.Password"] = password });
        Assert.NotEqual("/account/sign-in", Address.AbsolutePath);
        return this;
    }

    /// <summary>Sends the page's form of that name with its hidden fields and these.</summary>
    public async Task<PageBrowser> SubmitAsync(string name, Dictionary<string, string>? fields = null)
    {
        var form = Page.Forms.First(form => form.QuerySelector($"input[name=_handler][value='{name}']") is not null);
        var values = form.QuerySelectorAll("input[type=hidden]").OfType<IHtmlInputElement>().ToDictionary(input => input.Name ?? "", input => input.Value);
        foreach (var (key, value) in fields ?? [])
        {
            values[key] = value;
        }

        var action = form.GetAttribute("action") is { Length: > 0 } given ? new Uri(new Uri("http://localhost/"), given) : Address;
        await FollowAsync(new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(values) });
        return this;
    }

    private async Task FollowAsync(HttpRequestMessage request)
    {
        for (var hops = 0; ; hops++)
        {
            Address = request.RequestUri ?? throw new InvalidOperationException("No address.");
            using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            if (response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther && hops < 5)
            {
                request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, response.Headers.Location ?? Address));
                continue;
            }

            Status = response.StatusCode;
            Html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Page = new HtmlParser().ParseDocument(Html);
            return;
        }
    }

    private sealed class CookieHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly CookieContainer _cookies = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = request.RequestUri ?? throw new InvalidOperationException("No address.");
            if (_cookies.GetCookieHeader(address) is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }

            var response = await base.SendAsync(request, cancellationToken);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                _cookies.SetCookies(address, cookie);
            }

            return response;
        }
    }
}
