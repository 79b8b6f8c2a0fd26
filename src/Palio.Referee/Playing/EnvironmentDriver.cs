using System.Buffers.Binary;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Spaces;

namespace Palio.Referee.Playing;

/// <summary>Gathers what the environment is asked, asks it, and checks what it answers.</summary>
internal sealed class EnvironmentDriver(GameRules rules, EnvironmentSide environment, AgentClock agentClock, Slot[] slots)
{
    private const EntryFlags Ends = EntryFlags.Terminated | EntryFlags.Truncated;

    private readonly FrameWriter _request = new();
    private readonly Slot[] _asked = new Slot[slots.Length];
    private FrameType _kind;
    private int _count;

    public EnvironmentSide Side => environment;

    public bool HasRequest => _count > 0;

    public void Reset(Slot slot, GameLoop game)
    {
        var options = ResetOptions.Of(slot.Episode);
        var payload = Add(FrameType.Reset, slot, sizeof(ulong) + options.Length, game);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, (ulong)slot.Episode.Seed);
        options.CopyTo(payload[sizeof(ulong)..]);
    }

    public void Step(Slot slot, ReadOnlySpan<byte> action, GameLoop game) => action.CopyTo(Add(FrameType.Step, slot, action.Length, game));

    /// <summary>Asks, when there is something to ask, and hands the answers to the game.</summary>
    public void Exchange(GameLoop game)
    {
        if (_count == 0)
        {
            return;
        }

        // Whatever the agent still owes, it does not pay for the environment's time.
        agentClock.Pause();
        var count = _count;
        _count = 0;
        var reader = new HotFrameReader(environment.Ask(_request.End()));
        if (reader.Count != count && reader.Error is null)
        {
            throw environment.Broke($"expected a State of {count} entries, got {reader.Count}");
        }

        for (var i = 0; reader.TryNext(out var header, out var payload); i++)
        {
            TakeState(_asked[i], header, payload, game);
        }

        if (reader.Error is { } error)
        {
            throw environment.Broke(error);
        }
    }

    private Span<byte> Add(FrameType kind, Slot slot, int size, GameLoop game)
    {
        if (_count > 0 && (_kind != kind || _request.Length + EntryHeader.ByteCount + size > rules.Plan.MaxMessageBytes))
        {
            Exchange(game);
        }

        if (_count == 0)
        {
            _kind = kind;
            _request.Begin(kind);
        }

        _asked[_count++] = slot;
        return _request.Add(new EntryHeader(slot.Tick, slot.Index, 0, EntryFlags.None, 0, 0, 0), size);
    }

    private void TakeState(Slot slot, EntryHeader header, Span<byte> payload, GameLoop game)
    {
        CheckHeader(slot, header);
        var metrics = Span<byte>.Empty;
        if ((header.Flags & EntryFlags.Metrics) != 0)
        {
            var observationSize = payload.Length - rules.MetricBytes;
            if (rules.MetricBytes == 0 || observationSize < 0)
            {
                throw environment.Broke($"flag metrics with {payload.Length} bytes of payload and {rules.Spec.Metrics.Count} metrics declared");
            }

            metrics = payload[observationSize..];
            payload = payload[..observationSize];
            CheckMetrics(slot, metrics);
        }

        if (rules.ObservationSpace.Check(payload, MemberRule.Observation) is { } wrong)
        {
            throw Violation(slot, FaultCode.EnvironmentSpecViolation, $"observation: {wrong}");
        }

        game.Take(slot, header, payload, metrics, environment.LastMs);
    }

    private void CheckHeader(Slot slot, EntryHeader header)
    {
        if (header.Slot != slot.Index || header.Tick != slot.Tick || header.Seat != 0)
        {
            throw environment.Broke(
                $"expected slot {slot.Index}, seat 0, tick {slot.Tick} in State; got slot {header.Slot}, seat {header.Seat}, tick {header.Tick}");
        }

        if ((header.Flags & ~(Ends | EntryFlags.Metrics)) != 0 || header.Value != 0)
        {
            throw environment.Broke($"State has flags 0x{(byte)header.Flags:x2} and value {header.Value}");
        }

        if (!double.IsFinite(header.Reward))
        {
            throw Violation(slot, FaultCode.EnvironmentBadReward, $"expected a finite reward, got {header.Reward}");
        }

        if (!double.IsFinite(slot.Return + header.Reward))
        {
            throw Violation(slot, FaultCode.EnvironmentBadReward, "the sum of the rewards is not finite");
        }

        if (slot.IsFirst && ((header.Flags & Ends) != 0 || header.Reward != 0))
        {
            throw environment.Broke("the State after Reset has a reward or an end");
        }
    }

    private static void CheckMetrics(Slot slot, ReadOnlySpan<byte> metrics)
    {
        for (; !metrics.IsEmpty; metrics = metrics[sizeof(double)..])
        {
            var value = BinaryPrimitives.ReadDoubleLittleEndian(metrics);
            if (double.IsInfinity(value))
            {
                throw Violation(slot, FaultCode.EnvironmentSpecViolation, "a metric is infinite");
            }
        }
    }

    private static FaultException Violation(Slot slot, FaultCode code, string what) =>
        new(code, $"{what} (episode {slot.Episode.Ordinal}, step {slot.Steps})");
}
