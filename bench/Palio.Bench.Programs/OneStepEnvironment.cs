using System.Text.Json;
using Palio.Protocol.Spaces;
using Palio.Sdk;

namespace Palio.Bench.Programs;

/// <summary>The shortest evaluation there is, to measure what judging one costs besides.</summary>
internal sealed class OneStepEnvironment : IEnvironment
{
    public Space ObservationSpace { get; } = BoxSpace.Create<float>([1], 0, 1);

    public Space ActionSpace { get; } = new DiscreteSpace(2);

    public void Reset(ulong seed, JsonElement? options, ValueWriter observation) => observation.Write(0f);

    public StepResult Step(ValueReader action, ValueWriter observation)
    {
        observation.Write(1f);
        return new StepResult(1, Terminated: true);
    }
}
