using System.Buffers.Binary;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Referee.Recording;

namespace Palio.Referee.Playing;

/// <summary>Where a slot is.</summary>
internal enum SlotState
{
    /// <summary>No episode.</summary>
    Free,

    /// <summary>The environment owes a State.</summary>
    AwaitsState,

    /// <summary>The agent owes an Act.</summary>
    AwaitsAct,
}

/// <summary>One of the episodes played at once: its counts, its clock, its record.</summary>
internal sealed class Slot(ushort index, int metrics, EpisodeRecord record)
{
    private readonly double[] _metrics = new double[metrics];
    private uint _firstTick;
    private double _environmentMs;
    private double _slowestMs;
    private double _agentMs;

    public ushort Index { get; } = index;

    public SlotState State { get; private set; }

    public PlannedEpisode Episode { get; private set; } = new(0, 0);

    /// <summary>Number of the slot's latest observation, or of the one asked for.</summary>
    public uint Tick { get; private set; }

    /// <summary>Number of the latest observation that ended an episode.</summary>
    public uint FinalTick { get; private set; }

    public long Steps { get; private set; }

    public double Return { get; private set; }

    public TimeBank Bank { get; private set; }

    /// <summary>Reading of the agent's clock when its observation was sent.</summary>
    public double SentAt { get; set; }

    /// <summary>Milliseconds allowed for the outstanding action before the bank pays.</summary>
    public double Limit { get; set; }

    /// <summary>Number of the Act frame that spoke of the slot last.</summary>
    public long ActFrame { get; set; }

    public bool IsFirst => Steps == 0;

    /// <summary>The environment, or the step cap, ended the episode; it is only not counted yet.</summary>
    public bool IsOver => State == SlotState.AwaitsAct && FinalTick == Tick;

    /// <summary>How an episode that <see cref="IsOver"/> ended.</summary>
    public EpisodeEnd Ending => IsCapped ? EpisodeEnd.StepCap : IsTerminated ? EpisodeEnd.Terminated : EpisodeEnd.Truncated;

    /// <summary>When the outstanding action is too late, on the agent's clock.</summary>
    public double Deadline => SentAt + Bank.Allowed(Limit);

    private bool IsTerminated { get; set; }

    private bool IsCapped { get; set; }

    private uint RecordTick => Tick - _firstTick + 1;

    public void Begin(PlannedEpisode episode, double bankMs)
    {
        (Episode, Bank, State) = (episode, new TimeBank(bankMs), SlotState.AwaitsState);
        (Steps, Return, _environmentMs, _slowestMs, _agentMs) = (0, 0, 0, 0, 0);
        Array.Fill(_metrics, double.NaN);
        _firstTick = ++Tick;
        record.Begin(episode.Ordinal);
    }

    /// <summary>Books an action's time. False when it came too late.</summary>
    public bool Pay(double tookMs)
    {
        _agentMs += tookMs;
        _slowestMs = Math.Max(_slowestMs, tookMs);
        var bank = Bank;
        var paid = bank.Pay(tookMs, Limit);
        Bank = bank;
        return paid;
    }

    public void Act(ReadOnlySpan<byte> action)
    {
        record.Act(RecordTick, action);
        Tick++;
        Steps++;
        State = SlotState.AwaitsState;
    }

    /// <summary>Takes a State that was checked, and says how the episode goes on.</summary>
    public EntryFlags Take(EntryHeader header, ReadOnlySpan<byte> observation, ReadOnlySpan<byte> metrics, int maxSteps, double environmentMs)
    {
        _environmentMs += environmentMs;
        Return += header.Reward;
        for (var i = 0; i * sizeof(double) < metrics.Length; i++)
        {
            _metrics[i] = BinaryPrimitives.ReadDoubleLittleEndian(metrics[(i * sizeof(double))..]);
        }

        var ends = header.Flags & (EntryFlags.Terminated | EntryFlags.Truncated);
        IsCapped = ends == EntryFlags.None && Steps >= maxSteps;
        IsTerminated = (ends & EntryFlags.Terminated) != 0;
        ends = IsCapped ? EntryFlags.Truncated : ends;
        record.State(RecordTick, ends | (header.Flags & EntryFlags.Metrics), header.Reward, observation, metrics);
        State = SlotState.AwaitsAct;
        FinalTick = ends == EntryFlags.None ? FinalTick : Tick;
        return ends;
    }

    /// <summary>Ends the episode and frees the slot.</summary>
    public (EpisodeResult Row, byte[] Digest) End(EpisodeEnd end, FaultCode? fault, IReadOnlyList<string> names)
    {
        var code = fault is { } some ? FaultNames.Of(some) : "";
        var digest = record.End(State == SlotState.AwaitsState ? RecordTick - 1 : RecordTick, end, Return, code);
        State = SlotState.Free;
        var row = new EpisodeResult
        {
            Ordinal = Episode.Ordinal,
            Scenario = Episode.Scenario,
            Steps = Steps,
            Return = Return,
            Metrics = names.Zip(_metrics).Where(pair => !double.IsNaN(pair.Second)).ToDictionary(pair => pair.First, pair => pair.Second),
            End = end,
            Fault = fault,
            AgentMs = Math.Round(_agentMs, 3),
            EnvironmentMs = Math.Round(_environmentMs, 3),
            SlowestActionMs = Math.Round(_slowestMs, 3),
        };
        return (row, digest);
    }
}
