using Palio.Challenges.Bundles;
using Palio.Challenges.Seeds;
using Palio.Evaluation.Local;
using Palio.Evaluation.Tests.Engine;
using Palio.Evaluation.Workers;

namespace Palio.Evaluation.Tests.Local;

/// <summary>A folder with a tiny environment and agents for the real referee. A referee that is missing fails the tests.</summary>
public sealed class LocalFixture : IDisposable
{
    private const string Environment = """
        import palio

        class Count:
            action_space = palio.spaces.Discrete(2)
            observation_space = palio.spaces.Discrete(100)

            def reset(self, *, seed=None, options=None):
                self.at = 0
                return seed % 7, {}

            def step(self, action):
                self.at += 1
                return self.at, float(action), self.at == 5, False, {}

            def metrics(self):
                return {"last": float(self.at)}

        palio.serve_environment(Count, metrics=["last"])
        """;

    public string Folder { get; } = Directory.CreateTempSubdirectory("palio-local-").FullName;

    public LocalFixture()
    {
        Write("environment.py", Environment);
        Write("agent.py", "import palio\npalio.run_agent(lambda observation: 1)\n");
    }

    /// <summary>Python's SDK is found by the commands that begin so.</summary>
    public static string Python => $"PYTHONPATH='{Path.Combine(Repository, "sdk/python")}' PYTHONDONTWRITEBYTECODE=1 exec python3";

    public static string Repository { get; } = Path.GetDirectoryName(EngineFixture.AttacksDirectory)!;

    public static LocalPlay Play { get; } = new(new WorkerOptions { RefereePath = EngineFixture.FindReferee() }, TimeProvider.System);

    public CommandProgram HonestEnvironment => new($"{Python} environment.py", Folder);

    public CommandProgram HonestAgent => new($"{Python} agent.py", Folder);

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public CommandProgram Agent(string code)
    {
        var name = $"agent_{Guid.NewGuid():N}.py";
        Write(name, code);
        return new CommandProgram($"{Python} {name}", Folder);
    }

    public static LocalGame Game(LocalProgram agent, LocalProgram environment, EvaluationDeclaration? declaration = null)
    {
        declaration ??= new EvaluationDeclaration
        {
            Scenarios = [new ScenarioDeclaration { Name = ScenarioDeclaration.DefaultName, Episodes = 3, Seed = 0 }],
            MaxSteps = 50,
            Metrics = [new MetricDeclaration { Name = "score" }],
        };
        return new LocalGame
        {
            Agent = agent,
            Environment = environment,
            Declaration = declaration,
            Episodes = EpisodePlan.Create(declaration, "dev", PhaseSecret.Public),
        };
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
