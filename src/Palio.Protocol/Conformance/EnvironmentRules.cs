using System.Buffers.Binary;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Conformance;

/// <summary>What an environment must do.</summary>
internal static class EnvironmentRules
{
    private const int MaxSteps = 200;

    public static ConformanceRule[] All() =>
    [
        new("dials, says Hello, declares itself in Spec, and ends well when there is nothing to play", "3, 4.5",
            "Send Hello first, answer Configure with Spec: 1 to Configure's slots, one seat with both spaces, unique metrics.", true, async (peer, token) =>
            {
                await BeginAsync(peer, 2, token).ConfigureAwait(false);
                await HostilePeers.FinishAsync(peer, token).ConfigureAwait(false);
            }),
        new("answers Reset and Step with States as declared", "4.5", "Observations within their space, finite rewards, all metrics by the final State.", true, async (peer, token) =>
        {
            var spec = await BeginAsync(peer, 1, token).ConfigureAwait(false);
            await EpisodeAsync(peer, spec, 1, 7, MaxSteps, token).ConfigureAwait(false);
            await HostilePeers.FinishAsync(peer, token).ConfigureAwait(false);
        }),
        new("gives equal States for equal seeds and actions, and takes Reset in the middle of an episode", "4.5",
            "Take all randomness from the seed of Reset, and keep nothing of the episode before.", true, async (peer, token) =>
            {
                var spec = await BeginAsync(peer, 1, token).ConfigureAwait(false);
                var first = await EpisodeAsync(peer, spec, 1, 11, MaxSteps, token).ConfigureAwait(false);
                await EpisodeAsync(peer, spec, 1000, 12, 1, token).ConfigureAwait(false);
                var again = await EpisodeAsync(peer, spec, 2000, 11, MaxSteps, token).ConfigureAwait(false);
                for (var i = 0; i < Math.Min(first.Count, again.Count); i++)
                {
                    if (first[i] != again[i])
                    {
                        throw new ConformanceException($"the States of step {i} differ: expected {first[i]}, got {again[i]}");
                    }
                }

                if (first.Count != again.Count)
                {
                    throw new ConformanceException($"expected an episode of {first.Count - 1} steps again, got {again.Count - 1}");
                }

                await HostilePeers.FinishAsync(peer, token).ConfigureAwait(false);
            }),
        new("answers the slots of a request in their order", "4.5", "One State with an entry for each of the request's, in the same order.", true, async (peer, token) =>
        {
            var spec = await BeginAsync(peer, 3, token).ConfigureAwait(false);
            ushort[] slots = [.. Enumerable.Range(0, spec.Slots).Reverse().Select(slot => (ushort)slot)];
            await peer.SendHotAsync(FrameType.Reset, token, slots.Select(slot => Request(5, slot, Seed(slot)))).ConfigureAwait(false);
            var states = await peer.ExpectHotAsync(FrameType.State, token).ConfigureAwait(false);
            if (!states.Select(state => state.Header.Slot).SequenceEqual(slots))
            {
                throw new ConformanceException($"expected slots {string.Join(", ", slots)}, got {string.Join(", ", states.Select(state => state.Header.Slot))}");
            }

            await HostilePeers.FinishAsync(peer, token).ConfigureAwait(false);
        }),
        new("puts frames together that arrive in pieces", "1", "Read until a frame is whole: a read gives what has arrived.", true, async (peer, token) =>
        {
            await BeginAsync(peer, 1, token).ConfigureAwait(false);
            foreach (var one in peer.Hot(FrameType.Reset, [Request(1, 0, Seed(1))]))
            {
                await peer.SendAsync(new[] { one }, token).ConfigureAwait(false);
            }

            await peer.ExpectHotAsync(FrameType.State, token).ConfigureAwait(false);
            await HostilePeers.FinishAsync(peer, token).ConfigureAwait(false);
        }),
        .. HostilePeers.All((peer, token) => BeginAsync(peer, 1, token), (peer, version, token) => AnswerHelloAsync(peer, version, 1, token)),
    ];

    /// <summary>What an environment says of itself; it is started and finished for it.</summary>
    public static ConformanceRule Declaration(Action<Spec> declared) => new("declares itself in Spec", "3", "Answer Configure with Spec.", true, async (peer, token) =>
    {
        declared(await BeginAsync(peer, 1, token).ConfigureAwait(false));
        await HostilePeers.FinishAsync(peer, token).ConfigureAwait(false);
    });

    private static async Task AnswerHelloAsync(ConformancePeer peer, int version, int slots, CancellationToken token)
    {
        HostilePeers.CheckHello(await peer.ExpectAsync(FrameType.Hello, StepJsonContext.Default.Hello, token).ConfigureAwait(false), Hello.Environment);
        var configure = new Configure
        {
            Protocol = version, Slots = slots, MaxSteps = MaxSteps, Limits = new EnvironmentLimits(FrameLimits.DefaultMaxMessage, 10_000),
        };
        await peer.SendAsync(FrameType.Configure, configure, StepJsonContext.Default.Configure, token).ConfigureAwait(false);
    }

    private static async Task<Spec> BeginAsync(ConformancePeer peer, int slots, CancellationToken token)
    {
        await AnswerHelloAsync(peer, FrameLimits.Version, slots, token).ConfigureAwait(false);
        var spec = await peer.ExpectAsync(FrameType.Spec, StepJsonContext.Default.Spec, token).ConfigureAwait(false);
        if (spec.Slots < 1 || spec.Slots > slots || spec.Seats.Count != 1)
        {
            throw new ConformanceException($"expected 1 to {slots} slots and 1 seat, got {spec.Slots} slots and {spec.Seats.Count} seats");
        }

        if (spec.Metrics.Count > Spec.MaxMetrics || spec.Metrics.Distinct().Count() != spec.Metrics.Count
            || spec.Metrics.Any(name => name.Length is 0 or > 64 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-.".Contains(letter))))
        {
            throw new ConformanceException($"expected up to 64 unique names of A-Z a-z 0-9 _ - . as metrics, got {string.Join(", ", spec.Metrics)}");
        }

        return spec;
    }

    /// <summary>Plays an episode to its end, or to so many steps.</summary>
    /// <returns>What was said in each State, for comparison.</returns>
    private static async Task<List<string>> EpisodeAsync(ConformancePeer peer, Spec spec, uint tick, ulong seed, int steps, CancellationToken token)
    {
        await peer.SendHotAsync(FrameType.Reset, token, Request(tick, 0, Seed(seed))).ConfigureAwait(false);
        var (said, over) = await StateAsync(peer, spec, tick, 0, token).ConfigureAwait(false);
        List<string> states = [said];
        for (var step = 1; step <= steps && !over; step++)
        {
            tick++;
            await peer.SendHotAsync(FrameType.Step, token, Request(tick, 0, ValueSample.Of(spec.Seats[0].ActionSpace, step))).ConfigureAwait(false);
            (said, over) = await StateAsync(peer, spec, tick, step, token).ConfigureAwait(false);
            states.Add(said);
        }

        // The last value in the episode counts, so any State may carry them.
        return !over || spec.Metrics.Count == 0 || states.Any(state => state.Contains(nameof(EntryFlags.Metrics), StringComparison.Ordinal))
            ? states
            : throw new ConformanceException($"expected the metrics {string.Join(", ", spec.Metrics)} by the final State, got none");
    }

    private static async Task<(string Said, bool Over)> StateAsync(ConformancePeer peer, Spec spec, uint tick, int step, CancellationToken token)
    {
        var entries = await peer.ExpectHotAsync(FrameType.State, token).ConfigureAwait(false);
        if (entries is not [var (header, payload)] || header.Tick != tick || header is not { Slot: 0, Seat: 0, Value: 0 })
        {
            throw new ConformanceException($"step {step}: expected one entry of slot 0, seat 0, tick {tick}; got {string.Join(", ", entries.Select(entry => entry.Header))}");
        }

        var over = (header.Flags & (EntryFlags.Terminated | EntryFlags.Truncated)) != 0;
        if (step == 0 && (over || header.Reward != 0))
        {
            throw new ConformanceException($"expected reward 0 and no end after Reset, got {header}");
        }

        if (!double.IsFinite(header.Reward))
        {
            throw new ConformanceException($"step {step}: expected a finite reward, got {header.Reward}");
        }

        var metrics = header.Flags.HasFlag(EntryFlags.Metrics) ? spec.Metrics.Count * sizeof(double) : 0;
        var observation = payload.AsSpan(0, Math.Max(0, payload.Length - metrics));
        return spec.Seats[0].ObservationSpace.Check(observation, MemberRule.Observation) is { } wrong
            ? throw new ConformanceException($"step {step}: the observation is no member of its space: {wrong}")
            : ($"reward {header.Reward}, {header.Flags}, {Convert.ToHexStringLower(payload)}", over);
    }

    private static (EntryHeader, byte[]) Request(uint tick, ushort slot, byte[] payload) =>
        (new EntryHeader(tick, slot, 0, EntryFlags.None, 0, 0, 0), payload);

    private static byte[] Seed(ulong seed)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, seed);
        return bytes;
    }
}
