using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

public sealed class PlayTests
{
    [Fact]
    public void Play_HonestSides_CountsEveryEpisode()
    {
        using var match = new Match();
        match.Play(Match.Acting(_ => 0.5f));

        Assert.Equal(RefereeProgram.Played, match.ExitCode);
        Assert.Empty(match.Faults);
        Assert.Equal([0, 1], match.Episodes.Select(e => e.Ordinal));
        Assert.All(match.Episodes, e => Assert.Equal((3, 3.0, EpisodeEnd.StepCap, 2.5), (e.Steps, e.Return, e.End, e.Metrics["m"])));
    }

    [Fact]
    public void Play_SameActionsTwice_GivesTheSameDigest()
    {
        string Digest(float action)
        {
            using var match = new Match();
            match.Play(Match.Acting(_ => action));
            return match.Result!.TranscriptDigest;
        }

        var once = Digest(0.5f);
        Assert.Equal(once, Digest(0.5f));
        Assert.NotEqual(once, Digest(0.25f));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1.5f)]
    public void Play_ActionIsNoMember_ForfeitsTheEpisodeAndGoesOn(float bad)
    {
        using var match = new Match();
        match.Play(Match.Acting(header => header.Tick == 1 ? bad : 0));

        Assert.Equal([EpisodeEnd.Forfeited, EpisodeEnd.StepCap], match.Episodes.Select(e => e.End));
        Assert.Equal(FaultCode.AgentInvalidAction, Assert.Single(match.Faults).Fault.Code);
        Assert.Equal(1, match.Result!.Forfeited);
    }

    [Fact]
    public void Play_ClipPolicy_MovesTheActionToTheBound()
    {
        using var match = new Match();
        using var clipped = new Match { Plan = match.Plan with { ActionPolicy = ActionPolicy.Clip } };
        match.Play(Match.Acting(_ => 1));
        clipped.Play(Match.Acting(_ => 9));
        Assert.Equal(match.Result!.TranscriptDigest, clipped.Result!.TranscriptDigest);
    }

    [Fact]
    public void Play_AgentSilent_ForfeitsAndEnds()
    {
        using var quick = new Match();
        using var match = new Match
        {
            Plan = quick.Plan with { Budgets = new RefereeBudgets { FirstActionMs = 1, StepMs = 1, BankMs = 0 } },
        };
        match.Play(peer =>
        {
            Match.Greet(peer);
            while (peer.Read().Type is not FrameType.None and not FrameType.Finish)
            {
            }
        });

        Assert.All(match.Episodes, e => Assert.Equal(FaultCode.AgentStepTimeout, e.Fault));
        Assert.Equal(2, match.Result!.Forfeited);
    }

    [Fact]
    public void Play_AgentClosesInPlay_ForfeitsTheRest()
    {
        using var match = new Match();
        match.Play(peer =>
        {
            Match.Greet(peer);
            peer.ReadEntry(FrameType.Observe);
        });
        Assert.Equal(FaultCode.AgentCrashed, Assert.Single(match.Faults).Fault.Code);
        Assert.Equal(2, match.Result!.Forfeited);
    }

    public static TheoryData<string, FaultCode> Broken => new()
    {
        { "ffffffff11", FaultCode.AgentMessageTooLarge },
        { "00000000", FaultCode.AgentProtocol },
        { "010000007f", FaultCode.AgentProtocol },
        { "0400000011000000", FaultCode.AgentProtocol },
        { "05000000110001", FaultCode.AgentCrashed },
        { "1c0000001100010009000000000000000000000000000000000000000000000000", FaultCode.AgentProtocol },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Play_AgentBreaksTheProtocol_ForfeitsTheRest(string hex, FaultCode code)
    {
        using var match = new Match();
        match.Play(peer =>
        {
            Match.Greet(peer);
            peer.ReadEntry(FrameType.Observe);
            peer.Send(Convert.FromHexString(hex));
        });
        Assert.Equal(code, Assert.Single(match.Faults, fault => fault.Fatal).Fault.Code);
        Assert.Equal(2, match.Result!.Forfeited);
    }

    [Fact]
    public void Play_SecondActionForATick_TheFirstWins()
    {
        using var honest = new Match();
        honest.Play(Match.Acting(_ => 0.5f));
        using var match = new Match();
        match.Play(peer => Match.Acting(header =>
        {
            if (header.Tick > 1 && (header.Flags & EntryFlags.First) == 0)
            {
                peer.SendEntry(FrameType.Act, new EntryHeader(header.Tick - 1, 0, 0, 0, 0, 0, 0), BitConverter.GetBytes(0.9f));
            }

            return 0.5f;
        })(peer));
        Assert.Empty(match.Faults);
        Assert.Equal(honest.Result!.TranscriptDigest, match.Result!.TranscriptDigest);
    }

    [Theory]
    [InlineData(double.NaN, 1f, FaultCode.EnvironmentBadReward)]
    [InlineData(1, float.NaN, FaultCode.EnvironmentSpecViolation)]
    [InlineData(1, 101f, FaultCode.EnvironmentSpecViolation)]
    public void Play_EnvironmentAnswersRubbish_IsItsOwnFault(double reward, float observation, FaultCode code)
    {
        using var match = new Match();
        match.Play(Match.Acting(_ => 0), Match.Counting(_ => reward, observation));
        Assert.Equal(RefereeProgram.Faulted, match.ExitCode);
        Assert.Equal((code, Blame.Environment), (match.Faults[^1].Fault.Code, match.Faults[^1].Fault.Blame));
        Assert.Null(match.Result);
        Assert.All(match.Episodes, e => Assert.Equal(EpisodeEnd.Void, e.End));
    }

    [Fact]
    public void Play_EarlyCloseBeforeHello_IsNoHandshake()
    {
        using var match = new Match();
        match.Play(_ => { });
        Assert.Equal(FaultCode.AgentNoHandshake, Assert.Single(match.Faults).Fault.Code);
    }
}
