using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Palio.Registry.Tests.Kit;

/// <summary>A registry on a real Kestrel and a port of its own, with a clock and accounts of the test's making. Can be restarted.</summary>
internal sealed class RegistryApp : IAsyncDisposable
{
    public const string Owner = "owner";
    public const string Repository = "cup/owner";

    private readonly Action<RegistryOptions> _configure;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palio-registry-");
    private readonly ErrorLog _log = new();
    private WebApplication? _app;

    private RegistryApp(Action<RegistryOptions>? configure) => _configure = configure ?? (_ => { });

    public TestAuthorizer Authorizer { get; } = new TestAuthorizer().Grant(Owner, Repository);

    // A clock that lies in the past would make every file younger than now.
    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public string Folder => _folder.FullName;

    public Uri Address { get; private set; } = new("http://localhost");

    public IServiceProvider Services => _app!.Services;

    public IImageCatalog Catalog => Services.GetRequiredService<IImageCatalog>();

    public static async Task<RegistryApp> StartAsync(Action<RegistryOptions>? configure = null)
    {
        var app = new RegistryApp(configure);
        await app.StartHostAsync();
        return app;
    }

    /// <summary>Stops this process's registry and starts another on the same folder.</summary>
    public async Task RestartAsync()
    {
        await _app!.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
        await StartHostAsync();
    }

    /// <summary>A client that sends the account's API token as Basic password; null for one without credentials.</summary>
    public HttpClient Client(string? account = Owner)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (account is not null)
        {
            client.DefaultRequestHeaders.Authorization = Basic(account, TestAuthorizer.TokenOf(account));
        }

        return client;
    }

    public static AuthenticationHeaderValue Basic(string userName, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{secret}")));

    public Task CollectAsync() => Services.GetRequiredService<RegistryCollector>().CollectAsync(TestContext.Current.CancellationToken);

    public int FileCount(string folder) => Directory.Exists(Path.Combine(Folder, folder))
        ? Directory.GetFiles(Path.Combine(Folder, folder), "*", SearchOption.AllDirectories).Length
        : 0;

    /// <summary>Takes an error the test expects out of the log.</summary>
    public string TakeError() => _log.Errors.TryDequeue(out var error) ? error : throw new InvalidOperationException("No error was logged.");

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        _folder.Delete(recursive: true);
        Assert.Empty(_log.Errors);
    }

    private async Task StartHostAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<IRegistryAuthorizer>(Authorizer);
        builder.Services.AddPalioRegistry(options =>
        {
            options.DataFolder = _folder.FullName;
            _configure(options);
        });
        _app = builder.Build();
        _app.MapPalioRegistry();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Address = new Uri(_app.Urls.Single());
    }
}
