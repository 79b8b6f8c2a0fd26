using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

public sealed class ActionTests
{
    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "inf")]
    [InlineData(float.NegativeInfinity, "-inf")]
    [InlineData(1.5f, "1.5")]
    [InlineData(-1.0001f, "-1.0001")]
    public void Play_ActionIsNoMember_ForfeitsTheEpisodeAndGoesOn(float bad, string got)
    {
        using var match = new Match();
        match.Play(Agents.Acting(seen => seen.Header.Tick == 1 ? bad : 0));

        Assert.Equal([EpisodeEnd.Forfeited, EpisodeEnd.StepCap], match.Episodes.Select(e => e.End));
        var fault = Assert.Single(match.Faults);
        Assert.Equal((FaultCode.AgentInvalidAction, Blame.Agent, false), (fault.Fault.Code, fault.Fault.Blame, fault.Fatal));
        Assert.Equal($"invalid action: expected a finite float32 from -1 to 1 at [0], got {got}", fault.Fault.Message);
        Assert.Equal((0, 0L), (fault.Fault.Episode, fault.Fault.Step));
        Assert.Equal(1, match.Result!.Forfeited);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Play_ActionOfAnotherShapeOrType_ForfeitsTheEpisode(int size)
    {
        using var match = new Match();
        match.Play(Misfit(size));
        var fault = Assert.Single(match.Faults).Fault;
        Assert.Equal(FaultCode.AgentInvalidAction, fault.Code);
        Assert.Equal($"invalid action: expected 4 bytes for Box float32 [1], got {size}", fault.Message);
        Assert.Equal([EpisodeEnd.Forfeited, EpisodeEnd.StepCap], match.Episodes.Select(e => e.End));
    }

    [Fact]
    public void Play_ActionIsNoMember_NeverReachesTheEnvironment()
    {
        var steps = 0;
        var environment = new CountingEnvironment
        {
            Twist = (_, kind, states) =>
            {
                steps += kind == FrameType.Step ? 1 : 0;
                return states;
            },
        };
        using var match = new Match();
        match.Play(Agents.Acting(_ => 2), environment.Play);
        Assert.Equal(0, steps);
        Assert.Equal(2, match.Result!.Forfeited);
    }

    [Theory]
    [InlineData(9f, 1f)]
    [InlineData(float.NegativeInfinity, -1f)]
    public void Play_ClipPolicy_MovesTheActionToTheBound(float sent, float taken)
    {
        using var match = new Match();
        using var clipped = new Match { Plan = match.Plan with { ActionPolicy = ActionPolicy.Clip } };
        match.Play(Agents.Acting(_ => taken));
        clipped.Play(Agents.Acting(_ => sent));
        Assert.Empty(clipped.Faults);
        Assert.Equal(match.Result!.TranscriptDigest, clipped.Result!.TranscriptDigest);
    }

    [Fact]
    public void Play_ClipPolicy_StillForfeitsNaNAndWrongSizes()
    {
        var plan = Match.Planned(2) with { ActionPolicy = ActionPolicy.Clip };
        using var notANumber = new Match { Plan = plan };
        using var misfit = new Match { Plan = plan };
        Assert.Equal(FaultCode.AgentInvalidAction, notANumber.Play(Agents.Acting(_ => float.NaN)).Faults[0].Fault.Code);
        Assert.Equal(FaultCode.AgentInvalidAction, misfit.Play(Misfit(8)).Faults[0].Fault.Code);
    }

    [Fact]
    public void Play_ClipPolicyInASpaceWithoutFiniteNumbers_EndsWithAResult()
    {
        const string Nowhere = """{"type":"Box","dtype":"float32","shape":[1],"low":"inf","high":"inf"}""";
        using var match = new Match { Plan = Match.Planned(1) with { ActionPolicy = ActionPolicy.Clip } };
        match.Play(Agents.Acting(_ => 0), new CountingEnvironment { ActionSpace = Nowhere, Twist = (_, _, states) => [.. states.Select(Zero)] }.Play);
        Assert.Equal(RefereeProgram.Played, match.ExitCode);
    }

    [Fact]
    public void Play_CharsetIsHuge_KeepsTheFaultShort()
    {
        var space = $$"""{"type":"Text","max_length":3,"charset":"{{new string('a', 200_000)}}"}""";
        using var match = new Match();
        match.Play(Agents.Acting(_ => BitConverter.UInt32BitsToSingle(0)), new CountingEnvironment { ActionSpace = space }.Play);
        Assert.Equal(2, match.Faults.Count);
        using var other = new Match();
        other.Play(Letter, new CountingEnvironment { ActionSpace = space }.Play);
        Assert.StartsWith("invalid action: expected characters of \"aaaa", other.Faults[0].Fault.Message, StringComparison.Ordinal);
        Assert.True(other.LongestLine < 4000);

        static void Letter(RawPeer peer)
        {
            Agents.Greet(peer);
            while (peer.ReadEntries(FrameType.Observe) is [var seen, ..])
            {
                peer.SendEntries(FrameType.Act, new Entry(seen.Header with { Flags = 0, Reward = 0, Value = 0 }, [1, 0, 0, 0, (byte)'b']));
            }
        }
    }

    [Fact]
    public void Play_MoreForfeitsThanAnybodyReads_TellsTheRowsButNotEveryWord()
    {
        using var match = new Match { Plan = Match.Planned(1100) with { Record = false } };
        match.Play(Agents.Acting(_ => 2));
        Assert.Equal(1100, match.Episodes.Count(e => e.Fault == FaultCode.AgentInvalidAction));
        Assert.Equal(1000, match.Faults.Count);
    }

    private static Entry Zero(Entry state) => CountingEnvironment.State(state, 0, 0);

    private static Action<RawPeer> Misfit(int size) => peer =>
    {
        Agents.Greet(peer);
        while (peer.ReadEntries(FrameType.Observe) is [var seen, ..])
        {
            var header = new EntryHeader(seen.Header.Tick, 0, 0, 0, 0, 0, 0);
            if (seen.WantsAct)
            {
                peer.SendEntries(FrameType.Act, new Entry(header, new byte[seen.Header.Tick == 1 ? size : 4]));
            }
        }
    };
}
