using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;
using Palio.Sdk.Values;

namespace Palio.Sdk.Sessions;

/// <summary>The agent's part: an action for each observation that is not its episode's last.</summary>
internal sealed class AgentSession(Connection connection, Func<AgentSetup, IAgent> make) : Session
{
    private readonly List<IAgent> _agents = [];
    private byte _seat;
    private Space _observations = null!; // Set by Greet, before anything is played.
    private ValueCursor _cursor = null!;
    private ValueWriter _action = null!;

    public override void Play()
    {
        Greet();
        connection.SendJson(FrameType.Ready, new Ready(), StepJsonContext.Default.Ready);
        while (true)
        {
            var frame = connection.Receive();
            switch (frame.Type)
            {
                case FrameType.Observe:
                    Answer(frame.Body);
                    break;
                case FrameType.EpisodeEnd:
                    End(connection.Parse(frame, StepJsonContext.Default.EpisodeEndMessage));
                    break;
                case FrameType.Finish:
                    return;
                default:
                    throw connection.Unexpected(frame.Type, "Observe, EpisodeEnd or Finish");
            }
        }
    }

    public override void Release(TextWriter errors) => Release(_agents, errors);

    private void Greet()
    {
        connection.SendJson(FrameType.Hello, Manners.Hello(Hello.Agent), StepJsonContext.Default.Hello);
        var welcome = connection.Expect(FrameType.Welcome, StepJsonContext.Default.Welcome);
        connection.Agree(welcome.Protocol, welcome.Limits.MaxMessage);
        if (welcome.Slots is < 1 or > FrameLimits.MaxEntries || welcome.Seats is not [{ Seat: >= 0 and <= byte.MaxValue } seat])
        {
            throw connection.Broken($"a Welcome of {welcome.Slots} slots and {welcome.Seats.Count} seats, where 1 to 1024 slots and 1 seat are played");
        }

        _seat = (byte)seat.Seat;
        _observations = seat.ObservationSpace;
        _cursor = new ValueCursor(seat.ObservationSpace, isReading: true);
        _action = new ValueWriter(seat.ActionSpace);
        for (var slot = 0; slot < welcome.Slots; slot++)
        {
            _agents.Add(make(new AgentSetup
            {
                ObservationSpace = seat.ObservationSpace,
                ActionSpace = seat.ActionSpace,
                Slot = slot,
                Slots = welcome.Slots,
                MaxSteps = welcome.MaxSteps,
                ActionPolicy = welcome.ActionPolicy,
                Limits = welcome.Limits,
            }));
        }
    }

    private void Answer(Span<byte> body)
    {
        var writer = connection.Writer;
        writer.Begin(FrameType.Act);
        var reader = new HotFrameReader(body);
        while (reader.TryNext(out var header, out var payload))
        {
            Check(header, payload);
            var agent = _agents[header.Slot];
            var turn = TurnOf(header, payload);
            if (turn.IsFirst)
            {
                agent.Begin();
            }

            if (turn.IsTerminated || turn.IsTruncated)
            {
                agent.Last(turn);
            }
            else
            {
                Add(writer, header, Act(agent, turn));
            }
        }

        if (reader.Error is { } error)
        {
            throw connection.Broken($"an Observe that does not add up: {error}");
        }

        if (writer.Count > 0)
        {
            connection.Send(writer.End());
        }
    }

    private void Check(EntryHeader header, Span<byte> payload)
    {
        if (header.Slot >= _agents.Count || header.Seat != _seat)
        {
            throw connection.Broken($"an Observe for slot {header.Slot}, seat {header.Seat}, which Welcome did not name");
        }

        if (ReceivedValue.Check(_observations, payload) is { } wrong)
        {
            throw connection.Broken($"an observation that is none: {wrong}");
        }
    }

    private Turn TurnOf(EntryHeader header, ReadOnlySpan<byte> payload) => new()
    {
        Observation = new ValueReader(payload, _cursor),
        Reward = header.Reward,
        Tick = header.Tick,
        IsFirst = header.Flags.HasFlag(EntryFlags.First),
        IsTerminated = header.Flags.HasFlag(EntryFlags.Terminated),
        IsTruncated = header.Flags.HasFlag(EntryFlags.Truncated),
        TimeBank = TimeSpan.FromMilliseconds(header.Value),
    };

    private ReadOnlySpan<byte> Act(IAgent agent, Turn turn)
    {
        _action.Start();
        agent.Act(turn, _action);
        return _action.Finish("the action");
    }

    private void Add(FrameWriter writer, EntryHeader header, ReadOnlySpan<byte> action)
    {
        if (writer.Count > 0 && writer.Length + EntryHeader.ByteCount + action.Length > connection.MaxMessage)
        {
            connection.Send(writer.End());
            writer.Begin(FrameType.Act);
        }

        writer.Add(new EntryHeader(header.Tick, header.Slot, header.Seat, EntryFlags.None, 0, 0, 0), action);
        if (writer.Length > connection.MaxMessage)
        {
            throw new InvalidValueException($"expected an action that fits into a message of {connection.MaxMessage} bytes, got {action.Length} bytes");
        }
    }

    private void End(EpisodeEndMessage message)
    {
        if (message.Slot < 0 || message.Slot >= _agents.Count)
        {
            throw connection.Broken($"an EpisodeEnd for slot {message.Slot}, which Welcome did not name");
        }

        _agents[message.Slot].End(new EpisodeOutcome(message.Reason, message.Return, message.Code, message.Message));
    }
}
