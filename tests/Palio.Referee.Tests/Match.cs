using System.Text.Json;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Referee.Events;

namespace Palio.Referee.Tests;

/// <summary>A referee in this process, an environment that counts, and an agent of the test's own making.</summary>
internal sealed class Match : IDisposable
{
    private const string Spec = """
        {"slots":1,"seats":[{"observation_space":{"type":"Box","dtype":"float32","shape":[1],"low":0,"high":100},
        "action_space":{"type":"Box","dtype":"float32","shape":[1],"low":-1,"high":1}}],"metrics":["m"]}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palio-");
    private readonly MemoryStream _output = new();

    public RefereePlan Plan { get; init; } = new()
    {
        Evaluation = "1",
        Episodes = [new PlannedEpisode(0, 7), new PlannedEpisode(1, 8)],
        MaxSteps = 3,
        Budgets = new RefereeBudgets(),
        Metrics = ["m"],
    };

    public int ExitCode { get; private set; }

    public IReadOnlyList<RefereeEvent> Events { get; private set; } = [];

    public PlayResult? Result => Events.OfType<PlayResult>().SingleOrDefault();

    public IReadOnlyList<EpisodeResult> Episodes => [.. Events.OfType<EpisodeFinished>().Select(e => e.Episode)];

    public IReadOnlyList<FaultRaised> Faults => [.. Events.OfType<FaultRaised>()];

    public void Play(Action<RawPeer> agent, Action<RawPeer>? environment = null)
    {
        var paths = new SocketPaths(Path.Combine(_folder.FullName, "a"), Path.Combine(_folder.FullName, "e"));
        var game = new Thread(() => ExitCode = RefereeProgram.Play(Plan, paths, new EventLog(_output), TimeProvider.System));
        game.Start();
        SpinWait.SpinUntil(() => File.Exists(paths.Environment) && _output.Length > 0);
        var other = new Thread(() => Side(paths.Environment, environment ?? Count));
        other.Start();
        Side(paths.Agent, agent);
        game.Join();
        other.Join();
        Events = [.. System.Text.Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, EvaluationJsonContext.Default.RefereeEvent)!)];
    }

    /// <summary>Says hello and ready as an agent.</summary>
    public static void Greet(RawPeer peer)
    {
        peer.SendJson(FrameType.Hello, """{"role":"agent","protocol":{"min":1,"max":1}}""");
        Assert.Equal(FrameType.Welcome, peer.Read().Type);
        peer.SendJson(FrameType.Ready, "{}");
    }

    /// <summary>Answers every observation that wants it with the action a test chooses.</summary>
    public static Action<RawPeer> Acting(Func<EntryHeader, float> action) => peer =>
    {
        Greet(peer);
        while (peer.Read() is { Type: not FrameType.None and not FrameType.Finish } frame)
        {
            if (frame.Type != FrameType.Observe)
            {
                continue;
            }

            var header = EntryHeader.Read(frame.Body.AsSpan(FrameLimits.HotHeaderSize));
            if ((header.Flags & (EntryFlags.Terminated | EntryFlags.Truncated)) == 0)
            {
                peer.SendEntry(FrameType.Act, new EntryHeader(header.Tick, 0, 0, 0, 0, 0, 0), BitConverter.GetBytes(action(header)));
            }
        }
    };

    public static void Count(RawPeer peer) => Counting(_ => 1, 1)(peer);

    public static Action<RawPeer> Counting(Func<EntryHeader, double> reward, float observation) => peer =>
    {
        peer.SendJson(FrameType.Hello, """{"role":"environment","protocol":{"min":1,"max":1}}""");
        peer.Read();
        peer.SendJson(FrameType.Spec, Spec);
        while (peer.Read() is { Type: FrameType.Reset or FrameType.Step } frame)
        {
            var header = EntryHeader.Read(frame.Body.AsSpan(FrameLimits.HotHeaderSize));
            var state = new EntryHeader(header.Tick, 0, 0, EntryFlags.Metrics, frame.Type == FrameType.Reset ? 0 : reward(header), 0, 0);
            peer.SendEntry(FrameType.State, state, [.. BitConverter.GetBytes(observation), .. BitConverter.GetBytes(2.5)]);
        }
    };

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Side(string path, Action<RawPeer> side)
    {
        using var peer = new RawPeer(path);
        side(peer);
    }
}
