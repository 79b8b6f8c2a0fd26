using System.Text.Json;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Referee.Sockets;

namespace Palio.Referee.Playing;

/// <summary>The agent: gets observations, and owes an action for each while its clock runs.</summary>
internal sealed class AgentSide(SideConnection connection, RefereePlan plan, TimeProvider time) : Side(connection, SideCodes.Agent, time)
{
    // Up to this a payload is copied behind its header; beyond, it is sent from where it stands.
    private const int LargestCopied = 4 * 1024;

    private readonly long _patience = (long)Math.Max(plan.Budgets.FirstActionMs, plan.Budgets.StepMs) + plan.Budgets.BankMs + 1;
    private bool _open;
    private bool _single;

    public AgentClock Clock { get; } = new(time);

    public void Welcome(GameRules rules, EnvironmentSide environment)
    {
        var (seat, budgets) = (rules.Spec.Seats[0], plan.Budgets);
        var welcome = new Welcome
        {
            Protocol = FrameLimits.Version,
            Slots = rules.Slots,
            MaxSteps = plan.MaxSteps,
            ActionPolicy = plan.ActionPolicy,
            Seats = [new WelcomeSeat(0, seat.ObservationSpace, seat.ActionSpace, seat.Name)],
            Limits = new AgentLimits
            {
                MaxMessage = plan.MaxMessageBytes,
                ReadyMs = budgets.ReadyMs,
                FirstActionMs = budgets.FirstActionMs,
                StepMs = budgets.StepMs,
                BankMs = budgets.BankMs,
                TotalMs = budgets.TotalMs,
            },
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(welcome, StepJsonContext.Default.Welcome);
        if (body.Length > Math.Min(FrameLimits.MaxJson, plan.MaxMessageBytes - 1))
        {
            throw new FaultException(
                FaultCode.EnvironmentSpecViolation, $"the environment's Spec: its spaces make a Welcome of {body.Length} bytes, which is too large");
        }

        _single = rules.Slots == 1;
        Send(Writer.Compose(FrameType.Welcome, body), budgets.ReadyMs);
        Connection.Buffer.MaxLength = plan.MaxMessageBytes;
        ReadJson(FrameType.Ready, StepJsonContext.Default.Ready, budgets.ReadyMs, FaultCode.AgentStartTimeout, environment);
    }

    /// <summary>Adds an observation to the frame that <see cref="SendObservations"/> sends; a large one that is alone goes at once, uncopied.</summary>
    public void Observe(EntryHeader header, ReadOnlySpan<byte> observation)
    {
        if (_single && observation.Length > LargestCopied)
        {
            SendObservations();
            Writer.Begin(FrameType.Observe);
            Clock.Resume();
            Send(Writer.EndBefore(header, observation.Length), _patience, observation);
            return;
        }

        if (_open && Writer.Length + EntryHeader.ByteCount + observation.Length > plan.MaxMessageBytes)
        {
            SendObservations();
        }

        if (!_open)
        {
            Writer.Begin(FrameType.Observe);
            _open = true;
        }

        Writer.Add(header, observation);
    }

    public void SendObservations()
    {
        if (_open)
        {
            _open = false;
            Clock.Resume();
            Send(Writer.End(), _patience);
        }
    }

    public void EndEpisode(EpisodeEndMessage message)
    {
        SendObservations();

        // An agent that does not read is slow: the clock runs for it here as well.
        Clock.Resume();
        SendJson(FrameType.EpisodeEnd, message, StepJsonContext.Default.EpisodeEndMessage, _patience);
        Clock.Pause();
    }
}
