using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

public sealed class TickTests
{
    [Fact]
    public void Play_SecondActionForATick_TheFirstWins()
    {
        using var honest = new Match();
        using var match = new Match();
        honest.Play(Agents.Acting(_ => 0.5f));
        match.Play(peer => Agents.Acting(seen =>
        {
            if (seen.Header.Tick > 1 && (seen.Header.Flags & EntryFlags.First) == 0)
            {
                peer.SendEntries(FrameType.Act, Entry.Act(seen.Header.Tick - 1, 0.9f));
            }

            return 0.5f;
        })(peer));
        Assert.Empty(match.Faults);
        Assert.Equal(honest.Result!.TranscriptDigest, match.Result!.TranscriptDigest);
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    public void Play_FloodOfOldTicks_IsTakenToALimit(int count, bool fatal)
    {
        using var match = new Match();
        match.Play(Agents.ActingThen(1, (peer, seen) =>
        {
            var old = peer.Compose(FrameType.Act, Entry.Act(seen.Header.Tick - 1, 0)).ToArray();
            peer.Send([.. Enumerable.Repeat(old, count).SelectMany(bytes => bytes)]);
            peer.SendEntries(FrameType.Act, Entry.Act(seen.Header.Tick, 0.5f));
            while (peer.ReadEntries(FrameType.Observe) is [var next, ..])
            {
                if (next.WantsAct)
                {
                    peer.SendEntries(FrameType.Act, Entry.Act(next.Header.Tick, 0.5f));
                }
            }
        }));
        Assert.Equal(fatal ? FaultCode.AgentProtocol : null, match.Fatal?.Code);
        Assert.Equal(fatal ? 2 : 0, match.Result!.Forfeited);
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    public void Play_TickNotSeenYet_EndsTheSession(uint tick)
    {
        using var match = new Match();
        match.Play(Agents.ActingThen(0, (peer, _) => SendAndDrain(peer, Entry.Act(tick, 0))));
        Assert.Equal(FaultCode.AgentProtocol, match.Fatal?.Code);
        Assert.Equal([EpisodeEnd.Forfeited, EpisodeEnd.Forfeited], match.Episodes.Select(e => e.End));
        Assert.Equal(RefereeProgram.Played, match.ExitCode);
    }

    [Fact]
    public void Play_ActForAFinalObservation_EndsTheSession()
    {
        using var match = new Match { Plan = Match.Planned(3, maxSteps: 1) };
        match.Play(peer =>
        {
            Agents.Greet(peer);
            while (peer.ReadEntries(FrameType.Observe) is [var seen, ..])
            {
                peer.SendEntries(FrameType.Act, Entry.Act(seen.Header.Tick, 0));
            }
        });
        Assert.Equal(FaultCode.AgentProtocol, match.Fatal?.Code);
        Assert.Contains("ended the episode", match.Fatal!.Message, StringComparison.Ordinal);
        Assert.Equal([EpisodeEnd.StepCap, EpisodeEnd.Forfeited, EpisodeEnd.Forfeited], match.Episodes.Select(e => e.End));
    }

    public static TheoryData<string, int, byte, byte, double, uint> Misfits => new()
    {
        { "slot", 1, 0, 0, 0, 0 },
        { "seat", 0, 1, 0, 0, 0 },
        { "flags", 0, 0, 2, 0, 0 },
        { "reward", 0, 0, 0, 1, 0 },
        { "not a number", 0, 0, 0, double.NaN, 0 },
        { "value", 0, 0, 0, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Play_EntryHeaderIsWrong_EndsTheSession(string what, int slot, byte seat, byte flags, double reward, uint value)
    {
        using var match = new Match();
        var header = new EntryHeader(1, (ushort)slot, seat, (EntryFlags)flags, reward, value, 0);
        match.Play(Agents.ActingThen(0, (peer, _) => SendAndDrain(peer, new Entry(header, new byte[4]))));
        Assert.True(match.Fatal?.Code == FaultCode.AgentProtocol, what);
        Assert.Equal(2, match.Result!.Forfeited);
    }

    [Theory]
    [InlineData(1u, 1u)]
    [InlineData(1u, 2u)]
    public void Play_TwoEntriesForASlotInOneFrame_EndsTheSession(uint first, uint second)
    {
        using var match = new Match();
        match.Play(Agents.ActingThen(1, (peer, _) =>
        {
            peer.SendEntries(FrameType.Act, Entry.Act(first, 0), Entry.Act(second, 0));
            peer.Drain();
        }));
        Assert.Equal(FaultCode.AgentProtocol, match.Fatal?.Code);
        Assert.Contains("two entries", match.Fatal!.Message, StringComparison.Ordinal);
    }

    private static void SendAndDrain(RawPeer peer, Entry entry)
    {
        peer.SendEntries(FrameType.Act, entry);
        Assert.Contains(FrameType.Fault, peer.Drain());
    }
}
