namespace Palio.EndToEnd.Tests.Kit;

/// <summary>
/// A server with challenges as EvalAI's hosts write them: <c>walk</c>, scored by its environment, <c>guess</c>, where files are scored by a
/// script, and <c>copy</c>, where images write the files.
/// </summary>
public sealed class EvalAiScene : IAsyncLifetime
{
    public const string EnvironmentImage = "palio-e2e/evalai-environment:latest";

    public const string AgentImage = "palio-e2e/evalai-agent:latest";

    public const string WriterImage = "palio-e2e/evalai-writer:latest";

    private static readonly string Top = FindTop();
    private Person? _host;

    public ServerProcess Server { get; private set; } = null!; // set before any test runs

    public async ValueTask InitializeAsync()
    {
        var plain = await BaseAsync();
        var grpc = await BaseAsync("python3-grpcio", "python3-numpy");
        await BuildAsync(EnvironmentImage, grpc, "environment.py");
        await BuildAsync(AgentImage, grpc, "agent.py");
        await BuildAsync(WriterImage, plain, "writer.py");
        Server = await ServerProcess.StartAsync("--Scoring:Image", plain);
        _host = await Person.RegisterAsync(Server, "harriet");
        (await _host.PalioAsync("team", "create", "Hosts", "--host-team")).MustEnd(0);
        (await _host.PalioAsync("challenge", "publish", Bundle("walk"), "--environment", EnvironmentImage)).MustEnd(0);
        (await _host.PalioAsync("challenge", "publish", Bundle("guess"))).MustEnd(0);
        (await _host.PalioAsync("challenge", "publish", Bundle("copy"))).MustEnd(0);
        using var administrator = await Person.AdministratorAsync(Server);
        foreach (var challenge in (string[])["walk", "guess", "copy"])
        {
            (await administrator.PalioAsync("challenge", "approve", challenge)).MustEnd(0);
        }
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

        await Run.ProgramAsync("docker", ["image", "rm", EnvironmentImage, AgentImage, WriterImage]);
    }

    /// <summary>A new person with a new team that takes part in a challenge.</summary>
    internal async Task<Person> JoinAsync(string name, string challenge)
    {
        var person = await Person.RegisterAsync(Server, name);
        (await person.PalioAsync("team", "create", $"Team {name}")).MustEnd(0);
        (await person.PalioAsync("participate", challenge, "--accept-terms")).MustEnd(0);
        return person;
    }

    private static string Bundle(string name) => Path.Combine(Top, "tests", "Palio.EndToEnd.Tests", "Bundles", name);

    private static async Task<string> BaseAsync(params string[] packages) =>
        (await Run.ProgramAsync(Path.Combine(Top, "deploy", "images", "python-base"), packages)).MustEnd(0).Output.Trim();

    private static async Task BuildAsync(string image, string python, string program)
    {
        var folder = Directory.CreateTempSubdirectory("palio-e2e-image-").FullName;
        try
        {
            File.Copy(Path.Combine(Top, "tests", "evalai-pair", program), Path.Combine(folder, program));
            await File.WriteAllTextAsync(Path.Combine(folder, "Dockerfile"), $"FROM {python}\nCOPY {program} /\nCMD [\"python3\", \"/{program}\"]\n");
            (await Run.ProgramAsync("docker", ["build", "-q", "--network", "none", "-t", image, folder], new Dictionary<string, string> { ["DOCKER_BUILDKIT"] = "0" })).MustEnd(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string FindTop()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Palio.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("Palio.slnx");
    }
}

/// <summary>Tests that share the server of EvalAI's challenges run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class EvalAiCollection : ICollectionFixture<EvalAiScene>
{
    public const string Name = "evalai";
}
