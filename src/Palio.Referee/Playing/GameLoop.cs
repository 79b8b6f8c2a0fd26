using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Referee.Events;
using Palio.Referee.Recording;
using Palio.Referee.Sockets;

namespace Palio.Referee.Playing;

/// <summary>Plays the schedule: one thread, no allocation from step to step.</summary>
internal sealed class GameLoop
{
    private const int MostDropped = 1000;
    private const int MostLateRounds = 3;

    // Every row names its fault; the words of this many are enough for anybody.
    private const int MostFaultsTold = 1000;

    private readonly GameRules _rules;
    private readonly AgentSide _agent;
    private readonly EnvironmentDriver _environment;
    private readonly Schedule _schedule;
    private readonly EventLog _events;
    private readonly Slot[] _slots;
    private long _actFrames;
    private long _taken;
    private int _dropped;
    private int _lateRounds;
    private int _told;
    private bool _freed;

    public GameLoop(GameRules rules, AgentSide agent, EnvironmentSide environment, Schedule schedule, EventLog events, RecordOutlet records)
    {
        (_rules, _agent, _schedule, _events) = (rules, agent, schedule, events);
        var metrics = rules.Spec.Metrics.Count;
        _slots = [.. Enumerable.Range(0, rules.Slots).Select(i => new Slot((ushort)i, metrics, new EpisodeRecord(records)))];
        _environment = new EnvironmentDriver(rules, environment, agent.Clock, _slots);
    }

    private RefereeBudgets Budgets => _rules.Plan.Budgets;

    public void Play()
    {
        while (true)
        {
            ResetFree();
            if (Array.TrueForAll(_slots, slot => slot.State == SlotState.Free))
            {
                return;
            }

            WaitForActs();
            Step();
        }
    }

    /// <summary>Nothing is left to be played; only the last rows may have to be written.</summary>
    public bool IsOver => _schedule.IsEmpty && Array.TrueForAll(_slots, slot => slot.State == SlotState.Free || slot.IsOver);

    /// <summary>Ends the episodes in play, because of a fault that ends more than one. What the environment has ended counts as played.</summary>
    public void EndAll(EpisodeEnd end, FaultCode code)
    {
        foreach (var slot in _slots)
        {
            if (slot.State != SlotState.Free)
            {
                var (row, digest) = slot.IsOver ? slot.End(slot.Ending, null, _rules.Spec.Metrics) : slot.End(end, code, _rules.Spec.Metrics);
                _schedule.Finish(row, digest);
            }
        }
    }

    /// <summary>The only episode in play; null when there are several or none.</summary>
    public (int Episode, long Step)? Place => Array.FindAll(_slots, slot => slot.State != SlotState.Free) is [var slot]
        ? (slot.Episode.Ordinal, slot.Steps)
        : null;

    private void ResetFree()
    {
        foreach (var slot in _slots)
        {
            if (slot.State == SlotState.Free && _schedule.TakeNext() is { } episode)
            {
                slot.Begin(episode, Budgets.BankMs);
                _environment.Reset(slot, this);
            }
        }

        _environment.Exchange(this);
        _agent.SendObservations();
    }

    private void Step()
    {
        _environment.Exchange(this);
        _agent.SendObservations();
        EndFinal();
        _schedule.Tell();
    }

    /// <summary>Takes a checked State of the environment.</summary>
    internal void Take(Slot slot, EntryHeader header, ReadOnlySpan<byte> observation, ReadOnlySpan<byte> metrics, double environmentMs)
    {
        var first = slot.IsFirst ? EntryFlags.First : EntryFlags.None;
        var ends = slot.Take(header, observation, metrics, _rules.Plan.MaxSteps, environmentMs);
        slot.SentAt = _agent.Clock.Milliseconds;
        slot.Limit = _taken == 0 ? Math.Max(Budgets.FirstActionMs, Budgets.StepMs) : Budgets.StepMs;
        _agent.Observe(new EntryHeader(slot.Tick, slot.Index, 0, first | ends, header.Reward, slot.Bank.Told, 0), observation);
    }

    private void EndFinal()
    {
        foreach (var slot in _slots)
        {
            if (slot.IsOver)
            {
                _agent.Clock.Pause();
                End(slot, slot.Ending);
            }
        }
    }

    private void End(Slot slot, EpisodeEnd end, FaultCode? code = null, string? message = null)
    {
        var (row, digest) = slot.End(end, code, _rules.Spec.Metrics);
        _schedule.Finish(row, digest);
        _agent.EndEpisode(new EpisodeEndMessage
        {
            Slot = slot.Index,
            Reason = end,
            Code = code,
            Message = message,
            Return = _rules.Plan.RevealReturns ? row.Return : null,
        });
    }

    private void Forfeit(Slot slot, FaultCode code, string message)
    {
        _freed = true;
        message = SideText.Clean(message, SideText.MaxForfeit);
        if (_told++ < MostFaultsTold)
        {
            var fault = Fault.Of(code, message, slot.Episode.Ordinal, slot.Steps);
            _events.Write(new FaultRaised { Sequence = _events.Next(), Fault = fault, Fatal = false });
        }

        End(slot, EpisodeEnd.Forfeited, code, message);
    }

    private void WaitForActs()
    {
        _freed = false;
        var soon = true;
        while (true)
        {
            while (_agent.TryRead(out var frame))
            {
                TakeActs(frame);
            }

            // A freed slot need not wait for the others: it gets its next episode at once.
            if (_environment.HasRequest || _freed || !ExpireSlots(out var left))
            {
                return;
            }

            _agent.Clock.Resume();

            if (soon && left > SideConnection.SoonMs)
            {
                soon = _agent.Connection.ReceiveSoon();

                // What the environment says unasked must not be taken for the answer to what it is asked next.
                _environment.Side.CheckSilence();
                continue;
            }

            var (agent, environment) = Polling.WaitToRead(_agent.Connection.Descriptor, _environment.Side.Connection.Descriptor, left);
            if (environment)
            {
                _environment.Side.CheckSilence();
            }

            if (agent)
            {
                _agent.Connection.Receive();
            }
        }
    }

    private void TakeActs(Frame frame)
    {
        if (frame.Type != FrameType.Act)
        {
            throw _agent.Broke($"expected Act, got frame type 0x{(int)frame.Type:x2}");
        }

        _actFrames++;
        // What arrived, arrived now; the referee's own work is nobody's time.
        var now = _agent.Clock.Pause();
        var reader = new HotFrameReader(frame.Body);
        while (reader.TryNext(out var header, out var action))
        {
            TakeAct(header, action, now);
        }

        if (reader.Error is { } error)
        {
            throw _agent.Broke(error);
        }
    }

    private void TakeAct(EntryHeader header, Span<byte> action, double now)
    {
        if (header.Slot >= _slots.Length || header.Seat != 0 || header.Flags != 0 || header.Reward != 0 || header.Value != 0)
        {
            throw _agent.Broke($"an Act's entry has slot {header.Slot} of {_slots.Length}, seat {header.Seat}, or fields that are not 0");
        }

        var slot = _slots[header.Slot];
        if (slot.ActFrame == _actFrames)
        {
            throw _agent.Broke($"two entries for slot {slot.Index} in one frame");
        }

        slot.ActFrame = _actFrames;
        if (slot.State == SlotState.AwaitsAct && header.Tick == slot.Tick)
        {
            Answer(slot, action, now);
        }
        else if (header.Tick >= slot.Tick + (slot.State == SlotState.AwaitsAct ? 1u : 0) && !IsForfeitedTick(slot, header.Tick))
        {
            throw _agent.Broke($"an Act for tick {header.Tick} of slot {slot.Index} before its observation");
        }
        else if (header.Tick == slot.FinalTick)
        {
            throw _agent.Broke($"an Act for tick {header.Tick} of slot {slot.Index}, which ended the episode");
        }
        else if (++_dropped > MostDropped)
        {
            throw _agent.Broke($"more than {MostDropped} actions for ticks that were answered or lost already");
        }
    }

    // A slot whose outstanding episode was forfeited stays at that tick until its next episode.
    private static bool IsForfeitedTick(Slot slot, uint tick) => slot.State == SlotState.Free && tick == slot.Tick;

    private void Answer(Slot slot, Span<byte> action, double now)
    {
        _taken++;
        var took = Math.Max(now - slot.SentAt, 0);
        _schedule.Times.Add(took);
        if (!slot.Pay(took))
        {
            ForfeitLate(slot);
            return;
        }

        _lateRounds = 0;
        if (_rules.ActionSpace.Check(action, _rules.ActionRule) is { } wrong)
        {
            Forfeit(slot, FaultCode.AgentInvalidAction, $"invalid action: {wrong}");
            return;
        }

        slot.Act(action);
        _schedule.Steps++;
        _environment.Step(slot, action, this);
    }

    private void ForfeitLate(Slot slot) => Forfeit(
        slot,
        FaultCode.AgentStepTimeout,
        $"no action within {slot.Limit} ms and the time bank of {Budgets.BankMs} ms");

    /// <summary>Forfeits what is too late. False when something was; else says how long to wait.</summary>
    private bool ExpireSlots(out int left)
    {
        var now = _agent.Clock.Pause();
        if (now > Budgets.TotalMs)
        {
            throw new FaultException(FaultCode.AgentTotalTimeout, $"the agent used the {Budgets.TotalMs} ms of the whole evaluation");
        }

        var next = (double)Budgets.TotalMs + 1;
        foreach (var slot in _slots)
        {
            if (slot.State != SlotState.AwaitsAct)
            {
                continue;
            }

            if (slot.Deadline < now)
            {
                slot.Pay(now - slot.SentAt);
                ForfeitLate(slot);
            }
            else
            {
                next = Math.Min(next, slot.Deadline);
            }
        }

        left = (int)Math.Min(Math.Ceiling(next - now) + 1, int.MaxValue);
        if (_freed && ++_lateRounds >= MostLateRounds)
        {
            throw new FaultException(FaultCode.AgentStepTimeout, $"no action in time in {MostLateRounds} episodes in a row: the agent is taken for hung");
        }

        return !_freed;
    }
}
