using Microsoft.AspNetCore.TestHost;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Pages;

/// <summary>A challenge with a finished and a failed submission, seen by the host (hanna), a participant (pia), the administrator and strangers.</summary>
public sealed class PlayedPages : IAsyncLifetime
{
    public const string HostileMethod = "<img src=x onerror=alert(1)>";

    private const string Questions =
        """
            submission_meta_attributes:
              - {name: Pretrained?, type: boolean, required: true, description: Whether it saw other data.}
              - {name: Method, type: radio, options: [search, learning]}
              - {name: Tools, type: checkbox, options: [torch, jax]}
              - {name: '"><b>Hardware', type: text}
        """;

    private readonly List<PageBrowser> _browsers = [];
    private PlayedChallenge? _played;

    internal PlayedChallenge Played => _played ?? throw new InvalidOperationException("Not started.");

    /// <summary>On the board.</summary>
    public int Finished { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("    environment_image:", Questions + "\n    environment_image:", StringComparison.Ordinal));
        Finished = await FinishedAsync("first", HostileMethod);
    }

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(browser => browser.Dispose());
        if (_played is not null)
        {
            await _played.DisposeAsync();
        }
    }

    internal async Task<int> QueuedAsync(string image, string? method = null)
    {
        var request = Played.Request(image) with { MethodName = method, Metadata = new Dictionary<string, string> { ["Pretrained?"] = "false" } };
        return (await Played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions", request)).Id;
    }

    internal async Task<int> FinishedAsync(string image, string? method = null)
    {
        var id = await QueuedAsync(image, method);
        await Played.PlayAsync(await Played.LeaseAsync(), 3);
        return id;
    }

    internal Task<SubmissionDetail> DetailAsync(int id) => Played.DetailAsync(id);

    internal PageBrowser Stranger()
    {
        var browser = new PageBrowser(Played.Palio.App.GetTestServer());
        lock (_browsers)
        {
            _browsers.Add(browser);
        }

        return browser;
    }

    internal Task<PageBrowser> HostAsync() => SignedInAsync("hanna");

    internal Task<PageBrowser> ParticipantAsync() => SignedInAsync("pia");

    internal Task<PageBrowser> AdministratorAsync() => SignedInAsync(Played.Palio.Administrator.UserName, Played.Palio.Administrator.Password);

    /// <summary>A new person with an account and nothing else.</summary>
    internal async Task<PageBrowser> NewcomerAsync(string name)
    {
        await Played.Palio.PersonAsync(name);
        return await SignedInAsync(name);
    }

    private Task<PageBrowser> SignedInAsync(string name, string? password = null) =>
        Stranger().SignInAsync(name, password ?? $"{name} likes long passwords");
}
