using System.Text.Json;
using Palio.Protocol.Spaces;
using Palio.Sdk;

namespace CartPole.Environment;

/// <summary>A pole on a cart: push left (0) or right (1) to keep it upright. One point for every step.</summary>
public sealed class CartPoleEnvironment : IEnvironment
{
    private const float FarthestPosition = (float)(2 * CartPolePhysics.MaxPosition);
    private const float FarthestAngle = (float)(2 * CartPolePhysics.MaxAngle);

    private readonly CartPolePhysics _physics = new();

    /// <inheritdoc/>
    public Space ObservationSpace { get; } = BoxSpace.Create<float>(
        [4],
        low: [-FarthestPosition, float.NegativeInfinity, -FarthestAngle, float.NegativeInfinity],
        high: [FarthestPosition, float.PositiveInfinity, FarthestAngle, float.PositiveInfinity]);

    /// <inheritdoc/>
    public Space ActionSpace { get; } = new DiscreteSpace(2);

    /// <summary>What the board may show besides the return: how far the pole leaned on average, in degrees.</summary>
    public IReadOnlyList<string> Metrics { get; } = ["lean"];

    /// <inheritdoc/>
    public void Reset(ulong seed, JsonElement? options, ValueWriter observation)
    {
        _physics.Reset(seed);
        _physics.Observe(observation.Fill<float>());
    }

    /// <inheritdoc/>
    public StepResult Step(ValueReader action, ValueWriter observation)
    {
        _physics.Step(right: action.ReadInteger() == 1);
        _physics.Observe(observation.Fill<float>());
        return new StepResult(1, Terminated: _physics.HasFallen, Truncated: _physics.Steps >= CartPolePhysics.MaxSteps);
    }

    /// <inheritdoc/>
    public void Measure(Span<double> values) => values[0] = _physics.Lean;
}
