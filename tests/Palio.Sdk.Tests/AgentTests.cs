using Palio.Protocol.Frames;
using Palio.Protocol.Spaces;
using Palio.Sdk.Sessions;

namespace Palio.Sdk.Tests;

public sealed class AgentTests
{
    private static readonly byte[] Seen = new byte[16];

    [Fact]
    public void Run_Hello_NamesTheSdkAndVersionOne() => Played.Agent(Left, referee =>
    {
        var hello = referee.Expect(FrameType.Hello, Protocol.Messages.StepJsonContext.Default.Hello);
        Assert.Equal(("agent", 1, 1, "palio-csharp"), (hello.Role, hello.Protocol.Min, hello.Protocol.Max, hello.Sdk?.Name));
    });

    [Fact]
    public void Run_Episode_CallsTheAgentInOrder()
    {
        var agent = new Diary();
        var outcome = Played.Agent(_ => agent, referee =>
        {
            referee.Begin();
            referee.SendHot(FrameType.Observe, Script.Entry(1, Seen, EntryFlags.First));
            referee.Expect(FrameType.Act);
            referee.SendHot(FrameType.Observe, Script.Entry(2, Seen, EntryFlags.Terminated, reward: 1.5));
            referee.Send(FrameType.EpisodeEnd, """{"slot":0,"reason":"terminated","return":1.5}""");
            referee.Finish();
        });

        Assert.Equal(["begin", "act 1 first 10", "last 2 1.5 terminated", "end Terminated 1.5", "disposed"], agent.Lines);
        Assert.Equal(new Outcome(0, ""), outcome);
    }

    [Fact]
    public void Run_SeveralSlots_MakesAnAgentForEachAndAnswersInOneFrame()
    {
        List<int> made = [];
        Played.Agent(
            setup =>
            {
                made.Add(setup.Slot);
                return new Constant(setup.Slot);
            },
            referee =>
            {
                referee.Begin(Script.Welcome(slots: 2));
                referee.SendHot(FrameType.Observe, Script.Entry(1, Seen, EntryFlags.First, 1), Script.Entry(1, Seen, EntryFlags.First));
                var answers = Script.Entries(referee.Expect(FrameType.Act));
                Assert.Equal([(1, 1), (0, 0)], answers.Select(answer => ((int)answer.Header.Slot, (int)answer.Payload[0])));
                referee.Finish();
            });

        Assert.Equal([0, 1], made);
    }

    [Fact]
    public void Run_ExceptionInAct_TellsTheRefereeAndStandardError()
    {
        var outcome = Played.Agent((_, _) => throw new ArithmeticException("out of luck"), referee =>
        {
            referee.Begin();
            referee.SendHot(FrameType.Observe, Script.Entry(1, Seen, EntryFlags.First));
            var fault = referee.ExpectFault();
            Assert.Null(fault.Code);
            Assert.Contains("out of luck", fault.Message, StringComparison.Ordinal);
        });

        Assert.Equal(ExitCodes.AuthorFailed, outcome.Code);
        Assert.Contains("ArithmeticException: out of luck", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ExceptionWhileLoading_IsToldBeforeReady()
    {
        var outcome = Played.Agent(_ => throw new FileNotFoundException("no model"), referee =>
        {
            referee.Greet(Script.Welcome());
            Assert.Contains("no model", referee.ExpectFault().Message, StringComparison.Ordinal);
        });

        Assert.Equal(ExitCodes.AuthorFailed, outcome.Code);
    }

    [Fact]
    public void Run_LongMessage_IsCutTo8KiBAtACharacter() => Played.Agent((_, _) => throw new ArithmeticException("é" + new string('é', 9000)), referee =>
    {
        referee.Begin(Script.Welcome() with { Limits = Script.Welcome().Limits with { MaxMessage = 1 << 20 } });
        referee.SendHot(FrameType.Observe, Script.Entry(1, Seen, EntryFlags.First));
        var size = System.Text.Encoding.UTF8.GetByteCount(referee.ExpectFault().Message);
        Assert.InRange(size, 8 * 1024 - 1, 8 * 1024);
    });

    [Fact]
    public void Run_ActionOfAnotherType_IsAnInvalidAction()
    {
        var outcome = Played.Agent((_, action) => action.Write(1f), referee =>
        {
            referee.Begin();
            referee.SendHot(FrameType.Observe, Script.Entry(1, Seen, EntryFlags.First));
            var fault = referee.ExpectFault();
            Assert.Equal(("AGENT_INVALID_ACTION", "expected an integer for Discrete 2, got numbers of type Single"), (fault.Code, fault.Message));
        });

        Assert.Equal(ExitCodes.AuthorFailed, outcome.Code);
    }

    [Fact]
    public void Run_NoAction_IsAnInvalidAction() => Played.Agent((_, _) => { }, referee =>
    {
        referee.Begin();
        referee.SendHot(FrameType.Observe, Script.Entry(1, Seen, EntryFlags.First));
        Assert.Equal("AGENT_INVALID_ACTION", referee.ExpectFault().Code);
    });

    [Fact]
    public void Run_ActionsLargerThanAMessageTogether_AreSentInSeveralFrames() => Played.Agent(
        _ => new Bytes(3000),
        referee =>
        {
            referee.Begin(Script.Welcome(actions: BoxSpace.Create<byte>([3000]), slots: 2));
            referee.SendHot(FrameType.Observe, Script.Entry(1, Seen, EntryFlags.First), Script.Entry(1, Seen, EntryFlags.First, 1));
            Assert.Equal(0, Script.Entries(referee.Expect(FrameType.Act)).Single().Header.Slot);
            Assert.Equal(1, Script.Entries(referee.Expect(FrameType.Act)).Single().Header.Slot);
            referee.Finish();
        });

    [Fact]
    public void Run_ActionLargerThanAMessage_IsAnInvalidAction() => Played.Agent(_ => new Bytes(5000), referee =>
    {
        referee.Begin(Script.Welcome(actions: BoxSpace.Create<byte>([5000])));
        referee.SendHot(FrameType.Observe, Script.Entry(1, Seen, EntryFlags.First));
        Assert.Contains("4096 bytes", referee.ExpectFault().Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Run_FaultOfTheReferee_ExitsWith2AndSaysItsRemedy()
    {
        var outcome = Played.Agent(Left, referee =>
        {
            referee.Begin();
            referee.Send(FrameType.Fault, """{"code":"AGENT_PROTOCOL","message":"expected Act","remedy":"Use an SDK.","fatal":true}""");
        });

        Assert.Equal(
            new Outcome(2, $"palio: the referee ended the session: expected Act (AGENT_PROTOCOL){Environment.NewLine}  Use an SDK.{Environment.NewLine}"),
            outcome);
    }

    [Fact]
    public void Run_FinishInPlaceOfWelcome_IsARegularEnd() => Assert.Equal(new Outcome(0, ""), Played.Agent(Left, referee =>
    {
        referee.Expect(FrameType.Hello);
        referee.Finish();
    }));

    [Fact]
    public void Run_AnotherVersion_ExitsWith3() => Failed("speaks 1", referee => referee.Greet(Script.Welcome() with { Protocol = 2 }));

    [Fact]
    public void Run_ConnectionClosed_ExitsWith3() => Failed("closed the connection", referee => referee.Begin());

    [Fact]
    public void Run_HalfAFrameThenClose_ExitsWith3() => Failed("closed the connection", referee =>
    {
        referee.Begin();
        referee.Send([44, 0, 0, 0, 0x10, 0, 1]);
    });

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "a frame of length 0")]
    [InlineData(new byte[] { 255, 255, 255, 255, 0x10 }, "a frame longer than 4096 bytes")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0x2f }, "frame type 0x2f, where Observe, EpisodeEnd or Finish was expected")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0x20 }, "Reset, where")]
    [InlineData(new byte[] { 4, 0, 0, 0, 0x10, 0, 0, 0 }, "does not add up")]
    [InlineData(new byte[] { 4, 0, 0, 0, 0x10, 0, 1, 0 }, "does not add up")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0x06, (byte)'{', (byte)'[' }, "a EpisodeEnd that is none")]
    public void Run_HostileBytes_ExitsWith3AndSaysWhat(byte[] bytes, string what) => Failed(what, referee =>
    {
        referee.Begin();
        referee.Send(bytes);
        Assert.Contains(what, referee.ExpectFault().Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(15, 0, "an observation that is none")]
    [InlineData(16, 1, "slot 1, seat 0, which Welcome did not name")]
    public void Run_ObservationOfAnotherShapeOrSlot_ExitsWith3(int size, int slot, string what) => Failed(what, referee =>
    {
        referee.Begin();
        referee.SendHot(FrameType.Observe, Script.Entry(1, new byte[size], EntryFlags.First, (ushort)slot));
        referee.ExpectFault();
    });

    [Fact]
    public void Run_FrameInPieces_IsPutTogether() => Assert.Equal(0, Played.Agent(Left, referee =>
    {
        referee.Begin();
        var writer = new FrameWriter();
        writer.Begin(FrameType.Observe);
        writer.Add(new EntryHeader(1, 0, 0, EntryFlags.First, 0, 0, 0), Seen);
        foreach (var one in writer.End().ToArray())
        {
            referee.Send([one]);
        }

        referee.Expect(FrameType.Act);
        referee.Finish();
    }).Code);

    [Fact]
    public void Run_NoReferee_ExitsWith3AndNamesPalioRun()
    {
        var errors = new StringWriter();
        var dialing = new Dialing(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")), TimeSpan.Zero, TimeProvider.System);
        Assert.Equal(ExitCodes.ConnectionFailed, AgentProgram.Run(_ => new Constant(0), dialing, errors));
        Assert.Contains("'palio run'", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_PathTooLongForASocket_ExitsWith3()
    {
        var errors = new StringWriter();
        var dialing = new Dialing("/" + new string('x', 300), TimeSpan.Zero, TimeProvider.System);
        Assert.Equal(ExitCodes.ConnectionFailed, AgentProgram.Run(_ => new Constant(0), dialing, errors));
        Assert.Contains("can be no socket", errors.ToString(), StringComparison.Ordinal);
    }

    private static void Left(Turn turn, ValueWriter action) => action.WriteInteger(0);

    private static void Failed(string what, Action<ScriptedReferee> script)
    {
        var outcome = Played.Agent(Left, script);
        Assert.Equal(ExitCodes.ConnectionFailed, outcome.Code);
        Assert.Contains(what, outcome.Errors, StringComparison.Ordinal);
        Assert.StartsWith("palio: ", outcome.Errors, StringComparison.Ordinal);
    }

    private sealed class Constant(int answer) : IAgent
    {
        public void Act(Turn turn, ValueWriter action) => action.WriteInteger(answer);
    }

    private sealed class Bytes(int count) : IAgent
    {
        public void Act(Turn turn, ValueWriter action) => action.Fill<byte>()[..count].Fill(7);
    }

    private sealed class Diary : IAgent, IDisposable
    {
        public List<string> Lines { get; } = [];

        public void Begin() => Lines.Add("begin");

        public void Act(Turn turn, ValueWriter action)
        {
            Lines.Add($"act {turn.Tick} {(turn.IsFirst ? "first" : "")} {turn.TimeBank.TotalSeconds}");
            action.WriteInteger(1);
        }

        public void Last(Turn turn) => Lines.Add($"last {turn.Tick} {turn.Reward} {(turn.IsTerminated ? "terminated" : "")}");

        public void End(EpisodeOutcome outcome) => Lines.Add($"end {outcome.Reason} {outcome.Return}");

        public void Dispose() => Lines.Add("disposed");
    }
}
