using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Support;

/// <summary>Plain values that tests change one thing of.</summary>
internal static class Samples
{
    public static RefereePlan Plan(int episodes = 2, bool record = false) => new()
    {
        Evaluation = "7",
        Episodes = [.. Enumerable.Range(0, episodes).Select(ordinal => new PlannedEpisode(ordinal, 100 + ordinal))],
        MaxSteps = 50,
        Budgets = new RefereeBudgets(),
        Record = record,
    };

    public static EvaluationJob Job(long evaluation = 7, RefereePlan? plan = null) => new()
    {
        Lease = new EvaluationLease(evaluation, 3, 12, 60),
        Agent = new JobImage("registry.example/cartpole/team@sha256:aa", "user", "pull-secret"),
        Environment = new JobImage("registry.example/cartpole/host@sha256:bb"),
        AgentLimits = new ContainerLimits { Cpus = 1.5, MemoryBytes = 512L << 20, TmpBytes = 32L << 20, Pids = 100 },
        EnvironmentLimits = new ContainerLimits(),
        Plan = plan ?? Plan(),
        Runtime = "runsc",
        DeadlineSeconds = 300,
    };

    public static EpisodeResult Row(int ordinal, EpisodeEnd end = EpisodeEnd.Terminated) => new() { Ordinal = ordinal, Steps = 10, Return = 10, End = end };

    public static PlayResult Result(int episodes = 2, int forfeited = 0) => new()
    {
        Sequence = 0,
        Episodes = episodes,
        Forfeited = forfeited,
        Steps = 20,
        TranscriptDigest = new string('a', 64),
    };

    public static PodPolicy Policy { get; } = new()
    {
        Version = 1,
        Engine = "Fake 1",
        Runtime = "default",
        Restrictions = new Dictionary<string, string> { ["network"] = "none" },
    };

    /// <summary>A pod that ended with a whole result.</summary>
    public static PodOutcome Outcome() => new()
    {
        Agent = new PartEnding(0),
        Environment = new PartEnding(0),
        Referee = new PartEnding(0),
        Policy = Policy,
        Said = new RefereeSummary
        {
            Started = true,
            AgentHello = true,
            AgentReady = true,
            EnvironmentHello = true,
            EnvironmentReady = true,
            Episodes = 2,
            Result = Result(),
        },
        Timings = new PodTimings(1, 2, 3, 4),
    };
}
