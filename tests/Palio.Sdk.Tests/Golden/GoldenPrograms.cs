using System.Text.Json;
using Palio.Protocol.Spaces;

namespace Palio.Sdk.Tests.Golden;

/// <summary>Environment "counter" of tests/golden.</summary>
internal class Counter : IEnvironment
{
    private long _seed;
    private long _sum;
    private int _scenario;

    public Space ObservationSpace { get; } = BoxSpace.Create<long>([3], 0, 1000);

    public Space ActionSpace { get; } = new DiscreteSpace(3, -1);

    public IReadOnlyList<string> Metrics => ["sum"];

    protected int Steps { get; private set; }

    public void Reset(ulong seed, JsonElement? options, ValueWriter observation)
    {
        (_seed, _sum, Steps) = ((long)seed, 0, 0);
        _scenario = options?.GetProperty("scenario").GetString()!.Length ?? 0;
        observation.Write(_seed, Steps, _scenario);
    }

    public virtual StepResult Step(ValueReader action, ValueWriter observation)
    {
        var chosen = action.ReadInteger();
        Steps++;
        _sum += chosen;
        observation.Write(_seed, Steps, _scenario);
        return new StepResult(chosen * 0.5, Terminated: Steps == 3);
    }

    public void Measure(Span<double> values) => values[0] = _sum;
}

/// <summary>Environment "crash".</summary>
internal sealed class Crash : Counter
{
    public override StepResult Step(ValueReader action, ValueWriter observation) =>
        Steps == 1 ? throw new InvalidOperationException("the second step") : base.Step(action, observation);
}

/// <summary>Environment "infinite".</summary>
internal sealed class Infinite : Counter
{
    public override StepResult Step(ValueReader action, ValueWriter observation)
    {
        var result = base.Step(action, observation);
        return Steps == 2 ? result with { Reward = double.PositiveInfinity } : result;
    }
}

/// <summary>Environment "echo".</summary>
internal sealed class Echo(Space space) : IEnvironment
{
    private int _steps;

    public Space ObservationSpace => space;

    public Space ActionSpace => space;

    public void Reset(ulong seed, JsonElement? options, ValueWriter observation)
    {
        _steps = 0;
        observation.Write<byte>(0, 128, 255);
        observation.Write(false, true);
        observation.Write((Half)(-1.5));
        observation.WriteInteger(5);
        observation.Write<long>(2, -2);
        observation.WriteCount(2);
        observation.WriteText("ab");
        observation.Write(0.1);
        observation.WriteText("c");
        observation.Write(-10.0);
        observation.Write(-1.5f, 3e38f, 0, 0.5f);
        observation.Write<byte>(1, 0, 0, 1);
        observation.WriteText("hé€");
    }

    public StepResult Step(ValueReader action, ValueWriter observation)
    {
        Copy(action, observation);
        return new StepResult(1, Terminated: ++_steps == 2);
    }

    /// <summary>Reads the value leaf by leaf and writes it again.</summary>
    public static void Copy(ValueReader from, ValueWriter to)
    {
        to.Write(from.Read<byte>());
        to.Write(from.Read<bool>());
        to.Write(from.Read<Half>());
        to.WriteInteger(from.ReadInteger());
        from.Read<long>().CopyTo(to.Fill<long>());
        var count = from.ReadCount();
        to.WriteCount(count);
        for (var i = 0; i < count; i++)
        {
            to.WriteText(from.ReadText());
            to.Write(from.Read<double>());
        }

        to.Write(from.Read<float>());
        to.Write(from.Read<byte>());
        to.WriteText(from.ReadText());
    }
}
