using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Administration;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions.Uploads;
using Palio.Server.Hosting;

namespace Palio.Server.Tests.Support;

/// <summary>A whole server in memory, with a data folder and a clock of its own. The worker is off: tests lease for themselves.</summary>
internal sealed class PalioInstance : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly Type[] Timers = [typeof(EvaluationWatchdog), typeof(UploadSweep), typeof(TokenUses), typeof(SqliteCheckpoints)];

    private readonly string _folder = Directory.CreateTempSubdirectory("palio-test-").FullName;

    public WebApplication App { get; private set; } = null!; // StartAsync sets it before anybody has the instance

    public FakeTimeProvider Time { get; } = new(Start);

    public FakeImages Images { get; } = new();

    public FirstAdministrator Administrator { get; private set; } = new("", "");

    public HttpClient Anonymous { get; private set; } = new();

    public static Task<PalioInstance> StartAsync(params string[] settings) => StartOnAsync(null, settings);

    public static async Task<PalioInstance> StartOnAsync(string? postgres, params string[] settings)
    {
        var instance = new PalioInstance();
        string[] database = postgres is null ? [] : ["--Database:Provider", "postgres", "--Database:ConnectionString", postgres];
        var arguments = ServerArguments.Parse([
            "--data", instance._folder, "--no-worker", "--Accounts:SignInsPerMinute", "100000", "--Logging:LogLevel:Default", "None", .. database, .. settings]);
        Assert.Empty(arguments.Mistakes);
        if (postgres is null)
        {
            await DatabaseTemplate.CopyToAsync(instance._folder);
        }

        var app = PalioServer.Create(arguments, builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Services.AddSingleton<TimeProvider>(instance.Time);
            RemoveTimers(builder.Services);
            builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1); // slow on purpose, and no test's subject
            builder.Services.Replace(ServiceDescriptor.Singleton<IImageCatalog>(instance.Images));
        });
        instance.App = app;
        instance.Administrator = await ServerProgram.PrepareAsync(app, TestContext.Current.CancellationToken) ?? new FirstAdministrator("", "");
        await app.StartAsync(TestContext.Current.CancellationToken);
        instance.Anonymous = app.GetTestClient();
        return instance;
    }

    public string Folder => _folder;

    public HttpClient With(string secret)
    {
        var client = App.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    public async Task<HttpClient> AdministratorAsync() => With((await SignInAsync(Administrator.UserName, Administrator.Password)).Secret);

    public Task<CreatedToken> SignInAsync(string userName, string password) =>
        Anonymous.SendAsync<CreatedToken>(HttpMethod.Post, "/api/v1/tokens/sign-in", new SignInRequest { UserName = userName, Password = password });

    /// <summary>A new person with a token of host scope.</summary>
    public async Task<HttpClient> PersonAsync(string userName)
    {
        var password = $"{userName} likes long passwords";
        var made = await Anonymous.PostAsJsonAsync(
            "/api/v1/accounts", new RegisterRequest { UserName = userName, Email = $"{userName}@example.org", Password = password }, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Created, made.StatusCode);
        return With((await SignInAsync(userName, password)).Secret);
    }

    public async Task<T> InDatabaseAsync<T>(Func<PalioDbContext, Task<T>> read)
    {
        await using var scope = App.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<PalioDbContext>());
    }

    // A test moves the clock by days: what looks every few seconds is called by the tests that mean it.
    private static void RemoveTimers(IServiceCollection services)
    {
        foreach (var timer in services.Where(s => s.ServiceType == typeof(IHostedService)
            && ((s.ImplementationFactory?.Method.ReturnType is { } type && Timers.Contains(type)) || s.ImplementationType?.Name is "RegistryWorker" or nameof(IdleMemory))).ToList())
        {
            services.Remove(timer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await using (var scope = App.Services.CreateAsyncScope())
        {
            // This database's connections alone: the other tests go on with theirs.
            if (scope.ServiceProvider.GetRequiredService<PalioDbContext>().Database.GetDbConnection() is SqliteConnection connection)
            {
                SqliteConnection.ClearPool(connection);
            }
        }

        await App.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
