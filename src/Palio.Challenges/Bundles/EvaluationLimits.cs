namespace Palio.Challenges.Bundles;

/// <summary>Defaults of the <c>evaluation</c> block, and the range each value must be in.</summary>
public static class EvaluationLimits
{
    /// <summary>Episodes when the block does not say: 10.</summary>
    public const int DefaultEpisodes = 10;

    /// <summary>Most episodes of a phase, all scenarios together: 10,000.</summary>
    public const int MaxEpisodes = 10_000;

    /// <summary>Most scenarios of a phase: 1,000.</summary>
    public const int MaxScenarios = 1_000;

    /// <summary>Longest <c>options</c> of a scenario as JSON, in characters: 16,384.</summary>
    public const int MaxOptionsLength = 16_384;

    /// <summary>Largest <c>max_steps</c>: 100 million.</summary>
    public const int MaxSteps = 100_000_000;

    /// <summary>Most slots: 1,024.</summary>
    public const int MaxSlots = 1_024;

    /// <summary>Most metrics of a phase: 32.</summary>
    public const int MaxMetrics = 32;

    /// <summary>Largest absolute number of a metric's settings: 1e15, which a double still counts in ones.</summary>
    public const double MaxMagnitude = 1e15;

    /// <summary>Largest weight of a scenario: 1e6.</summary>
    public const double MaxWeight = 1e6;

    /// <summary>Most processors of a container: 256.</summary>
    public const double MaxCpus = 256;

    /// <summary>Fewest processors of a container: 0.1.</summary>
    public const double MinCpus = 0.1;

    /// <summary>Processors when the block does not say: 1.</summary>
    public const double DefaultCpus = 1;

    /// <summary>Memory when the block does not say: 1 GiB.</summary>
    public const long DefaultMemoryBytes = 1L << 30;

    /// <summary>Least memory of a container: 16 MiB.</summary>
    public const long MinMemoryBytes = 16L << 20;

    /// <summary>Most memory of a container: 4 TiB.</summary>
    public const long MaxMemoryBytes = 4L << 40;

    /// <summary>The writable <c>/tmp</c> when the block does not say: 64 MiB.</summary>
    public const long DefaultTmpBytes = 64L << 20;

    /// <summary>Largest submitted file when the block does not say: 100 MiB.</summary>
    public const long DefaultFileBytes = 100L << 20;

    /// <summary>Largest file that can be asked for: 64 GiB; the operator may allow less.</summary>
    public const long MaxFileBytes = 64L << 30;

    /// <summary>Processes and threads when the block does not say: 256.</summary>
    public const int DefaultPids = 256;

    /// <summary>Fewest processes and threads: 4.</summary>
    public const int MinPids = 4;

    /// <summary>Most processes and threads: 32,768.</summary>
    public const int MaxPids = 32_768;

    /// <summary>Most GPUs of a container: 16.</summary>
    public const int MaxGpus = 16;

    /// <summary>A step when the block does not say: 1 s.</summary>
    public static readonly TimeSpan DefaultStepTime = TimeSpan.FromSeconds(1);

    /// <summary>Shortest step: 1 ms.</summary>
    public static readonly TimeSpan MinStepTime = TimeSpan.FromMilliseconds(1);

    /// <summary>Longest step: 1 h.</summary>
    public static readonly TimeSpan MaxStepTime = TimeSpan.FromHours(1);

    /// <summary>The time bank when the block does not say: 10 s.</summary>
    public static readonly TimeSpan DefaultTimeBank = TimeSpan.FromSeconds(10);

    /// <summary>Fetching images when the block does not say: 10 min.</summary>
    public static readonly TimeSpan DefaultPullTime = TimeSpan.FromMinutes(10);

    /// <summary>Starting containers when the block does not say: 1 min.</summary>
    public static readonly TimeSpan DefaultStartTime = TimeSpan.FromMinutes(1);

    /// <summary>From start to hello when the block does not say: 1 min.</summary>
    public static readonly TimeSpan DefaultHelloTime = TimeSpan.FromMinutes(1);

    /// <summary>From hello to ready when the block does not say: 5 min.</summary>
    public static readonly TimeSpan DefaultReadyTime = TimeSpan.FromMinutes(5);

    /// <summary>An agent's first action when the block does not say: 1 min.</summary>
    public static readonly TimeSpan DefaultFirstActionTime = TimeSpan.FromMinutes(1);

    /// <summary>One reset of the environment when the block does not say: 1 min.</summary>
    public static readonly TimeSpan DefaultEnvironmentResetTime = TimeSpan.FromMinutes(1);

    /// <summary>One step of the environment when the block does not say: 30 s.</summary>
    public static readonly TimeSpan DefaultEnvironmentStepTime = TimeSpan.FromSeconds(30);

    /// <summary>The whole evaluation when neither the block nor the challenge says: 1 h.</summary>
    public static readonly TimeSpan DefaultTotalTime = TimeSpan.FromHours(1);

    /// <summary>Shortest of the other time limits: 100 ms.</summary>
    public static readonly TimeSpan MinTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest of all time limits: 7 days.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(7);
}
