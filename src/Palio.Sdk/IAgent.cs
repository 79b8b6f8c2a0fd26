using Palio.Protocol.Evaluations;

namespace Palio.Sdk;

/// <summary>
/// Plays one episode at a time. Run it with <see cref="AgentProgram"/>. Several are made where several episodes are played at once; they are
/// never called at the same time. One that is <see cref="IDisposable"/> is disposed at the end.
/// </summary>
public interface IAgent
{
    /// <summary>An episode begins: forget the last one. The first <see cref="Act"/> follows.</summary>
    void Begin()
    {
    }

    /// <summary>Chooses an action.</summary>
    /// <param name="turn">What the agent sees.</param>
    /// <param name="action">Takes the action.</param>
    void Act(Turn turn, ValueWriter action);

    /// <summary>The last observation and reward of an episode, which want no action. Not called after a forfeit.</summary>
    /// <param name="turn">What the agent sees.</param>
    void Last(Turn turn)
    {
    }

    /// <summary>The episode is over.</summary>
    /// <param name="outcome">How it ended.</param>
    void End(EpisodeOutcome outcome)
    {
    }
}

/// <summary>One observation. Good until the method it was given to returns.</summary>
public readonly ref struct Turn
{
    /// <summary>What the agent sees.</summary>
    public ValueReader Observation { get; init; }

    /// <summary>Reward of the step before; 0 at the beginning of an episode.</summary>
    public double Reward { get; init; }

    /// <summary>Number of the observation in its slot, from 1, across episodes.</summary>
    public uint Tick { get; init; }

    /// <summary>The episode begins with it.</summary>
    public bool IsFirst { get; init; }

    /// <summary>The episode reached an end of its own.</summary>
    public bool IsTerminated { get; init; }

    /// <summary>The episode was cut short.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>What is left of the episode's time bank.</summary>
    public TimeSpan TimeBank { get; init; }
}

/// <summary>How an episode ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Return">Sum of the rewards, where the phase reveals it.</param>
/// <param name="Code">The fault of an episode that was forfeited or void.</param>
/// <param name="Message">The fault in words.</param>
public sealed record EpisodeOutcome(EpisodeEnd Reason, double? Return, FaultCode? Code, string? Message);
