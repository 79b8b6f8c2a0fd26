using Palio.Protocol.Spaces;

namespace Palio.Protocol.Messages;

/// <summary>The referee's answer to an environment's Hello.</summary>
public sealed record Configure
{
    /// <summary>The version chosen.</summary>
    public required int Protocol { get; init; }

    /// <summary>Episodes to play at once, at most.</summary>
    public required int Slots { get; init; }

    /// <summary>The referee truncates an episode after so many steps.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>Sizes and times.</summary>
    public required EnvironmentLimits Limits { get; init; }

    /// <summary>Metrics the phase's scoring needs.</summary>
    public IReadOnlyList<string> Metrics { get; set; } = [];
}

/// <summary>What binds an environment.</summary>
/// <param name="MaxMessage">Largest frame length in bytes.</param>
/// <param name="StepMs">For each answer, in milliseconds.</param>
public sealed record EnvironmentLimits(int MaxMessage, int StepMs);

/// <summary>What an environment declares.</summary>
public sealed record Spec
{
    /// <summary>Most metrics.</summary>
    public const int MaxMetrics = 64;

    /// <summary>Episodes it plays at once, 1 to <see cref="Configure.Slots"/>.</summary>
    public required int Slots { get; init; }

    /// <summary>One entry for each player.</summary>
    public required IReadOnlyList<SpecSeat> Seats { get; init; }

    /// <summary>Names of the metrics, in the order they travel in.</summary>
    public IReadOnlyList<string> Metrics { get; set; } = [];
}

/// <summary>A seat of an environment.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="ObservationSpace">What its player sees.</param>
/// <param name="ActionSpace">What its player may do.</param>
public sealed record SpecSeat(Space ObservationSpace, Space ActionSpace, string? Name = null);
