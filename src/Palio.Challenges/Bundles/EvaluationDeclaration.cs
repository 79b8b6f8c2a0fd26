namespace Palio.Challenges.Bundles;

/// <summary>How a phase is played and scored: the <c>evaluation</c> block, with every default filled in.</summary>
public sealed record EvaluationDeclaration
{
    /// <summary>What is played, in order; never empty. A plain count is one scenario named <c>default</c>.</summary>
    public required IReadOnlyList<ScenarioDeclaration> Scenarios { get; init; }

    /// <summary>Whether participants may know the seeds. Default hidden.</summary>
    public SeedVisibility Seeds { get; init; } = SeedVisibility.Hidden;

    /// <summary>Steps after which an episode is truncated; 0 when only the environment ends it. Default 0.</summary>
    public int MaxSteps { get; init; }

    /// <summary>Time an agent has for one action, from observation to answer. Default 1 s.</summary>
    public TimeSpan StepTimeLimit { get; init; } = EvaluationLimits.DefaultStepTime;

    /// <summary>Extra time for an agent that overruns single steps, for the whole evaluation. Default 10 s.</summary>
    public TimeSpan TimeBank { get; init; } = EvaluationLimits.DefaultTimeBank;

    /// <summary>All other time limits.</summary>
    public TimeLimitDeclaration TimeLimits { get; init; } = new();

    /// <summary>Episodes played at the same time in one session. Default 1.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>What the referee does with an action outside the action space. Default forfeit.</summary>
    public InvalidActionPolicy InvalidAction { get; init; } = InvalidActionPolicy.Forfeit;

    /// <summary>What the agent's container may use.</summary>
    public ResourceDeclaration AgentResources { get; init; } = new();

    /// <summary>What the environment's container may use.</summary>
    public ResourceDeclaration EnvironmentResources { get; init; } = new();

    /// <summary>The environment, made for EvalAI, scores itself. Default false with such a block, true without one.</summary>
    public bool IsScoredByEnvironment { get; init; }

    /// <summary>
    /// The block says neither who scores nor anything that only the referee's play has: an environment that turns out to be made for
    /// EvalAI may score itself. Default false.
    /// </summary>
    public bool IsScoringOpen { get; init; }

    /// <summary>Where files are scored: the image that runs the script, or without one scores by itself; null for the operator's.</summary>
    public string? Image { get; init; }

    /// <summary>What teams' images find in <c>/dataset</c>, as the file names it; null for nothing.</summary>
    public string? Dataset { get; init; }

    /// <summary>Where that is in the bundle, a folder with a slash at its end; null when it is not there.</summary>
    public string? DatasetPath { get; init; }

    /// <summary>Largest file a team may submit, or its image may write, in bytes. Default 100 MiB.</summary>
    public long MaxFileBytes { get; init; } = EvaluationLimits.DefaultFileBytes;

    /// <summary>The OCI runtime both containers run under, such as <c>runsc</c>; null for the engine's own.</summary>
    public string? Runtime { get; init; }

    /// <summary>The metrics, in the file's order; never empty. The boards' labels are their names.</summary>
    public required IReadOnlyList<MetricDeclaration> Metrics { get; init; }

    /// <summary>Whether every step is recorded for replays. Default true.</summary>
    public bool RecordSteps { get; init; } = true;

    /// <summary>What agents are told while they play.</summary>
    public AgentVisibility AgentSees { get; init; } = new();

    /// <summary>What holds for a phase whose file has no such block: the defaults.</summary>
    public static EvaluationDeclaration Default { get; } = new()
    {
        Scenarios = [new ScenarioDeclaration { Name = ScenarioDeclaration.DefaultName, Episodes = EvaluationLimits.DefaultEpisodes }],
        Metrics = [new MetricDeclaration { Name = "score" }],
    };

    /// <summary>Episodes in all.</summary>
    public int EpisodeCount => Scenarios.Sum(scenario => scenario.Episodes);

    /// <summary>The metric of this name; null when there is none.</summary>
    public MetricDeclaration? Metric(string name) => Metrics.FirstOrDefault(metric => metric.Name == name);
}

/// <summary>One kind of episode.</summary>
public sealed record ScenarioDeclaration
{
    /// <summary>The name of the scenario that a plain count of episodes makes.</summary>
    public const string DefaultName = "default";

    /// <summary>Unique in the phase: letters, digits, <c>_</c>, <c>-</c> and <c>.</c></summary>
    public required string Name { get; init; }

    /// <summary>Episodes of it. Default 1.</summary>
    public int Episodes { get; init; } = 1;

    /// <summary>The <c>options</c> of the environment's reset, a JSON object; null for none.</summary>
    public string? OptionsJson { get; init; }

    /// <summary>Seed of its first episode, the others count up from it; null for seeds derived from the phase's secret.</summary>
    public int? Seed { get; init; }

    /// <summary>How much each of its episodes counts in a mean, median, sum, IQM or success rate. Default 1.</summary>
    public double Weight { get; init; } = 1;
}

/// <summary>Whether participants may know the seeds.</summary>
public enum SeedVisibility
{
    /// <summary>Derived from a secret of the phase, which is revealed after it closes.</summary>
    Hidden,

    /// <summary>Anyone can compute them, so that a local run plays the same episodes.</summary>
    Public,
}

/// <summary>What happens to an action outside the action space.</summary>
public enum InvalidActionPolicy
{
    /// <summary>The episode is forfeited.</summary>
    Forfeit,

    /// <summary>A number beyond its bound is set to the bound; anything else (NaN, wrong type or shape) forfeits.</summary>
    Clip,
}

/// <summary>The time limits apart from a step's.</summary>
public sealed record TimeLimitDeclaration
{
    /// <summary>For fetching the images. Default 10 min.</summary>
    public TimeSpan Pull { get; init; } = EvaluationLimits.DefaultPullTime;

    /// <summary>For starting the containers. Default 1 min.</summary>
    public TimeSpan Start { get; init; } = EvaluationLimits.DefaultStartTime;

    /// <summary>From a container's start to its hello. Default 1 min.</summary>
    public TimeSpan Hello { get; init; } = EvaluationLimits.DefaultHelloTime;

    /// <summary>From hello to ready: loading the model. Default 5 min.</summary>
    public TimeSpan Ready { get; init; } = EvaluationLimits.DefaultReadyTime;

    /// <summary>For an agent's first action. Default 1 min.</summary>
    public TimeSpan FirstAction { get; init; } = EvaluationLimits.DefaultFirstActionTime;

    /// <summary>For one reset of the environment. Default 1 min.</summary>
    public TimeSpan EnvironmentReset { get; init; } = EvaluationLimits.DefaultEnvironmentResetTime;

    /// <summary>For one step of the environment. Default 30 s.</summary>
    public TimeSpan EnvironmentStep { get; init; } = EvaluationLimits.DefaultEnvironmentStepTime;

    /// <summary>For the whole evaluation, from ready to result. Default: the challenge's <c>submission_time_limit</c>, else 1 h.</summary>
    public TimeSpan Total { get; init; } = EvaluationLimits.DefaultTotalTime;
}

/// <summary>What a container may use.</summary>
public sealed record ResourceDeclaration
{
    /// <summary>Processors. Default 1.</summary>
    public double Cpus { get; init; } = EvaluationLimits.DefaultCpus;

    /// <summary>Bytes of memory; there is no swap beyond it. Default 1 GiB.</summary>
    public long MemoryBytes { get; init; } = EvaluationLimits.DefaultMemoryBytes;

    /// <summary>Bytes of the writable <c>/tmp</c>, which count as memory. Default 64 MiB.</summary>
    public long TmpBytes { get; init; } = EvaluationLimits.DefaultTmpBytes;

    /// <summary>Processes and threads. Default 256.</summary>
    public int Pids { get; init; } = EvaluationLimits.DefaultPids;

    /// <summary>GPUs. Default 0.</summary>
    public int Gpus { get; init; }
}

/// <summary>What agents are told while they play.</summary>
public sealed record AgentVisibility
{
    /// <summary>Each step's reward. Default true.</summary>
    public bool Reward { get; init; } = true;

    /// <summary>An episode's return at its end. Default true.</summary>
    public bool EpisodeReturn { get; init; } = true;

    /// <summary>What the environment gives as <c>info</c>. Default false: it may hold what the agent must not know.</summary>
    public bool Info { get; init; }
}

/// <summary>One number of a score: where it comes from and how episodes become one value.</summary>
public sealed record MetricDeclaration
{
    /// <summary>The source that is an episode's return.</summary>
    public const string FromReturn = "return";

    /// <summary>The source that is an episode's number of steps.</summary>
    public const string FromSteps = "steps";

    /// <summary>The name, which is a label of the boards.</summary>
    public required string Name { get; init; }

    /// <summary><see cref="FromReturn"/>, <see cref="FromSteps"/>, or the name of a metric that the environment reports.</summary>
    public string From { get; init; } = FromReturn;

    /// <summary>How episodes become one value. Default mean.</summary>
    public Aggregate Aggregate { get; init; } = Aggregate.Mean;

    /// <summary>With <see cref="Aggregate.SuccessRate"/>: the least value that is a success. Default 1.</summary>
    public double Threshold { get; init; } = 1;

    /// <summary>What a failed episode counts. Default 0.</summary>
    public double OnFailure { get; init; }

    /// <summary>Whether higher is better; null when the file leaves it to the board.</summary>
    public bool? HigherIsBetter { get; init; }

    /// <summary>The unit shown behind it.</summary>
    public string? Unit { get; init; }

    /// <summary>The explanation shown with it.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the value must be among the metrics that the environment reports.</summary>
    public bool IsReportedByEnvironment => From is not FromReturn and not FromSteps;
}

/// <summary>How episodes become one value.</summary>
public enum Aggregate
{
    /// <summary>The weighted mean.</summary>
    Mean,

    /// <summary>The weighted median.</summary>
    Median,

    /// <summary>The weighted sum.</summary>
    Sum,

    /// <summary>The smallest value.</summary>
    Min,

    /// <summary>The largest value.</summary>
    Max,

    /// <summary>The weighted share of episodes that reach the threshold, 0 to 1.</summary>
    SuccessRate,

    /// <summary>The weighted mean of the middle half of the values.</summary>
    Iqm,

    /// <summary>The value of the last episode.</summary>
    Last,
}
