using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Bench.Plays;

/// <summary>Processes that play steps in rounds on demand; the last one is the agent, which is asked.</summary>
internal sealed class StepPlay : IAsyncDisposable
{
    private static readonly JsonSerializerOptions WebJson = new(JsonSerializerDefaults.Web);
    private readonly BenchProcess[] _processes;
    private readonly DirectoryInfo? _sockets;

    private StepPlay(DirectoryInfo? sockets, params BenchProcess[] processes) => (_sockets, _processes) = (sockets, processes);

    /// <summary>Resident memory of the first process: the referee, where there is one.</summary>
    public long FirstResidentBytes => _processes[0].ResidentBytes;

    private BenchProcess Agent => _processes[^1];

    /// <summary>Python agent and environment through the referee.</summary>
    public static Task<StepPlay> PythonAsync(string root, string kind, string? cores, CancellationToken cancellationToken) => RefereedAsync(
        root, cores, 1, [BenchPrograms.Python, Peer(root, "palio", "environment.py"), kind], [BenchPrograms.Python, Peer(root, "palio", "agent.py"), kind], cancellationToken);

    /// <summary>C# agent and environment through the referee.</summary>
    public static Task<StepPlay> SharpAsync(string root, string? cores, int slots, CancellationToken cancellationToken) => RefereedAsync(
        root, cores, slots, [BenchPrograms.Players(root), "still-environment"], [BenchPrograms.Players(root), "rounds-agent"], cancellationToken);

    /// <summary>The starters' way: unary gRPC and pickles, with nothing in between.</summary>
    public static async Task<StepPlay> StarterAsync(string root, string kind, string? cores, CancellationToken cancellationToken)
    {
        var environment = BenchProcess.Start([BenchPrograms.Python, Peer(root, "starter", "environment.py"), kind], cores);
        var port = await environment.ReadLineAsync(cancellationToken);
        return new StepPlay(null, environment, BenchProcess.Start([BenchPrograms.Python, Peer(root, "starter", "agent.py"), port], cores));
    }

    /// <summary>The same two programs, through gate and referee as in a pod of images made for EvalAI: each call is checked twice, none is unpickled.</summary>
    public static async Task<StepPlay> LegacyAsync(string root, string kind, string? cores, CancellationToken cancellationToken)
    {
        var sockets = Directory.CreateTempSubdirectory("palio-bench-");
        var (socket, gatePort) = (Path.Combine(sockets.FullName, "agent.sock"), FreePort());
        var environment = BenchProcess.Start([BenchPrograms.Python, Peer(root, "starter", "environment.py"), kind], cores);
        var referee = BenchProcess.Start([BenchPrograms.Referee(root), "legacy"], cores, new Dictionary<string, string>
        {
            ["PALIO_LEGACY_PLAN"] = JsonSerializer.Serialize(
                new LegacyPlan { Token = "bench", Challenge = 1, Phase = 1, Submission = 1 }, EvaluationJsonContext.Default.LegacyPlan),
            ["PALIO_AGENT_SOCKET"] = socket,
            ["PALIO_API_PORT"] = "0",
            ["PALIO_ENVIRONMENT_PORT"] = await environment.ReadLineAsync(cancellationToken),
        });
        await referee.ReadLineAsync(cancellationToken);
        referee.DrainOutput();
        var gate = BenchProcess.Start([BenchPrograms.Referee(root), "gate"], cores, new Dictionary<string, string>
        {
            ["PALIO_AGENT_SOCKET"] = socket,
            ["PALIO_GATE_PORT"] = gatePort,
        });
        return new StepPlay(sockets, referee, gate, environment, BenchProcess.Start([BenchPrograms.Python, Peer(root, "starter", "agent.py"), gatePort], cores));
    }

    /// <summary>Two C# programs and a socket.</summary>
    public static async Task<StepPlay> PingPongAsync(string root, string? cores, CancellationToken cancellationToken)
    {
        var sockets = Directory.CreateTempSubdirectory("palio-bench-");
        var path = Path.Combine(sockets.FullName, "ping.sock");
        var pong = BenchProcess.Start([BenchPrograms.Players(root), "pong", path], cores);
        await pong.ReadLineAsync(cancellationToken);
        return new StepPlay(sockets, pong, BenchProcess.Start([BenchPrograms.Players(root), "ping", path], cores));
    }

    /// <summary>Plays one round.</summary>
    public async Task<Round> PlayAsync(double seconds, CancellationToken cancellationToken)
    {
        var (cpu, start) = (CpuTime(), Stopwatch.GetTimestamp());
        var answer = await Agent.AskAsync(seconds.ToString(CultureInfo.InvariantCulture), cancellationToken);
        var round = JsonSerializer.Deserialize<Round>(answer, WebJson) ?? throw new InvalidOperationException($"not a round: {answer}");
        return round with
        {
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            CpuMicroseconds = (CpuTime() - cpu).TotalMicroseconds / round.Steps,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Reverse())
        {
            await process.DisposeAsync();
        }

        _sockets?.Delete(recursive: true);
    }

    private static async Task<StepPlay> RefereedAsync(
        string root, string? cores, int slots, string[] environment, string[] agent, CancellationToken cancellationToken)
    {
        var sockets = Directory.CreateTempSubdirectory("palio-bench-");
        var (agentSocket, environmentSocket) = (Path.Combine(sockets.FullName, "agent.sock"), Path.Combine(sockets.FullName, "environment.sock"));
        var plan = new RefereePlan
        {
            Evaluation = "bench",
            Episodes = [.. Enumerable.Range(0, slots).Select(i => new PlannedEpisode(i, i))],
            Slots = slots,
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
        return new StepPlay(sockets, referee, Side(root, environment, environmentSocket, cores), Side(root, agent, agentSocket, cores));
    }

    private static BenchProcess Side(string root, string[] command, string socket, string? cores) => BenchProcess.Start(
        command, cores, new Dictionary<string, string> { ["PALIO_SOCKET"] = socket, ["PYTHONPATH"] = Path.Combine(root, "sdk", "python") });

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private static string Peer(string root, params string[] path) => Path.Combine([root, "bench", "peers", .. path]);

    private TimeSpan CpuTime() => _processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.CpuTime);
}
