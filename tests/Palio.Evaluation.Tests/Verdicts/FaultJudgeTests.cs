using Palio.Evaluation.Pods;
using Palio.Evaluation.Tests.Support;
using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Verdicts;

public sealed class FaultJudgeTests
{
    private static readonly PartEnding Killed = new(137, KilledByUs: true);

    [Fact]
    public void Judge_WholeResult_HasNoFault()
    {
        var verdict = FaultJudge.Judge(Samples.Outcome());

        Assert.Null(verdict.Fault);
        Assert.Equal(2, verdict.Result!.Episodes);
    }

    [Fact]
    public void Judge_NotStarted_IsThatFaultWithLogs()
    {
        var fault = Fault.Of(FaultCode.HostImageMissing, "gone");

        var verdict = FaultJudge.Judge(Samples.Outcome() with { NotStarted = fault, EnvironmentLog = "last words" });

        Assert.Null(verdict.Result);
        Assert.Equal(fault with { EnvironmentLogTail = "last words" }, verdict.Fault);
    }

    [Fact]
    public void Judge_CancelledWithResult_IsCancelled() =>
        Assert.Equal(FaultCode.ParticipantCancelled, FaultJudge.Judge(Samples.Outcome() with { Stopped = PodStop.Cancelled }).Fault!.Code);

    [Fact]
    public void Judge_Breach_BlamesThePlatformAndDropsTheResult()
    {
        var outcome = Samples.Outcome();

        var verdict = FaultJudge.Judge(outcome with { Said = outcome.Said with { Breach = "a line after the result" } });

        Assert.Null(verdict.Result);
        Assert.Equal((FaultCode.PlatformReferee, Blame.Platform), (verdict.Fault!.Code, verdict.Fault.Blame));
    }

    [Fact]
    public void Judge_ForfeitedEpisodes_KeepsResultAndTellsTheFirstFault()
    {
        var outcome = Samples.Outcome();
        var forfeit = Fault.Of(FaultCode.AgentInvalidAction, "expected 0 or 1, got 7", 0, 3);

        var verdict = FaultJudge.Judge(outcome with { Said = outcome.Said with { FirstForfeit = forfeit } });

        Assert.NotNull(verdict.Result);
        Assert.Equal(forfeit, verdict.Fault);
    }

    [Fact]
    public void Judge_FatalEnvironmentFaultBesideAResult_DropsTheResult() =>
        Assert.Null(FaultJudge.Judge(Raised(FaultCode.EnvironmentCrashed, environment: new PartEnding(134)) with { }).Result);

    [Theory]
    // What the referee saw, how the container ended, what is told.
    [InlineData(FaultCode.AgentCrashed, 139, false, FaultCode.AgentCrashed)]
    [InlineData(FaultCode.AgentCrashed, 137, true, FaultCode.AgentOutOfMemory)]
    [InlineData(FaultCode.AgentStepTimeout, 137, true, FaultCode.AgentOutOfMemory)]
    [InlineData(FaultCode.AgentInvalidAction, 137, true, FaultCode.AgentInvalidAction)]
    [InlineData(FaultCode.AgentProtocol, 0, false, FaultCode.AgentProtocol)]
    [InlineData(FaultCode.EnvironmentCrashed, 137, true, FaultCode.EnvironmentOutOfMemory)]
    [InlineData(FaultCode.EnvironmentCrashed, 1, false, FaultCode.EnvironmentCrashed)]
    [InlineData(FaultCode.EnvironmentBadReward, 137, true, FaultCode.EnvironmentBadReward)]
    public void Judge_RefereesFault_IsRefinedByTheEngine(FaultCode raised, int exitCode, bool outOfMemory, FaultCode expected)
    {
        var ending = new PartEnding(exitCode, outOfMemory);
        var agent = FaultCatalog.BlameOf(raised) is Blame.Agent;

        var fault = FaultJudge.Judge(agent ? Raised(raised, agent: ending) : Raised(raised, environment: ending)).Fault!;

        Assert.Equal((expected, FaultCatalog.BlameOf(raised), FaultCatalog.RemedyOf(expected)), (fault.Code, fault.Blame, fault.Remedy));
        Assert.Equal((1, 4L, exitCode, outOfMemory), (fault.Episode, fault.Step, fault.ExitCode, fault.OutOfMemory));
    }

    [Fact]
    public void Judge_CrashBySignal_NamesIt()
    {
        var fault = FaultJudge.Judge(Raised(FaultCode.AgentCrashed, agent: new PartEnding(139))).Fault!;

        Assert.Equal(11, fault.Signal);
        Assert.Contains("SIGSEGV", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_CrashWithATraceback_TellsTheEndOnALineOfItsOwn()
    {
        var outcome = Raised(FaultCode.AgentCrashed, agent: new PartEnding(1));
        var raised = outcome.Said.Fault! with { Message = "KeyError: 3\n  File \"agent.py\"\n" };

        var fault = FaultJudge.Judge(outcome with { Said = outcome.Said with { Fault = raised } }).Fault!;

        Assert.Equal("KeyError: 3\n  File \"agent.py\"\nThe agent's program ended with exit code 1.", fault.Message);
    }

    [Fact]
    public void Judge_KilledByUsAfterItsFault_TellsNoExitCode()
    {
        var fault = FaultJudge.Judge(Raised(FaultCode.AgentStepTimeout, agent: Killed)).Fault!;

        Assert.Equal((null, null, false), (fault.ExitCode, fault.Signal, fault.OutOfMemory));
    }

    [Theory]
    [InlineData(0, "", FaultCode.AgentNoHandshake)]
    [InlineData(7, "Traceback", FaultCode.AgentNoHandshake)]
    [InlineData(127, "[FATAL tini (7)] exec /agent failed: No such file or directory", FaultCode.AgentStartFailed)]
    [InlineData(126, "[FATAL tini (7)] exec /agent failed: Permission denied", FaultCode.AgentStartFailed)]
    [InlineData(1, "[FATAL tini (7)] exec /agent failed: Exec format error", FaultCode.AgentStartFailed)]
    [InlineData(1, "ERROR (catatonit:6): failed to exec pid1: No such file or directory", FaultCode.AgentStartFailed)]
    [InlineData(1, "Traceback", FaultCode.AgentNoHandshake)]
    public void Judge_AgentEndedBeforeHello_IsToldByItsExit(int exitCode, string log, FaultCode expected)
    {
        var outcome = BeforeHello(agent: new PartEnding(exitCode)) with { AgentLog = log };

        var silent = FaultJudge.Judge(outcome with { Stopped = PodStop.SideEnded });
        var timedOut = FaultJudge.Judge(outcome with { Said = outcome.Said with { Fault = Fault.Of(FaultCode.AgentStartTimeout, "late") } });

        Assert.Equal((expected, exitCode), (silent.Fault!.Code, silent.Fault.ExitCode));
        Assert.Equal((expected, exitCode), (timedOut.Fault!.Code, timedOut.Fault.ExitCode));
    }

    [Fact]
    public void Judge_BothEndedBeforeHello_BlamesTheEnvironment()
    {
        var fault = FaultJudge.Judge(BeforeHello(new PartEnding(1), new PartEnding(4)) with { Stopped = PodStop.SideEnded }).Fault!;

        Assert.Equal((FaultCode.EnvironmentStartFailed, 4), (fault.Code, fault.ExitCode));
    }

    [Fact]
    public void Judge_AgentAliveAtHelloLimit_IsAStartTimeout()
    {
        var outcome = BeforeHello(agent: Killed);

        var fault = FaultJudge.Judge(outcome with { Said = outcome.Said with { Fault = Fault.Of(FaultCode.AgentStartTimeout, "did not connect") } }).Fault!;

        Assert.Equal(FaultCode.AgentStartTimeout, fault.Code);
    }

    [Fact]
    public void Judge_DeadlineWithAllAlive_IsStuckAndNobodysFault()
    {
        var outcome = Samples.Outcome();

        var fault = FaultJudge.Judge(outcome with
        {
            Stopped = PodStop.Deadline,
            Said = outcome.Said with { Result = null },
            Agent = Killed,
            Environment = Killed,
            Referee = Killed,
        }).Fault!;

        Assert.Equal((FaultCode.PlatformStuck, Blame.Platform), (fault.Code, fault.Blame));
    }

    [Fact]
    public void Judge_RefereeFailed_TellsItsComplaint()
    {
        var outcome = Samples.Outcome();

        var fault = FaultJudge.Judge(outcome with
        {
            Said = outcome.Said with { Result = null },
            Agent = Killed,
            Environment = Killed,
            Referee = new PartEnding(2),
            RefereeLog = "the plan is not valid",
        }).Fault!;

        Assert.Equal(FaultCode.PlatformReferee, fault.Code);
        Assert.Contains("exit code 2): the plan is not valid", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_LongLog_TellsItsTail()
    {
        var outcome = Raised(FaultCode.AgentProtocol, agent: Killed) with { AgentLog = string.Join('\n', Enumerable.Range(0, 5000)) };

        var tail = FaultJudge.Judge(outcome).Fault!.AgentLogTail!;

        Assert.True(tail.Length <= 8 * 1024, $"{tail.Length}");
        Assert.EndsWith("\n4999", tail, StringComparison.Ordinal);
    }

    private static PodOutcome Raised(FaultCode code, PartEnding? agent = null, PartEnding? environment = null)
    {
        var outcome = Samples.Outcome();
        return outcome with
        {
            Agent = agent ?? Killed,
            Environment = environment ?? Killed,
            Said = outcome.Said with { Result = code is FaultCode.EnvironmentCrashed ? outcome.Said.Result : null, Fault = Fault.Of(code, "it happened", 1, 4) },
        };
    }

    private static PodOutcome BeforeHello(PartEnding? agent = null, PartEnding? environment = null) => Samples.Outcome() with
    {
        Agent = agent ?? Killed,
        Environment = environment ?? Killed,
        Said = RefereeSummary.Nothing with { Started = true, EnvironmentHello = environment is null },
    };
}
