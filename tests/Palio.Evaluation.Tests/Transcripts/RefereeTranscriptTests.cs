using System.Text;
using System.Text.Json;
using Palio.Evaluation.Tests.Support;
using Palio.Evaluation.Transcripts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Transcripts;

public sealed class RefereeTranscriptTests
{
    private readonly RefereeTranscript _transcript = new(Samples.Plan());
    private long _next;

    [Fact]
    public void Read_WholePlay_IsSummedUp()
    {
        Say(
            new RefereeStarted { Sequence = 0, Version = "1" }, Side("environment", "hello"), Side("agent", "hello"), Side("environment", "ready"),
            Side("agent", "ready"), Row(0), new PlayProgress { Sequence = 0, Done = 1, Total = 2, Steps = 10 }, Row(1), Samples.Result());

        var said = _transcript.Summary;
        Assert.Null(said.Breach);
        Assert.True(said is { Started: true, AgentHello: true, AgentReady: true, EnvironmentHello: true, EnvironmentReady: true });
        Assert.Equal((2, 2), (said.Episodes, said.Result!.Episodes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("boo")]
    [InlineData("{}")]
    [InlineData("""{"type":"score","sequence":0,"value":1}""")]
    [InlineData("""{"type":"started","version":"1"}""")]
    [InlineData("""{"type":"started","sequence":1,"version":"1"}""")]
    [InlineData("""{"type":"started","sequence":-1,"version":"1"}""")]
    [InlineData("""{"type":"ready","sequence":0,"side":"host","stage":"hello"}""")]
    [InlineData("""{"type":"ready","sequence":0,"side":"agent","stage":"winner"}""")]
    [InlineData("""{"type":"progress","sequence":0,"done":3,"total":2,"steps":1}""")]
    [InlineData("""{"type":"progress","sequence":0,"done":1,"total":99,"steps":1}""")]
    [InlineData("""{"type":"progress","sequence":0,"done":1,"total":2,"steps":-1}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":null}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":2,"steps":1,"return":1,"end":"terminated"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":51,"return":1,"end":"terminated"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":-1,"return":1,"end":"terminated"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":1,"return":1e999,"end":"terminated"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":1,"return":"NaN","end":"terminated"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":1,"return":1,"end":"won"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":1,"return":1,"end":99}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"seat":300,"steps":1,"return":1,"end":"terminated"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":1,"return":1,"agentMs":-1,"end":"terminated"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":1,"return":1,"metrics":null,"end":"terminated"}}""")]
    [InlineData("""{"type":"episode","sequence":0,"episode":{"ordinal":0,"steps":1,"return":1,"metrics":{"m":1e999},"end":"terminated"}}""")]
    [InlineData("""{"type":"record","sequence":0,"episode":9,"part":0,"data":""}""")]
    [InlineData("""{"type":"record","sequence":0,"episode":0,"part":-1,"data":""}""")]
    [InlineData("""{"type":"record","sequence":0,"episode":0,"part":0,"data":null}""")]
    [InlineData("""{"type":"fault","sequence":0,"fault":null,"fatal":true}""")]
    [InlineData("""{"type":"fault","sequence":0,"fault":{"code":"AGENT_CHEATED","blame":"agent","message":"","remedy":""},"fatal":true}""")]
    [InlineData("""{"type":"result","sequence":0,"episodes":2,"forfeited":0,"steps":1,"transcriptDigest":"00"}""")]
    public void Read_HostileLine_IsABreach(string line)
    {
        Assert.Null(_transcript.Read(Encoding.UTF8.GetBytes(line)));

        Assert.NotNull(_transcript.Summary.Breach);
        Assert.Equal((0, null), (_transcript.Summary.Episodes, _transcript.Summary.Result));
    }

    [Fact]
    public void Read_RecordThatIsNoBase64_IsABreach() =>
        Breaks("""{"type":"record","sequence":0,"episode":0,"part":0,"data":"%%%"}""");

    [Fact]
    public void Read_DeepNesting_IsABreach() => Breaks(new string('[', 100_000));

    [Fact]
    public void Read_TooManyMetrics_IsABreach() => Breaks(new EpisodeFinished
    {
        Sequence = 0,
        Episode = Samples.Row(0) with { Metrics = Enumerable.Range(0, 65).ToDictionary(i => $"m{i}", i => (double)i) },
    });

    [Fact]
    public void Read_EpisodeTwice_IsABreach() => Breaks(Row(0), Row(0));

    [Fact]
    public void Read_ResultBeforeAllRows_IsABreach() => Breaks(Row(0), Samples.Result());

    [Fact]
    public void Read_ResultThatHidesAForfeit_IsABreach() =>
        Breaks(Row(0), new EpisodeFinished { Sequence = 0, Episode = Samples.Row(1, EpisodeEnd.Forfeited) }, Samples.Result());

    [Fact]
    public void Read_LineAfterTheResult_IsABreach() => Breaks(Row(0), Row(1), Samples.Result(), Side("agent", "hello"));

    [Fact]
    public void Read_AfterABreach_BelievesNothing()
    {
        _transcript.Break("cut");
        Say(Row(0));

        Assert.Equal((0, "cut"), (_transcript.Summary.Episodes, _transcript.Summary.Breach));
    }

    [Fact]
    public void Read_Fault_TakesBlameAndRemedyFromTheCatalogue()
    {
        const string Line = """{"type":"fault","sequence":0,"fatal":true,"fault":{"code":"AGENT_CRASHED","blame":"platform","message":"\u001b[2Jgone","remedy":"pay","exitCode":3,"outOfMemory":true,"agentLogTail":"lies"}}""";

        var raised = Assert.IsType<FaultRaised>(_transcript.Read(Encoding.UTF8.GetBytes(Line)));

        Assert.Equal(Fault.Of(FaultCode.AgentCrashed, "␛[2Jgone"), raised.Fault);
        Assert.Equal(raised.Fault, _transcript.Summary.Fault);
    }

    [Fact]
    public void Read_LongTexts_AreCutAndNeutralised()
    {
        var ready = Assert.IsType<SideReady>(_transcript.Read(Line(Side("agent", "hello") with { Sdk = "\x1b" + new string('x', 10_000) })));

        Assert.True(ready.Sdk!.Length <= 100);
        Assert.DoesNotContain('\x1b', ready.Sdk);
    }

    private static SideReady Side(string side, string stage) => new() { Sequence = 0, Side = side, Stage = stage };

    private static EpisodeFinished Row(int ordinal) => new() { Sequence = 0, Episode = Samples.Row(ordinal) };

    private void Say(params RefereeEvent[] lines)
    {
        foreach (var line in lines)
        {
            _transcript.Read(Line(line with { Sequence = _next++ }));
        }
    }

    private void Breaks(params RefereeEvent[] lines)
    {
        Say(lines);
        Assert.NotNull(_transcript.Summary.Breach);
    }

    private void Breaks(string line)
    {
        _transcript.Read(Encoding.UTF8.GetBytes(line));
        Assert.NotNull(_transcript.Summary.Breach);
    }

    private static byte[] Line(RefereeEvent line) => JsonSerializer.SerializeToUtf8Bytes(line, EvaluationJsonContext.Default.RefereeEvent);
}
