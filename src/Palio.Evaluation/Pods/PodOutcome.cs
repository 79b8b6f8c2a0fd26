using Palio.Evaluation.Scoring;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Pods;

/// <summary>All that is known of a pod after it is gone. The fault judge makes a verdict of it.</summary>
public sealed record PodOutcome
{
    /// <summary>The images were taken for ones made for EvalAI.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>A fault that kept the pod from running: image, start, engine.</summary>
    public Fault? NotStarted { get; init; }

    /// <summary>Why it was ended from outside; null when the referee ended by itself.</summary>
    public PodStop? Stopped { get; init; }

    /// <summary>How the agent's container ended; null when it never ran.</summary>
    public PartEnding? Agent { get; init; }

    /// <summary>How the environment's container ended; null when it never ran.</summary>
    public PartEnding? Environment { get; init; }

    /// <summary>How the referee ended; null when it never ran.</summary>
    public PartEnding? Referee { get; init; }

    /// <summary>What the referee said, summed up.</summary>
    public required RefereeSummary Said { get; init; }

    /// <summary>The agent's output, capped, neutralised.</summary>
    public string AgentLog { get; init; } = "";

    /// <summary>The environment's output, capped, neutralised.</summary>
    public string EnvironmentLog { get; init; } = "";

    /// <summary>The referee's own complaints (its standard error); for operators.</summary>
    public string RefereeLog { get; init; } = "";

    /// <summary>What came of scoring; null where the two sides played.</summary>
    public ScoringFacts? Scoring { get; init; }

    /// <summary>What was in force.</summary>
    public PodPolicy? Policy { get; init; }

    /// <summary>How long each part took.</summary>
    public required PodTimings Timings { get; init; }
}

/// <summary>Why a pod was ended from outside.</summary>
public enum PodStop
{
    /// <summary>The caller asked.</summary>
    Cancelled,

    /// <summary>The deadline passed.</summary>
    Deadline,

    /// <summary>A side had ended and the referee did not.</summary>
    SideEnded,

    /// <summary>An environment that scores itself sent its result.</summary>
    Scored,

    /// <summary>The agent of an environment that scores itself ended well, and no result came.</summary>
    NoResult,

    /// <summary>The environment said no hello and opened EvalAI's port instead.</summary>
    EnvironmentIsLegacy,

    /// <summary>The referee's output could not be believed.</summary>
    RefereeBroke,
}

/// <summary>How a container or process ended.</summary>
/// <param name="ExitCode">Exit code, 128 + signal when a signal did it.</param>
/// <param name="OutOfMemory">The kernel killed it for its memory: the engine saw it, or it was ended by a SIGKILL that was not ours.</param>
/// <param name="KilledByUs">It was still running when the pod was ended.</param>
/// <param name="Error">The engine's word on it, when it has one.</param>
public sealed record PartEnding(int ExitCode, bool OutOfMemory = false, bool KilledByUs = false, string? Error = null)
{
    /// <summary>The signal that ended it, if one did.</summary>
    public int? Signal => ExitCode is > 128 and < 193 ? ExitCode - 128 : null;
}

/// <summary>What the referee said, as far as it could be believed.</summary>
public sealed record RefereeSummary
{
    /// <summary>Nothing was said.</summary>
    public static RefereeSummary Nothing { get; } = new();

    /// <summary>The sockets listened.</summary>
    public bool Started { get; init; }

    /// <summary>The agent said hello.</summary>
    public bool AgentHello { get; init; }

    /// <summary>The environment said hello.</summary>
    public bool EnvironmentHello { get; init; }

    /// <summary>The agent said ready.</summary>
    public bool AgentReady { get; init; }

    /// <summary>The environment said ready.</summary>
    public bool EnvironmentReady { get; init; }

    /// <summary>Episodes with a row.</summary>
    public int Episodes { get; init; }

    /// <summary>The fault that ended play.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The first fault that forfeited an episode without ending play.</summary>
    public Fault? FirstForfeit { get; init; }

    /// <summary>The last line of a complete play.</summary>
    public PlayResult? Result { get; init; }

    /// <summary>The scores of an environment that scores itself, as JSON.</summary>
    public string? Scored { get; init; }

    /// <summary>Why the output could not be believed, when it could not.</summary>
    public string? Breach { get; init; }
}
