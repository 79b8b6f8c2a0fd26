using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

public sealed class AgentLossTests
{
    private const string Hello = """{"role":"agent","protocol":{"min":1,"max":1}}""";

    [Fact]
    public void Play_AgentClosesInAStep_ForfeitsThisAndAllFollowingEpisodes()
    {
        using var match = new Match { Plan = Match.Planned(5) };
        match.Play(Agents.ActingThen(4, (_, _) => { }));
        Assert.Equal(RefereeProgram.Played, match.ExitCode);
        Assert.Equal((FaultCode.AgentCrashed, 1, 1L), (match.Fatal!.Code, match.Fatal.Episode, match.Fatal.Step));
        Assert.Equal([0, 1, 2, 3, 4], match.Episodes.Select(e => e.Ordinal));
        Assert.Equal([3, 1, 0, 0, 0], match.Episodes.Select(e => e.Steps));
        Assert.Equal([EpisodeEnd.StepCap, .. Enumerable.Repeat(EpisodeEnd.Forfeited, 4)], match.Episodes.Select(e => e.End));
        Assert.Equal((5, 4), (match.Result!.Episodes, match.Result.Forfeited));
    }

    [Fact]
    public void Play_AgentClosesAfterItsLastAction_LosesNothing()
    {
        using var match = new Match { Plan = Match.Planned(1, maxSteps: 1) };
        match.Play(Agents.ActingThen(0, (peer, _) => peer.SendEntries(FrameType.Act, Entry.Act(1, 0.5f))));
        Assert.Empty(match.Faults);
        Assert.Equal((EpisodeEnd.StepCap, 0), (match.Episodes[0].End, match.Result!.Forfeited));
    }

    [Fact]
    public void Play_AgentReportsAFault_TellsItsWords()
    {
        using var match = new Match();
        match.Play(Agents.ActingThen(1, (peer, _) => peer.SendJson(FrameType.Fault, """{"message":"ValueError: no\u001b[31m model"}""")));
        Assert.Equal(FaultCode.AgentCrashed, match.Fatal?.Code);
        Assert.Equal("the agent reported: ValueError: no\uFFFD[31m model", match.Fatal?.Message);
        Assert.Equal(2, match.Result!.Forfeited);
    }

    [Fact]
    public void Play_AgentReportsAnInvalidAction_IsThat()
    {
        using var match = new Match();
        match.Play(Agents.ActingThen(1, (peer, _) => peer.SendJson(FrameType.Fault, """{"code":"AGENT_INVALID_ACTION","message":"a list"}""")));
        Assert.Equal(FaultCode.AgentInvalidAction, match.Fatal?.Code);
    }

    [Fact]
    public void Play_AgentReportsWithoutEnd_KeepsTheBeginning()
    {
        using var match = new Match();
        match.Play(Agents.ActingThen(1, (peer, _) => peer.SendJson(FrameType.Fault, $$"""{"message":"{{new string('é', 300_000)}}"}""")));
        Assert.Equal(8 * 1024, match.Fatal?.Message.Length);
    }

    public static TheoryData<string, string, FaultCode> Broken => new()
    {
        { "huge length", "ffffffff11", FaultCode.AgentMessageTooLarge },
        { "longer than agreed", "0100400011", FaultCode.AgentMessageTooLarge },
        { "length 0", "00000000", FaultCode.AgentProtocol },
        { "unknown type", "010000007f", FaultCode.AgentProtocol },
        { "State", "0100000022", FaultCode.AgentProtocol },
        { "second Ready", "03000000037b7d", FaultCode.AgentProtocol },
        { "empty Act", "0100000011", FaultCode.AgentProtocol },
        { "count 0", "0400000011000000", FaultCode.AgentProtocol },
        { "count 1025", "0400000011000104", FaultCode.AgentProtocol },
        { "first byte 1", "0400000011010100", FaultCode.AgentProtocol },
        { "header cut off", "0500000011000100ff", FaultCode.AgentProtocol },
        { "half a frame, then closed", "05000000110001", FaultCode.AgentCrashed },
        { "half a length, then closed", "0500", FaultCode.AgentCrashed },
        { "size beyond the frame", "200000001100010001000000000000000000000000000000000000000500000000000000", FaultCode.AgentProtocol },
        { "bytes behind the entry", "210000001100010001000000000000000000000000000000000000000400000000000000aa", FaultCode.AgentProtocol },
        { "fault that is no JSON", "03000000077b7b", FaultCode.AgentProtocol },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Play_AgentBreaksTheProtocol_ForfeitsTheRest(string what, string hex, FaultCode code)
    {
        using var match = new Match();
        match.Play(Agents.ActingThen(0, (peer, _) => peer.Send(Convert.FromHexString(hex))));
        Assert.True(match.Fatal?.Code == code, $"{what}: {match.Fatal}");
        Assert.Equal((2, 2), (match.Result!.Episodes, match.Result.Forfeited));
    }

    [Fact]
    public void Play_AgentComesBeforeTheEnvironmentAndLeaves_IsStillItsFault()
    {
        using var match = new Match();
        match.Play(peer => peer.SendJson(FrameType.Hello, Hello));
        Assert.Equal((RefereeProgram.Faulted, FaultCode.AgentCrashed), (match.ExitCode, match.Fatal?.Code));
        Assert.Null(match.Result);
        Assert.Empty(match.Episodes);
    }

    public static TheoryData<string, string, FaultCode> Greetings => new()
    {
        { "nothing", "", FaultCode.AgentNoHandshake },
        { "half a hello", "20000000017b", FaultCode.AgentNoHandshake },
        { "huge", "ffffffff01", FaultCode.AgentMessageTooLarge },
        { "length 0", "00000000", FaultCode.AgentProtocol },
        { "not hello", "03000000037b7d", FaultCode.AgentProtocol },
        { "empty object", "03000000017b7d", FaultCode.AgentProtocol },
        { "null", "05000000016e756c6c", FaultCode.AgentProtocol },
        { "HTTP", "47455420", FaultCode.AgentMessageTooLarge },
    };

    [Theory]
    [MemberData(nameof(Greetings))]
    public void Play_AgentGreetsBadly_HasNoResult(string what, string hex, FaultCode code)
    {
        using var match = new Match();
        match.Play(peer => peer.Send(Convert.FromHexString(hex)));
        Assert.True(match.Fatal?.Code == code, $"{what}: {match.Fatal}");
        Assert.Equal(RefereeProgram.Faulted, match.ExitCode);
        Assert.Empty(match.Episodes);
    }

    [Theory]
    [InlineData("""{"role":"environment","protocol":{"min":1,"max":1}}""")]
    [InlineData("""{"role":"agent","protocol":{"min":2,"max":3}}""")]
    [InlineData("""{"role":"agent","protocol":null}""")]
    [InlineData("""{"role":"agent","role":"agent","protocol":{"min":1,"max":1}}""")]
    [InlineData("""{"role":"\ud800","protocol":{"min":1,"max":1}}""")]
    [InlineData("""{"role":"agent","protocol":{"min":1e99,"max":1}}""")]
    public void Play_HelloIsWrong_IsTheAgentsFault(string hello)
    {
        using var match = new Match();
        match.Play(peer => peer.SendJson(FrameType.Hello, hello));
        Assert.Equal(FaultCode.AgentProtocol, match.Fatal?.Code);
        Assert.Null(match.Result);
    }

    [Theory]
    [InlineData(FrameType.None, FaultCode.AgentCrashed)]
    [InlineData(FrameType.Fault, FaultCode.AgentCrashed)]
    [InlineData(FrameType.Act, FaultCode.AgentProtocol)]
    public void Play_AgentFailsBeforeReady_HasNoResult(FrameType sent, FaultCode code)
    {
        using var match = new Match();
        match.Play(peer =>
        {
            peer.SendJson(FrameType.Hello, Hello);
            Assert.Equal(FrameType.Welcome, peer.Read().Type);
            if (sent is not FrameType.None)
            {
                peer.SendJson(sent, """{"message":"no model"}""");
            }
        });
        Assert.Equal((RefereeProgram.Faulted, code), (match.ExitCode, match.Fatal?.Code));
        Assert.Null(match.Result);
        Assert.Empty(match.Episodes);
    }

    [Fact]
    public void Play_AgentNeverReady_IsLate()
    {
        using var match = new Match { Plan = Match.Planned(2) with { Budgets = new RefereeBudgets { ReadyMs = 40 } } };
        match.Play(peer =>
        {
            peer.SendJson(FrameType.Hello, Hello);
            peer.Drain();
        });
        Assert.Equal(FaultCode.AgentStartTimeout, match.Fatal?.Code);
    }

    [Fact]
    public void Play_AgentNeverSaysHello_IsLate()
    {
        using var match = new Match { Plan = Match.Planned(2) with { Budgets = new RefereeBudgets { HelloMs = 40 } } };
        match.Play(peer => peer.Drain());
        Assert.Equal(FaultCode.AgentStartTimeout, match.Fatal?.Code);
    }
}
