using System.Text.Json;
using Palio.Protocol.Spaces;
using Palio.Sdk;

namespace Palio.Bench.Programs;

/// <summary>Answers every step with the same four numbers, without end: what is measured is the way between the sides.</summary>
internal sealed class StillEnvironment : IEnvironment
{
    public Space ObservationSpace { get; } = BoxSpace.Create<double>([4], 0, 255);

    public Space ActionSpace { get; } = new DiscreteSpace(2);

    public void Reset(ulong seed, JsonElement? options, ValueWriter observation) => observation.Write(1.0, 1.0, 1.0, 1.0);

    public StepResult Step(ValueReader action, ValueWriter observation)
    {
        observation.Write(1.0, 1.0, 1.0, 1.0);
        return new StepResult(1);
    }
}
