using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Conformance;

/// <summary>What an agent must do.</summary>
internal sealed class AgentRules(SpecSeat seat)
{
    public ConformanceRule[] All() =>
    [
        new("dials, says Hello, and ends well when there is nothing to play", "3, 4.1", "Send Hello as the first frame; take Finish at any time.", true, async (peer, token) =>
        {
            await HelloAsync(peer, token).ConfigureAwait(false);
            await FinishAsync(peer, token).ConfigureAwait(false);
        }),
        new("answers every observation with a member of the action space", "4.1, 4.4", "Answer with tick, slot and seat of the observation, flags, reward and value 0.", true, async (peer, token) =>
        {
            await BeginAsync(peer, 1, token).ConfigureAwait(false);
            await PlayAsync(peer, 1, 10, token).ConfigureAwait(false);
            await FinishAsync(peer, token).ConfigureAwait(false);
        }),
        new("plays one episode after another, and answers no final observation", "4.1, 4.2", "An Observe with terminated or truncated wants no Act.", true, async (peer, token) =>
        {
            await BeginAsync(peer, 1, token).ConfigureAwait(false);
            for (uint episode = 0; episode < 3; episode++)
            {
                await PlayAsync(peer, 1 + (episode * 4), 3, token).ConfigureAwait(false);
                await peer.SendHotAsync(FrameType.Observe, token, Seen(4 + (episode * 4), 0, episode == 1 ? EntryFlags.Truncated : EntryFlags.Terminated)).ConfigureAwait(false);
                await peer.SendAsync(FrameType.EpisodeEnd, """{"slot":0,"reason":"terminated","return":3.0,"later":true}""", token).ConfigureAwait(false);
            }

            await FinishAsync(peer, token).ConfigureAwait(false);
        }),
        new("goes on after a forfeit, which has no final observation", "4.1", "After EpisodeEnd wait for the next Observe.", true, async (peer, token) =>
        {
            await BeginAsync(peer, 1, token).ConfigureAwait(false);
            await PlayAsync(peer, 1, 2, token).ConfigureAwait(false);
            await peer.SendAsync(FrameType.EpisodeEnd, """{"slot":0,"reason":"forfeited","code":"AGENT_STEP_TIMEOUT","message":"slow"}""", token).ConfigureAwait(false);
            await PlayAsync(peer, 5, 2, token).ConfigureAwait(false);
            await FinishAsync(peer, token).ConfigureAwait(false);
        }),
        new("plays several slots at once", "4.1", "Answer all entries of an Observe, in one frame or several, each with its slot.", true, async (peer, token) =>
        {
            await BeginAsync(peer, 3, token).ConfigureAwait(false);
            await peer.SendHotAsync(FrameType.Observe, token, Seen(1, 2, EntryFlags.First), Seen(1, 0, EntryFlags.First), Seen(1, 1, EntryFlags.First)).ConfigureAwait(false);
            await AnswersAsync(peer, [(1, 2), (1, 0), (1, 1)], token).ConfigureAwait(false);
            await FinishAsync(peer, token).ConfigureAwait(false);
        }),
        new("puts frames together that arrive in pieces", "1", "Read until a frame is whole: a read gives what has arrived.", true, async (peer, token) =>
        {
            await BeginAsync(peer, 1, token).ConfigureAwait(false);
            foreach (var one in peer.Hot(FrameType.Observe, [Seen(1, 0, EntryFlags.First)]))
            {
                await peer.SendAsync(new[] { one }, token).ConfigureAwait(false);
            }

            await AnswersAsync(peer, [(1, 0)], token).ConfigureAwait(false);
            await FinishAsync(peer, token).ConfigureAwait(false);
        }),
        .. HostilePeers.All(BeginAsync, (peer, version, token) => AnswerHelloAsync(peer, version, 1, token)),
    ];

    private static async Task HelloAsync(ConformancePeer peer, CancellationToken token) =>
        HostilePeers.CheckHello(await peer.ExpectAsync(FrameType.Hello, StepJsonContext.Default.Hello, token).ConfigureAwait(false), Hello.Agent);

    private static Task FinishAsync(ConformancePeer peer, CancellationToken token) => HostilePeers.FinishAsync(peer, token);

    private Task BeginAsync(ConformancePeer peer, CancellationToken token) => BeginAsync(peer, 1, token);

    private async Task BeginAsync(ConformancePeer peer, int slots, CancellationToken token)
    {
        await AnswerHelloAsync(peer, FrameLimits.Version, slots, token).ConfigureAwait(false);
        await peer.ExpectAsync(FrameType.Ready, StepJsonContext.Default.Ready, token).ConfigureAwait(false);
    }

    private async Task AnswerHelloAsync(ConformancePeer peer, int version, int slots, CancellationToken token)
    {
        await HelloAsync(peer, token).ConfigureAwait(false);
        var welcome = new Welcome
        {
            Protocol = version,
            Slots = slots,
            MaxSteps = 500,
            ActionPolicy = ActionPolicy.Forfeit,
            Seats = [new WelcomeSeat(0, seat.ObservationSpace, seat.ActionSpace, seat.Name)],
            Limits = new AgentLimits
            {
                MaxMessage = FrameLimits.DefaultMaxMessage, ReadyMs = 60_000, FirstActionMs = 10_000, StepMs = 1_000, BankMs = 10_000, TotalMs = 3_600_000,
            },
        };
        await peer.SendAsync(FrameType.Welcome, welcome, StepJsonContext.Default.Welcome, token).ConfigureAwait(false);
    }

    private async Task PlayAsync(ConformancePeer peer, uint tick, int steps, CancellationToken token)
    {
        for (var step = 0; step < steps; step++, tick++)
        {
            await peer.SendHotAsync(FrameType.Observe, token, Seen(tick, 0, step == 0 ? EntryFlags.First : EntryFlags.None)).ConfigureAwait(false);
            await AnswersAsync(peer, [(tick, 0)], token).ConfigureAwait(false);
        }
    }

    private async Task AnswersAsync(ConformancePeer peer, List<(uint Tick, ushort Slot)> wanted, CancellationToken token)
    {
        while (wanted.Count > 0)
        {
            foreach (var (header, payload) in await peer.ExpectHotAsync(FrameType.Act, token).ConfigureAwait(false))
            {
                if (!wanted.Remove((header.Tick, header.Slot)) || header is not { Seat: 0, Flags: 0, Reward: 0, Value: 0 })
                {
                    throw new ConformanceException($"expected an answer to {string.Join(", ", wanted.Select(one => $"tick {one.Tick} of slot {one.Slot}"))}; got {header}");
                }

                if (seat.ActionSpace.Check(payload, MemberRule.Action) is { } wrong)
                {
                    throw new ConformanceException($"the action is no member of the action space: {wrong}");
                }
            }
        }
    }

    private (EntryHeader, byte[]) Seen(uint tick, ushort slot, EntryFlags flags) =>
        (new EntryHeader(tick, slot, 0, flags, flags == EntryFlags.First ? 0 : 1, 10_000, 0), ValueSample.Of(seat.ObservationSpace, (int)tick));
}
