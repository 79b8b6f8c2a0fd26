using static Palio.Challenges.Bundles.Schema.ValueKind;

namespace Palio.Challenges.Bundles.Schema;

/// <summary>The keys of a phase's <c>evaluation</c> block.</summary>
internal static class EvaluationKeys
{
    public static KeyTable Scenario { get; } = new("a scenario",
    [
        new("name", Text, "Unique in the phase: letters, digits, '_', '-' and '.'.") { IsRequired = true, Max = 64 },
        new("repeats", Integer, "Episodes of it.") { Default = "1", Min = 1, Max = EvaluationLimits.MaxEpisodes },
        new("options", Json, "The options of the environment's reset."),
        new("seed", Integer, "Seed of its first episode, the others count up from it. Default: derived from the phase's secret.") { Min = 0, Max = int.MaxValue },
        new("weight", Number, "How much each of its episodes counts.") { Default = "1", Min = 0, Max = EvaluationLimits.MaxWeight },
    ]);

    public static KeyTable Resources { get; } = new("a container's resources",
    [
        new("cpus", Number, "Processors.") { Default = "1", Min = EvaluationLimits.MinCpus, Max = EvaluationLimits.MaxCpus },
        Size("memory", "Memory; there is no swap beyond it.", EvaluationLimits.DefaultMemoryBytes, EvaluationLimits.MinMemoryBytes),
        Size("tmp_size", "The writable /tmp, which counts as memory.", EvaluationLimits.DefaultTmpBytes, 0),
        new("pids", Integer, "Processes and threads.") { Default = "256", Min = EvaluationLimits.MinPids, Max = EvaluationLimits.MaxPids },
        new("gpus", Integer, "GPUs.") { Default = "0", Min = 0, Max = EvaluationLimits.MaxGpus },
    ]);

    public static KeyTable BothResources { get; } = new("'resources'",
    [
        new("agent", Map, "The agent's container.") { Children = Resources },
        new("environment", Map, "The environment's container.") { Children = Resources },
    ]);

    public static KeyTable TimeLimits { get; } = new("'time_limits'",
    [
        Time("pull", "For fetching the images.", EvaluationLimits.DefaultPullTime),
        Time("start", "For starting the containers.", EvaluationLimits.DefaultStartTime),
        Time("hello", "From a container's start to its hello.", EvaluationLimits.DefaultHelloTime),
        Time("ready", "From hello to ready: loading the model.", EvaluationLimits.DefaultReadyTime),
        Time("first_action", "For an agent's first action.", EvaluationLimits.DefaultFirstActionTime),
        Time("environment_reset", "For one reset of the environment.", EvaluationLimits.DefaultEnvironmentResetTime),
        Time("environment_step", "For one step of the environment.", EvaluationLimits.DefaultEnvironmentStepTime),
        Time("total", "For the whole evaluation. Default: the challenge's submission_time_limit, else 1h.", EvaluationLimits.DefaultTotalTime) with { Default = null },
    ]);

    public static KeyTable Metric { get; } = new("a metric",
    [
        new("from", Text, "'return', 'steps', or the name of a metric that the environment reports.") { Default = "return", Max = 64 },
        new("aggregate", Text, "How episodes become one value.")
        {
            Default = "mean",
            Choices = ["mean", "median", "sum", "min", "max", "success_rate", "iqm", "last"],
        },
        new("threshold", Number, "With success_rate: the least value that is a success.")
        {
            Default = "1",
            Min = -EvaluationLimits.MaxMagnitude,
            Max = EvaluationLimits.MaxMagnitude,
        },
        new("order", Text, "Which end is better; checked against the boards.") { Choices = ["higher_is_better", "lower_is_better"] },
        new("unit", Text, "The unit shown behind it.") { Max = 20 },
        new("description", Text, "The explanation shown with it.") { Max = 1_000 },
    ]);

    public static KeyTable AgentSees { get; } = new("'agent_sees'",
    [
        new("reward", Flag, "Each step's reward.") { Default = "true" },
        new("return", Flag, "An episode's return at its end.") { Default = "true" },
        new("info", Flag, "What the environment gives as info.") { Default = "false" },
    ]);

    public static KeyTable Table { get; } = new("'evaluation'",
    [
        new("episodes", Other, "How many episodes, or a list of scenarios.") { Default = "10", Min = 1, Max = EvaluationLimits.MaxEpisodes, Children = Scenario },
        new("seeds", Text, "Whether participants may know the seeds.") { Default = "hidden", Choices = ["hidden", "public"] },
        new("max_steps", Integer, "Steps after which an episode is truncated; 0 leaves it to the environment.") { Default = "0", Min = 0, Max = EvaluationLimits.MaxSteps },
        new("step_time_limit", Duration, "Time an agent has for one action.")
        {
            Default = "1s",
            Min = EvaluationLimits.MinStepTime.TotalSeconds,
            Max = EvaluationLimits.MaxStepTime.TotalSeconds,
        },
        new("time_bank", Duration, "Extra time for single late actions, for the whole evaluation.")
        {
            Default = "10s",
            Min = 0,
            Max = EvaluationLimits.MaxTime.TotalSeconds,
        },
        new("time_limits", Map, "All other time limits.") { Children = TimeLimits },
        new("slots", Integer, "Episodes played at the same time in one session.") { Default = "1", Min = 1, Max = EvaluationLimits.MaxSlots },
        new("invalid_action", Text, "What happens to an action outside the action space.") { Default = "forfeit", Choices = ["forfeit", "clip"] },
        new("on_failure", Other, "What a failed episode counts, by metric, or one number for all.")
        {
            Default = "0",
            Min = -EvaluationLimits.MaxMagnitude,
            Max = EvaluationLimits.MaxMagnitude,
        },
        new("scored_by", Text, "Who scores: the referee by the metrics below, or an environment made for EvalAI, which sends its result itself.")
        {
            Default = "referee",
            Choices = ["referee", "environment"],
        },
        new("resources", Map, "What the containers may use.") { Children = BothResources },
        new("image", Text, "Where files are scored: the image that runs the script, with Python 3 and what it imports; without a script the image that scores. Default: the operator's.") { Max = 2_128 },
        new("dataset", Text, "With is_static_dataset_code_upload: a folder, .zip or file of the bundle that teams' images find in /dataset, read-only.") { Max = 1_000 },
        Size("max_file_size", "Largest file a team may submit, or its image may write.", EvaluationLimits.DefaultFileBytes, 1) with { Max = EvaluationLimits.MaxFileBytes },
        new("runtime", Text, "The OCI runtime of both containers, such as runsc; it must be set up on the workers.") { Max = 64 },
        new("metrics", Map, "The score's numbers, by name: the boards' labels. Default: one metric 'score', the mean return.")
        {
            Children = Metric,
            HasFreeKeys = true,
            Max = EvaluationLimits.MaxMetrics,
        },
        new("record_steps", Flag, "Whether every step is recorded for replays.") { Default = "true" },
        new("agent_sees", Map, "What agents are told while they play.") { Children = AgentSees },
    ]);

    private static Key Time(string name, string about, TimeSpan fallback) => new(name, Duration, about)
    {
        Default = DurationText.Format(fallback),
        Min = EvaluationLimits.MinTime.TotalSeconds,
        Max = EvaluationLimits.MaxTime.TotalSeconds,
    };

    private static Key Size(string name, string about, long fallback, long least) => new(name, ValueKind.Size, about)
    {
        Default = SizeText.Format(fallback),
        Min = least,
        Max = EvaluationLimits.MaxMemoryBytes,
    };
}
