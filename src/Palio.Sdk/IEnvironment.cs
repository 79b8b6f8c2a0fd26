using System.Text.Json;
using Palio.Protocol.Spaces;

namespace Palio.Sdk;

/// <summary>
/// One episode at a time of a game, with Gymnasium's meaning. Run it with <see cref="EnvironmentProgram"/>. Several are made where several
/// episodes are played at once; they are never called at the same time. One that is <see cref="IDisposable"/> is disposed at the end.
/// </summary>
public interface IEnvironment
{
    /// <summary>What the agent sees. Asked once.</summary>
    Space ObservationSpace { get; }

    /// <summary>What the agent may do. Asked once.</summary>
    Space ActionSpace { get; }

    /// <summary>Names of the numbers that the board may score by, besides return and steps. Default none.</summary>
    IReadOnlyList<string> Metrics => [];

    /// <summary>Begins an episode. Equal seeds and options must begin equal episodes.</summary>
    /// <param name="seed">All randomness of the episode comes from it.</param>
    /// <param name="options">A JSON object, or null; its <c>scenario</c> names the scenario where the phase has scenarios.</param>
    /// <param name="observation">Takes the first observation.</param>
    void Reset(ulong seed, JsonElement? options, ValueWriter observation);

    /// <summary>Plays one step.</summary>
    /// <param name="action">A member of <see cref="ActionSpace"/>.</param>
    /// <param name="observation">Takes the observation after it.</param>
    StepResult Step(ValueReader action, ValueWriter observation);

    /// <summary>Tells the metrics' values. Asked when the episode ends.</summary>
    /// <param name="values">One for each of <see cref="Metrics"/>, in that order; NaN for one that has no value.</param>
    void Measure(Span<double> values)
    {
    }
}

/// <summary>What a step came to, besides the observation.</summary>
/// <param name="Reward">The reward; finite.</param>
/// <param name="Terminated">The episode reached an end of its own.</param>
/// <param name="Truncated">The episode was cut short, by a time limit for example.</param>
public readonly record struct StepResult(double Reward, bool Terminated = false, bool Truncated = false);
