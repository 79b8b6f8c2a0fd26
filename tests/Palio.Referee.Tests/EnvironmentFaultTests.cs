using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

public sealed class EnvironmentFaultTests
{
    public static TheoryData<string, FaultCode> Rubbish => new()
    {
        { "observation NaN", FaultCode.EnvironmentSpecViolation },
        { "observation out of bounds", FaultCode.EnvironmentSpecViolation },
        { "observation too short", FaultCode.EnvironmentSpecViolation },
        { "observation too long", FaultCode.EnvironmentSpecViolation },
        { "metric infinite", FaultCode.EnvironmentSpecViolation },
        { "metrics cut off", FaultCode.EnvironmentProtocol },
        { "reward NaN", FaultCode.EnvironmentBadReward },
        { "reward infinite", FaultCode.EnvironmentBadReward },
        { "wrong tick", FaultCode.EnvironmentProtocol },
        { "wrong slot", FaultCode.EnvironmentProtocol },
        { "wrong seat", FaultCode.EnvironmentProtocol },
        { "unknown flag", FaultCode.EnvironmentProtocol },
        { "value", FaultCode.EnvironmentProtocol },
        { "two entries", FaultCode.EnvironmentProtocol },
    };

    [Theory]
    [MemberData(nameof(Rubbish))]
    public void Play_EnvironmentAnswersRubbish_IsItsFaultAndTheAgentIsNotBlamed(string what, FaultCode code)
    {
        using var match = new Match();
        var environment = new CountingEnvironment { Twist = (n, _, states) => n < 2 ? states : Spoil(what, states[0]) };
        var last = FrameType.None;
        match.Play(
            peer =>
            {
                Agents.Greet(peer);
                for (var (type, body) = peer.Read(); type is not FrameType.None; (type, body) = peer.Read())
                {
                    last = type;
                    if (type == FrameType.Observe)
                    {
                        peer.SendEntries(FrameType.Act, Entry.Act(RawPeer.Entries(body)[0].Header.Tick, 0));
                    }
                }
            },
            environment.Play);
        Assert.Equal(RefereeProgram.Faulted, match.ExitCode);
        Assert.Equal((code, Blame.Environment, 0, 2L), (match.Fatal!.Code, match.Fatal.Blame, match.Fatal.Episode, match.Fatal.Step));
        Assert.Null(match.Result);
        Assert.Equal(EpisodeEnd.Void, Assert.Single(match.Episodes).End);
        Assert.Equal(FrameType.Finish, last);
    }

    [Fact]
    public void Play_RewardsAddUpToInfinity_IsABadReward()
    {
        using var match = new Match();
        var environment = new CountingEnvironment
        {
            Twist = (n, _, states) => [.. states.Select(state => state with { Header = state.Header with { Reward = n == 0 ? 0 : double.MaxValue } })],
        };
        match.Play(Agents.Acting(_ => 0), environment.Play);
        Assert.Equal((RefereeProgram.Faulted, FaultCode.EnvironmentBadReward), (match.ExitCode, match.Fatal?.Code));
        Assert.Equal(double.MaxValue, Assert.Single(match.Episodes).Return);
    }

    [Theory]
    [InlineData(EntryFlags.Terminated, 0.0)]
    [InlineData(EntryFlags.None, 1.0)]
    public void Play_ResetEndsOrRewards_IsItsFault(EntryFlags flags, double reward)
    {
        using var match = new Match();
        var environment = new CountingEnvironment { Twist = (_, _, states) => [CountingEnvironment.State(states[0], 0, reward, flags)] };
        match.Play(Agents.Acting(_ => 0), environment.Play);
        Assert.Equal(FaultCode.EnvironmentProtocol, match.Fatal?.Code);
    }

    [Fact]
    public void Play_SlotsInWrongOrder_IsItsFault()
    {
        using var match = new Match { Plan = Match.Planned(4) with { Slots = 2 } };
        match.Play(Agents.Acting(_ => 0), new CountingEnvironment { Slots = 2, Twist = (_, _, states) => [.. states.Reverse()] }.Play);
        Assert.Equal(FaultCode.EnvironmentProtocol, match.Fatal?.Code);
        Assert.Equal([EpisodeEnd.Void, EpisodeEnd.Void], match.Episodes.Select(e => e.End));
    }

    [Theory]
    [InlineData("010000007f", FaultCode.EnvironmentProtocol)]
    [InlineData("ffffffff22", FaultCode.EnvironmentProtocol)]
    [InlineData("0400000022000000", FaultCode.EnvironmentProtocol)]
    [InlineData("", FaultCode.EnvironmentCrashed)]
    [InlineData("2000000022", FaultCode.EnvironmentCrashed)]
    [InlineData("0f000000077b226d657373616765223a22227d", FaultCode.EnvironmentCrashed)]
    public void Play_EnvironmentBreaksOffInAStep_VoidsTheEpisode(string hex, FaultCode code)
    {
        using var match = new Match();
        match.Play(Agents.Acting(_ => 0), peer =>
        {
            new CountingEnvironment().Greet(peer);
            var reset = RawPeer.Entries(peer.Read().Body)[0];
            peer.SendEntries(FrameType.State, CountingEnvironment.State(reset, 0, 0));
            peer.Read();
            peer.Send(Convert.FromHexString(hex));
        });
        Assert.Equal((RefereeProgram.Faulted, code), (match.ExitCode, match.Fatal?.Code));
        Assert.Equal(EpisodeEnd.Void, Assert.Single(match.Episodes).End);
        Assert.Null(match.Result);
    }

    [Fact]
    public void Play_EnvironmentLeavesWhileTheAgentThinks_IsNotTheAgentsFault()
    {
        using var match = new Match();
        match.Play(Agents.Silent, peer =>
        {
            new CountingEnvironment().Greet(peer);
            peer.SendEntries(FrameType.State, CountingEnvironment.State(RawPeer.Entries(peer.Read().Body)[0], 0, 0));
        });
        Assert.Equal(FaultCode.EnvironmentCrashed, match.Fatal?.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Play_EnvironmentSpeaksOutOfTurn_IsItsFault(bool together)
    {
        using var match = new Match();
        match.Play(Agents.Silent, peer =>
        {
            new CountingEnvironment().Greet(peer);
            var state = CountingEnvironment.State(RawPeer.Entries(peer.Read().Body)[0], 0, 0);
            var one = peer.Compose(FrameType.State, state).ToArray();
            peer.Send(together ? [.. one, .. one] : one);
            peer.Send(together ? [] : one);
            peer.Drain();
        });
        Assert.Equal(FaultCode.EnvironmentProtocol, match.Fatal?.Code);
    }

    [Fact]
    public void Play_EnvironmentSilent_IsLate()
    {
        using var match = new Match { Plan = Match.Planned(2) with { Budgets = new RefereeBudgets { EnvironmentStepMs = 30 } } };
        match.Play(Agents.Acting(_ => 0), new CountingEnvironment { Twist = (n, _, states) => n == 1 ? [] : states }.Play);
        Assert.Equal((FaultCode.EnvironmentStepTimeout, 0, 1L), (match.Fatal!.Code, match.Fatal.Episode, match.Fatal.Step));
    }

    [Theory]
    [InlineData("""{"slots":1,"seats":[{"observation_space":{"type":"Discrete","n":2},"action_space":{"type":"Discrete","n":2}}],"metrics":[]}""")]
    [InlineData("""{"slots":2,"seats":[{"observation_space":{"type":"Discrete","n":2},"action_space":{"type":"Discrete","n":2}}],"metrics":["m"]}""")]
    [InlineData("""{"slots":1,"seats":[],"metrics":["m"]}""")]
    [InlineData("""{"slots":1,"seats":[null],"metrics":["m"]}""")]
    [InlineData("""{"slots":1,"seats":[{"observation_space":{"type":"Discrete","n":2},"action_space":{"type":"Discrete","n":2}}],"metrics":["m",null]}""")]
    [InlineData("""{"slots":1,"seats":[{"observation_space":{"type":"Box","dtype":"uint8","shape":[5000000]},"action_space":{"type":"Discrete","n":2}}],"metrics":["m"]}""")]
    public void Play_SpecDoesNotFitThePhase_IsASpecViolation(string spec)
    {
        Assert.Equal(FaultCode.EnvironmentSpecViolation, WithSpec(spec).Fatal?.Code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"slots":1,"seats":[{"observation_space":null,"action_space":{"type":"Discrete","n":2}}],"metrics":["m"]}""")]
    [InlineData("""{"slots":1,"seats":[{"observation_space":{"type":"Graph"},"action_space":{"type":"Discrete","n":2}}],"metrics":["m"]}""")]
    [InlineData("""{"slots":1,"seats":[{"observation_space":{"type":"\ud800"},"action_space":{"type":"Discrete","n":2}}],"metrics":["m"]}""")]
    [InlineData("""{"slots":1,"seats":[{"observation_space":{"type":"Dict","spaces":{"\ud800":{"type":"Discrete","n":2}}},"action_space":{"type":"Discrete","n":0}}]}""")]
    public void Play_SpecIsNoSpec_BreaksTheProtocol(string spec)
    {
        Assert.Equal(FaultCode.EnvironmentProtocol, WithSpec(spec).Fatal?.Code);
    }

    [Fact]
    public void Play_NeitherComes_NamesTheEnvironment()
    {
        using var match = new Match { Plan = Match.Planned(2) with { Budgets = new RefereeBudgets { HelloMs = 30 } } };
        match.Play(peer => peer.Drain(), peer => peer.Drain());
        Assert.Equal(FaultCode.EnvironmentStartTimeout, match.Fatal?.Code);
    }

    private static Match WithSpec(string spec)
    {
        using var match = new Match();
        return match.Play(
            peer =>
            {
                peer.SendJson(FrameType.Hello, """{"role":"agent","protocol":{"min":1,"max":1}}""");
                peer.Drain();
            },
            peer =>
            {
                peer.SendJson(FrameType.Hello, """{"role":"environment","protocol":{"min":1,"max":1}}""");
                Assert.Equal(FrameType.Configure, peer.Read().Type);
                peer.SendJson(FrameType.Spec, spec);
                peer.Drain();
            });
    }

    private static IReadOnlyList<Entry> Spoil(string what, Entry state)
    {
        var header = state.Header;
        return what switch
        {
            "observation NaN" => [CountingEnvironment.State(state, float.NaN, 1)],
            "observation out of bounds" => [CountingEnvironment.State(state, 101, 1)],
            "observation too short" => [state with { Payload = state.Payload[1..] }],
            "observation too long" => [state with { Payload = [.. state.Payload, 0] }],
            "metric infinite" => [state with { Payload = [0, 0, 0, 0, .. BitConverter.GetBytes(double.NegativeInfinity)] }],
            "metrics cut off" => [state with { Payload = [0, 0, 0] }],
            "reward NaN" => [state with { Header = header with { Reward = double.NaN } }],
            "reward infinite" => [state with { Header = header with { Reward = double.PositiveInfinity } }],
            "wrong tick" => [state with { Header = header with { Tick = header.Tick - 1 } }],
            "wrong slot" => [state with { Header = header with { Slot = 1 } }],
            "wrong seat" => [state with { Header = header with { Seat = 1 } }],
            "unknown flag" => [state with { Header = header with { Flags = (EntryFlags)0x80 } }],
            "value" => [state with { Header = header with { Value = 1 } }],
            _ => [state, state],
        };
    }
}
