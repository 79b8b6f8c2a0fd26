using System.Runtime.InteropServices;
using System.Text.Json;
using Palio.Protocol.Frames;
using Palio.Protocol.Spaces;
using Palio.Sdk.Values;

namespace Palio.Sdk.Sessions;

/// <summary>One environment object and the episode it is in.</summary>
internal sealed class EnvironmentGame
{
    private readonly int _maxSteps;
    private readonly ValueCursor _action;
    private readonly ValueWriter _observation;
    private readonly double[] _metrics;
    private int _steps;

    public EnvironmentGame(int maxSteps, IEnvironment environment)
    {
        _maxSteps = maxSteps;
        Environment = environment;
        (ObservationSpace, ActionSpace, Metrics) = (environment.ObservationSpace, environment.ActionSpace, environment.Metrics);
        _action = new ValueCursor(ActionSpace, isReading: true);
        _observation = new ValueWriter(ObservationSpace);
        _metrics = new double[Metrics.Count];
    }

    public IEnvironment Environment { get; }

    public Space ObservationSpace { get; }

    public Space ActionSpace { get; }

    public IReadOnlyList<string> Metrics { get; }

    public string? Check(Span<byte> action) => ReceivedValue.Check(ActionSpace, action);

    public void Reset(ulong seed, JsonElement? options)
    {
        _steps = 0;
        _observation.Start();
        Environment.Reset(seed, options, _observation);
    }

    public StepResult Step(ReadOnlySpan<byte> action)
    {
        _steps++;
        _observation.Start();
        return Environment.Step(new ValueReader(action, _action), _observation);
    }

    public void WriteState(FrameWriter writer, EntryHeader request, StepResult result)
    {
        var observation = _observation.Finish("the observation");
        // The referee may end the episode at its cap: metrics must be there by then.
        var isOver = result.Terminated || result.Truncated || (_steps >= _maxSteps);
        var metrics = isOver && _metrics.Length > 0 ? Measure() : [];
        var flags = (result.Terminated ? EntryFlags.Terminated : 0) | (result.Truncated ? EntryFlags.Truncated : 0)
            | (metrics.IsEmpty ? 0 : EntryFlags.Metrics);
        var header = new EntryHeader(request.Tick, request.Slot, request.Seat, flags, result.Reward, 0, 0);
        var payload = writer.Add(header, observation.Length + metrics.Length);
        observation.CopyTo(payload);
        metrics.CopyTo(payload[observation.Length..]);
    }

    private ReadOnlySpan<byte> Measure()
    {
        Array.Fill(_metrics, double.NaN);
        Environment.Measure(_metrics);
        return MemoryMarshal.AsBytes(_metrics.AsSpan());
    }
}
