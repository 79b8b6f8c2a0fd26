using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

/// <summary>A side that does not read what it gets is slow, whatever it is that it does not read.</summary>
public sealed class BackpressureTests
{
    private const string Megabytes = """{"type":"Box","dtype":"uint8","shape":[3000000]}""";
    private static readonly RefereeBudgets Budgets = new() { FirstActionMs = 30, StepMs = 10, BankMs = 10, EnvironmentStepMs = 2000 };

    [Fact]
    public void Play_AgentDoesNotReadItsObservations_IsSlow()
    {
        using var match = new Match { Plan = Match.Planned(3) with { Budgets = Budgets } };
        using var done = new ManualResetEventSlim();
        var environment = new CountingEnvironment
        {
            Space = Megabytes,
            Twist = (_, _, states) => [states[0] with { Payload = new byte[3_000_000 + sizeof(double)] }],
        };
        match.Play(
            peer =>
            {
                Agents.Greet(peer);
                done.Wait();
            },
            peer =>
            {
                environment.Play(peer);
                done.Set();
            });
        Assert.Equal(FaultCode.AgentStepTimeout, match.Fatal?.Code);
        Assert.Equal((3, 3), (match.Result!.Episodes, match.Result.Forfeited));
    }

    [Fact]
    public void Play_AgentReadsItsObservationsInManyPieces_IsWhole()
    {
        using var match = new Match { Plan = Match.Planned(2) };
        var environment = new CountingEnvironment
        {
            Space = Megabytes,
            Twist = (_, _, states) => [states[0] with { Payload = [.. Enumerable.Repeat((byte)9, 3_000_000), .. new byte[sizeof(double)]] }],
        };
        match.Play(
            Agents.Acting(seen =>
            {
                Assert.Equal(3_000_000, seen.Payload.Length);
                Assert.DoesNotContain(seen.Payload, element => element != 9);
                return 0;
            }),
            environment.Play);
        Assert.Empty(match.Faults);
    }

    [Fact]
    public void Play_EnvironmentDoesNotReadItsActions_IsSlow()
    {
        using var match = new Match { Plan = Match.Planned(2) with { Budgets = new RefereeBudgets { EnvironmentStepMs = 50 } } };
        using var done = new ManualResetEventSlim();
        match.Play(
            peer =>
            {
                Agents.Greet(peer);
                peer.ReadEntries(FrameType.Observe);
                peer.SendEntries(FrameType.Act, new Entry(new EntryHeader(1, 0, 0, 0, 0, 0, 0), new byte[3_000_000]));
                peer.Drain();
                done.Set();
            },
            peer =>
            {
                new CountingEnvironment { ActionSpace = Megabytes }.Greet(peer);
                peer.SendEntries(FrameType.State, CountingEnvironment.State(RawPeer.Entries(peer.Read().Body)[0], 0, 0));
                done.Wait();
            });
        Assert.Equal((FaultCode.EnvironmentStepTimeout, Blame.Environment), (match.Fatal!.Code, match.Fatal.Blame));
        Assert.Null(match.Result);
    }

    [Fact]
    public void Play_LargeActions_DoNotMakeLongLines()
    {
        using var match = new Match { Plan = Match.Planned(1, maxSteps: 2) };
        match.Play(
            peer =>
            {
                Agents.Greet(peer);
                while (peer.ReadEntries(FrameType.Observe) is [{ WantsAct: true } seen])
                {
                    var noise = new byte[3_000_000];
                    new Random(1).NextBytes(noise);
                    peer.SendEntries(FrameType.Act, new Entry(new EntryHeader(seen.Header.Tick, 0, 0, 0, 0, 0, 0), noise));
                }
            },
            new CountingEnvironment { ActionSpace = Megabytes, Twist = (_, _, states) => [CountingEnvironment.State(states[0], 0, 0)] }.Play);
        Assert.Empty(match.Faults);
        Assert.InRange(match.LongestLine, 1, 128 * 1024);
        Assert.Equal(match.Result!.TranscriptDigest, DecodedRecord.Digest(match.Events));
    }
}
