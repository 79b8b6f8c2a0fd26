using System.Text;
using System.Text.Json;
using Palio.Protocol.Evaluations;
using Palio.Referee.Events;

namespace Palio.Referee.Tests;

/// <summary>A referee in this process, with an agent and an environment of the test's own making.</summary>
internal sealed class Match : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palio-");
    private readonly MemoryStream _output = new();

    public RefereePlan Plan { get; init; } = Planned(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public int ExitCode { get; private set; }

    public IReadOnlyList<RefereeEvent> Events { get; private set; } = [];

    public int LongestLine { get; private set; }

    public PlayResult? Result => Events.OfType<PlayResult>().SingleOrDefault();

    public IReadOnlyList<EpisodeResult> Episodes => [.. Events.OfType<EpisodeFinished>().Select(said => said.Episode)];

    public IReadOnlyList<FaultRaised> Faults => [.. Events.OfType<FaultRaised>()];

    /// <summary>The fault that ended the session.</summary>
    public Fault? Fatal => Faults.SingleOrDefault(fault => fault.Fatal)?.Fault;

    public static RefereePlan Planned(int episodes, int maxSteps = 3) => new()
    {
        Evaluation = "1",
        Episodes = [.. Enumerable.Range(0, episodes).Select(i => new PlannedEpisode(i, 7 + i))],
        MaxSteps = maxSteps,
        Budgets = new RefereeBudgets(),
        Metrics = ["m"],
    };

    /// <summary>Plays, with an honest environment where the test gives none.</summary>
    public Match Play(Action<RawPeer> agent, Action<RawPeer>? environment = null)
    {
        var paths = new SocketPaths(Path.Combine(_folder.FullName, "a"), Path.Combine(_folder.FullName, "e"));
        var failed = new ThreadLog();
        var game = failed.Start(() => ExitCode = RefereeProgram.Play(Plan, paths, new EventLog(_output), Time));
        SpinWait.SpinUntil(() => _output.Length > 0, Patience);
        var other = failed.Start(() => Side(paths.Environment, environment ?? new CountingEnvironment { Slots = Plan.Slots }.Play));
        var one = failed.Start(() => Side(paths.Agent, agent));
        foreach (var thread in new[] { one, other, game })
        {
            Assert.True(thread.Join(Patience), "the match hangs");
        }

        failed.Throw();
        ReadEvents();
        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Side(string path, Action<RawPeer> side)
    {
        using var peer = new RawPeer(path);
        side(peer);
    }

    private void ReadEvents()
    {
        var lines = Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        LongestLine = lines.Max(line => line.Length);
        Events = [.. lines.Select(line => JsonSerializer.Deserialize(line, EvaluationJsonContext.Default.RefereeEvent)!)];
        Assert.Equal(Enumerable.Range(0, lines.Length).Select(i => (long)i), Events.Select(said => said.Sequence));
    }

    /// <summary>Keeps what threads throw for the test's own thread.</summary>
    private sealed class ThreadLog
    {
        private readonly List<Exception> _exceptions = [];
        private readonly Lock _lock = new();

        public Thread Start(Action action)
        {
            var thread = new Thread(() => Guard(action)) { IsBackground = true };
            thread.Start();
            return thread;
        }

        public void Throw()
        {
            lock (_lock)
            {
                if (_exceptions.Count > 0)
                {
                    throw new AggregateException(_exceptions);
                }
            }
        }

        private void Guard(Action action)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                lock (_lock)
                {
                    _exceptions.Add(exception);
                }
            }
        }
    }
}
