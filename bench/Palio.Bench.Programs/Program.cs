using System.Text.Json;
using Palio.Protocol.Spaces;
using Palio.Sdk;

// The shortest evaluation there is, to measure what judging one costs besides; "exit" is a container that does nothing.
switch (args)
{
    case ["exit"]:
        return 0;
    case ["environment"]:
        return EnvironmentProgram.Run<OneStepEnvironment>();
    case ["agent"]:
        return AgentProgram.Run((_, action) => action.WriteInteger(0));
    default:
        await Console.Error.WriteLineAsync("usage: one-step agent | environment | exit");
        return 64;
}

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
