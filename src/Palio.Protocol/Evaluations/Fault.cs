namespace Palio.Protocol.Evaluations;

/// <summary>A failure as a value. An evaluation cannot be stored as failed without one.</summary>
public sealed record Fault
{
    /// <summary>What went wrong.</summary>
    public required FaultCode Code { get; init; }

    /// <summary>Whose part it was; by default <see cref="FaultCatalog.BlameOf"/> of the code.</summary>
    public required Blame Blame { get; init; }

    /// <summary>One or two sentences for a person: what happened, with numbers ("expected … got …").</summary>
    public required string Message { get; init; }

    /// <summary>What to do next.</summary>
    public required string Remedy { get; init; }

    /// <summary>Ordinal of the episode it happened in, from 0; null before play.</summary>
    public int? Episode { get; init; }

    /// <summary>Step within the episode, from 0; null outside an episode.</summary>
    public long? Step { get; init; }

    /// <summary>Exit code of the blamed container, when it ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Number of the signal that ended the container (9 = SIGKILL), when one did.</summary>
    public int? Signal { get; init; }

    /// <summary>The kernel killed the container for its memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Last lines of the agent's output, control characters neutralised, at most 8 KiB.</summary>
    public string? AgentLogTail { get; init; }

    /// <summary>Last lines of the environment's output, at most 8 KiB. Shown to hosts, and to participants where the phase allows.</summary>
    public string? EnvironmentLogTail { get; init; }

    /// <summary>Makes a fault with the catalogue's blame and remedy.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="episode">Episode ordinal, from 0.</param>
    /// <param name="step">Step within the episode, from 0.</param>
    public static Fault Of(FaultCode code, string message, int? episode = null, long? step = null) => new()
    {
        Code = code,
        Blame = FaultCatalog.BlameOf(code),
        Message = message,
        Remedy = FaultCatalog.RemedyOf(code),
        Episode = episode,
        Step = step,
    };
}
