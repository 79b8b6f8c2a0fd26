namespace Palio.EndToEnd.Tests.Kit;

/// <summary>Somebody at a machine of their own: the real command line with its own configuration folder.</summary>
internal sealed class Person(ServerProcess server, string name, string password) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory($"palio-e2e-{name}-").FullName;

    public string Name { get; } = name;

    public string Password { get; } = password;

    public string Folder => _folder;

    /// <summary>Registers a new account.</summary>
    public static async Task<Person> RegisterAsync(ServerProcess server, string name)
    {
        var person = new Person(server, name, "a long password " + Guid.NewGuid().ToString("n"));
        (await person.PalioAsync(["register", "--user", name, "--email", $"{name}@palio.invalid", "--password-stdin"], person.Password + "\n")).MustEnd(0);
        return person;
    }

    /// <summary>Signs in as the administrator of the first start.</summary>
    public static async Task<Person> AdministratorAsync(ServerProcess server)
    {
        var person = new Person(server, server.Administrator, server.AdministratorPassword);
        (await person.PalioAsync(["login", "--user", person.Name, "--password-stdin"], person.Password + "\n")).MustEnd(0);
        return person;
    }

    public Task<Run> PalioAsync(params string[] arguments) => PalioAsync(arguments, "");

    public Task<Run> PalioAsync(string[] arguments, string input, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>
        {
            ["PALIO_CONFIG"] = Path.Combine(_folder, "config"),
            ["PALIO_HOST"] = server.Url.AbsoluteUri,
            ["PALIO_REFEREE"] = Programs.Referee,
        };
        foreach (var (variable, value) in variables)
        {
            environment[variable] = value;
        }

        return Run.ProgramAsync("dotnet", [Programs.Cli, .. arguments], environment, input);
    }

    /// <summary>A token for docker and skopeo.</summary>
    public async Task<string> TokenAsync() => (await PalioAsync("token", "create", "docker")).MustEnd(0).Output.Trim();

    /// <summary>docker with a configuration of this person's own.</summary>
    public Task<Run> DockerAsync(string[] arguments, string input = "") =>
        Run.ProgramAsync("docker", arguments, new Dictionary<string, string> { ["DOCKER_CONFIG"] = Path.Combine(_folder, "docker") }, input);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
