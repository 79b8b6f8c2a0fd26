using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Bench.Figures;

/// <summary>
/// A step of a Python agent and a Python environment through the referee, checked and recorded, against the starters' way: direct unary
/// gRPC with pickles. All three (or two) processes are alive at once and play in turn, so that a drift of the machine hits both.
/// </summary>
internal sealed class StepLatency : IFigure
{
    public string Name => "step";

    public string Question => "what does a step cost through the referee, against the starters' direct gRPC and pickle?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rounds = options.Quick ? 5 : 15;
        foreach (var kind in (string[])["small", "atari", "image"])
        {
            foreach (var cores in (string?[])["0", null])
            {
                var placement = cores is null ? "unpinned" : "pinned to one core";
                var pairs = await PlayAsync(options.Root, kind, cores, rounds, cancellationToken);
                var hasAim = kind == "small" && cores is not null;
                yield return BenchRow.OfPairs($"step, {kind} observation, Python, {placement}, p50", "us", "starters' unary gRPC + pickle",
                    [.. pairs.Select(pair => (pair.Ours.P50, pair.Theirs.P50))], (ours, theirs) => theirs / ours,
                    hasAim ? "at least 5x faster" : "reported", hasAim ? ratio => ratio >= 5 : null);
            }
        }
    }

    private static async Task<List<(Round Ours, Round Theirs)>> PlayAsync(string root, string kind, string? cores, int rounds,
        CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("palio-bench-");
        try
        {
            await using var palio = await PalioPlay.StartAsync(root, kind, cores, directory.FullName, cancellationToken);
            await using var starter = await StarterPlay.StartAsync(root, kind, cores, cancellationToken);
            var pairs = new List<(Round, Round)>();
            for (var round = 0; round < rounds + 2; round++)
            {
                var ours = await palio.PlayAsync(0.25, cancellationToken);
                var theirs = await starter.PlayAsync(0.25, cancellationToken);
                if (round >= 2)
                {
                    pairs.Add((ours, theirs));
                }
            }

            return pairs;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static readonly JsonSerializerOptions WebJson = new(JsonSerializerDefaults.Web);

    private static string Peer(string root, params string[] path) => Path.Combine([root, "bench", "peers", .. path]);

    private static async Task<Round> AskAsync(BenchProcess agent, double seconds, CancellationToken cancellationToken)
    {
        var answer = await agent.AskAsync(seconds.ToString(CultureInfo.InvariantCulture), cancellationToken);
        return JsonSerializer.Deserialize<Round>(answer, WebJson) ?? throw new InvalidOperationException($"not a round: {answer}");
    }

    private sealed record Round(int Steps, double P50, double P99);

    private sealed class StarterPlay(BenchProcess environment, BenchProcess agent) : IAsyncDisposable
    {
        public static async Task<StarterPlay> StartAsync(string root, string kind, string? cores, CancellationToken cancellationToken)
        {
            var environment = BenchProcess.Start([BenchPrograms.Python, Peer(root, "starter", "environment.py"), kind], cores);
            var port = await environment.ReadLineAsync(cancellationToken);
            return new StarterPlay(environment, BenchProcess.Start([BenchPrograms.Python, Peer(root, "starter", "agent.py"), port], cores));
        }

        public Task<Round> PlayAsync(double seconds, CancellationToken cancellationToken) => AskAsync(agent, seconds, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await agent.DisposeAsync();
            await environment.DisposeAsync();
        }
    }

    private sealed class PalioPlay(BenchProcess referee, BenchProcess environment, BenchProcess agent) : IAsyncDisposable
    {
        public static async Task<PalioPlay> StartAsync(string root, string kind, string? cores, string directory, CancellationToken cancellationToken)
        {
            var agentSocket = Path.Combine(directory, "agent.sock");
            var environmentSocket = Path.Combine(directory, "environment.sock");
            var plan = new RefereePlan
            {
                Evaluation = "bench",
                Episodes = [new PlannedEpisode(0, 1)],
                MaxSteps = 10_000_000,
                Budgets = new RefereeBudgets { FirstActionMs = 600_000, StepMs = 600_000, ReadyMs = 600_000, TotalMs = 3_600_000 },
            };
            var referee = BenchProcess.Start([BenchPrograms.Referee(root), "play"], cores, new Dictionary<string, string>
            {
                ["PALIO_PLAN"] = JsonSerializer.Serialize(plan, EvaluationJsonContext.Default.RefereePlan),
                ["PALIO_AGENT_SOCKET"] = agentSocket,
                ["PALIO_ENVIRONMENT_SOCKET"] = environmentSocket,
            });
            await referee.ReadLineAsync(cancellationToken);
            referee.DrainOutput();
            var environment = Side(root, "environment.py", kind, environmentSocket, cores);
            return new PalioPlay(referee, environment, Side(root, "agent.py", kind, agentSocket, cores));
        }

        public Task<Round> PlayAsync(double seconds, CancellationToken cancellationToken) => AskAsync(agent, seconds, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await agent.DisposeAsync();
            await environment.DisposeAsync();
            await referee.DisposeAsync();
        }

        private static BenchProcess Side(string root, string file, string kind, string socket, string? cores) => BenchProcess.Start(
            [BenchPrograms.Python, Peer(root, "palio", file), kind], cores,
            new Dictionary<string, string> { ["PALIO_SOCKET"] = socket, ["PYTHONPATH"] = Path.Combine(root, "sdk", "python") });
    }
}
