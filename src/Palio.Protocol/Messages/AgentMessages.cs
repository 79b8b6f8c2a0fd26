using Palio.Protocol.Evaluations;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Messages;

/// <summary>The referee's answer to an agent's Hello: what will be played.</summary>
public sealed record Welcome
{
    /// <summary>The version chosen.</summary>
    public required int Protocol { get; init; }

    /// <summary>Episodes played at once.</summary>
    public required int Slots { get; init; }

    /// <summary>The referee truncates an episode after so many steps.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>What happens to actions out of bounds.</summary>
    public required ActionPolicy ActionPolicy { get; init; }

    /// <summary>The seats the agent plays.</summary>
    public required IReadOnlyList<WelcomeSeat> Seats { get; init; }

    /// <summary>Sizes and times.</summary>
    public required AgentLimits Limits { get; init; }
}

/// <summary>A seat the agent plays.</summary>
/// <param name="Seat">Its number.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="ObservationSpace">What the agent sees.</param>
/// <param name="ActionSpace">What the agent may do.</param>
public sealed record WelcomeSeat(int Seat, Space ObservationSpace, Space ActionSpace, string? Name = null);

/// <summary>Sizes in bytes and times in milliseconds that bind an agent.</summary>
public sealed record AgentLimits
{
    /// <summary>Largest frame length in bytes.</summary>
    public required int MaxMessage { get; set; }

    /// <summary>From Welcome to Ready, in milliseconds.</summary>
    public required int ReadyMs { get; init; }

    /// <summary>For the first action of a session, in milliseconds.</summary>
    public required int FirstActionMs { get; init; }

    /// <summary>For each action, in milliseconds.</summary>
    public required int StepMs { get; init; }

    /// <summary>Beyond the step limits, in each episode, in milliseconds.</summary>
    public required int BankMs { get; init; }

    /// <summary>For the whole session, in milliseconds.</summary>
    public required int TotalMs { get; init; }
}

/// <summary>The agent has loaded its models. No content yet.</summary>
public sealed record Ready;

/// <summary>An episode ended.</summary>
public sealed record EpisodeEndMessage
{
    /// <summary>The slot it was played in.</summary>
    public required int Slot { get; init; }

    /// <summary>Why.</summary>
    public required EpisodeEnd Reason { get; init; }

    /// <summary>The fault of a forfeited or void episode.</summary>
    public FaultCode? Code { get; init; }

    /// <summary>The fault in words.</summary>
    public string? Message { get; set; }

    /// <summary>Sum of the rewards, where the phase reveals it.</summary>
    public double? Return { get; init; }
}

/// <summary>The sender ends the session and says why.</summary>
public sealed record FaultMessage
{
    /// <summary>The fault's name. A newer side may send names this version does not know.</summary>
    public string? Code { get; init; }

    /// <summary>Whose part it was.</summary>
    public string? Blame { get; init; }

    /// <summary>What happened.</summary>
    public string Message { get; set; } = "";

    /// <summary>What to do next.</summary>
    public string? Remedy { get; init; }

    /// <summary>Whether the session ends with it.</summary>
    public bool Fatal { get; set; } = true;
}

/// <summary>No more episodes: close and exit.</summary>
/// <param name="Reason"><c>done</c> or <c>environment_fault</c>.</param>
/// <param name="GraceMs">Milliseconds to exit in.</param>
public sealed record Finish(string Reason, int GraceMs);
