namespace Palio.EndToEnd.Tests.Kit;

/// <summary>A server with the starter challenge published by a host and approved, and a participant in it. One for all tests: they use teams of their own.</summary>
public sealed class CartPole : IAsyncLifetime
{
    private Person? _host;

    public ServerProcess Server { get; private set; } = null!; // set before any test runs

    internal Person Host => _host!; // set before any test runs

    public async ValueTask InitializeAsync()
    {
        await Engine.MustHaveImagesAsync();
        Server = await ServerProcess.StartAsync();
        _host = await Person.RegisterAsync(Server, "harriet");
        await PublishAsync(_host, Server);
    }

    internal static async Task PublishAsync(Person host, ServerProcess server, Func<string, string>? change = null)
    {
        (await host.PalioAsync("team", "create", "Hosts", "--host-team")).MustEnd(0);
        var folder = Path.Combine(host.Folder, "challenge");
        (await host.PalioAsync("challenge", "init", folder)).MustEnd(0);
        var config = Path.Combine(folder, "challenge_config.yaml");
        if (change is not null)
        {
            await File.WriteAllTextAsync(config, change(await File.ReadAllTextAsync(config)));
        }

        (await host.PalioAsync("challenge", "publish", folder, "--environment", Engine.EnvironmentImage)).MustEnd(0);
        using var administrator = await Person.AdministratorAsync(server);
        (await administrator.PalioAsync("challenge", "approve", "cartpole")).MustEnd(0);
    }

    /// <summary>A new person with a new team that takes part.</summary>
    internal async Task<Person> JoinAsync(string name)
    {
        var person = await Person.RegisterAsync(Server, name);
        (await person.PalioAsync("team", "create", $"Team {name}")).MustEnd(0);
        (await person.PalioAsync("participate", "cartpole", "--accept-terms")).MustEnd(0);
        return person;
    }

    public async ValueTask DisposeAsync()
    {
        _host?.Dispose();
        if (Server is not null)
        {
            var registry = Server.Url.Authority;
            await Server.DisposeAsync();
            await Engine.RemoveNamesAsync(registry);
        }
    }
}

/// <summary>Tests that share one server run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class CartPoleCollection : ICollectionFixture<CartPole>
{
    public const string Name = "cartpole";
}
