using System.Buffers.Binary;
using System.Text.Json;
using Palio.Protocol.Frames;
using Palio.Protocol.Spaces;

namespace Palio.Sdk.Tests;

public sealed class EnvironmentTests
{
    private static readonly byte[] Zero = new byte[8];

    [Fact]
    public void Run_Spec_NamesSpacesMetricsAndSlots() => Played.Environment(_ => new Walk(), referee =>
    {
        var spec = referee.Begin(Script.Configure(slots: 3));
        Assert.Equal((3, "player"), (spec.Slots, spec.Seats.Single().Name));
        Assert.Equal("Box float64 [1]", spec.Seats[0].ObservationSpace.Describe());
        Assert.Equal("Discrete 2", spec.Seats[0].ActionSpace.Describe());
        Assert.Equal(["distance", "luck"], spec.Metrics);
        referee.Finish();
    });

    [Fact]
    public void Run_FewerSlotsWanted_PlaysFewer() => Played.Environment(
        _ => new Walk(),
        referee =>
        {
            Assert.Equal(2, referee.Begin(Script.Configure(slots: 5)).Slots);
            referee.Finish();
        },
        slots: 2);

    [Fact]
    public void Run_StatesLargerThanAMessageTogether_PlaysAsManySlotsAsFit() => Played.Environment(_ => new Walk(), referee =>
    {
        // 4 bytes of head, and 24 + 8 + 16 bytes a State.
        Assert.Equal(21, referee.Begin(Script.Configure(slots: 100, maxMessage: 1024)).Slots);
        referee.Finish();
    });

    [Fact]
    public void Run_ResetWithOptions_GivesSeedAndOptions() => Played.Environment(_ => new Walk(), referee =>
    {
        referee.Begin(Script.Configure());
        referee.SendHot(FrameType.Reset, Script.ResetEntry(1, 40, """{"scenario":"hills","extra":2}"""));
        var (header, payload) = Script.Entries(referee.Expect(FrameType.State)).Single();
        Assert.Equal((1u, EntryFlags.None, 0.0), (header.Tick, header.Flags, header.Reward));
        Assert.Equal(42, BinaryPrimitives.ReadDoubleLittleEndian(payload));
        referee.Finish();
    });

    [Fact]
    public void Run_LastStep_SendsMetricsInTheirOrder() => Played.Environment(_ => new Walk(), referee =>
    {
        referee.Begin(Script.Configure());
        referee.SendHot(FrameType.Reset, Script.ResetEntry(1, 1));
        referee.Expect(FrameType.State);
        referee.SendHot(FrameType.Step, Script.Entry(2, Zero));
        Assert.Equal(EntryFlags.None, Script.Entries(referee.Expect(FrameType.State)).Single().Header.Flags);
        referee.SendHot(FrameType.Step, Script.Entry(3, Zero));
        var (header, payload) = Script.Entries(referee.Expect(FrameType.State)).Single();
        Assert.Equal(EntryFlags.Terminated | EntryFlags.Metrics, header.Flags);
        Assert.Equal((2, double.NaN), (BinaryPrimitives.ReadDoubleLittleEndian(payload.AsSpan(8)), BinaryPrimitives.ReadDoubleLittleEndian(payload.AsSpan(16))));
        referee.Finish();
    });

    [Fact]
    public void Run_StepThatReachesTheCap_SendsMetricsToo() => Played.Environment(_ => new Walk(), referee =>
    {
        referee.Begin(Script.Configure(maxSteps: 1));
        referee.SendHot(FrameType.Reset, Script.ResetEntry(1, 1));
        referee.Expect(FrameType.State);
        referee.SendHot(FrameType.Step, Script.Entry(2, Zero));
        Assert.Equal(EntryFlags.Metrics, Script.Entries(referee.Expect(FrameType.State)).Single().Header.Flags);
        referee.Finish();
    });

    [Fact]
    public void Run_SeveralSlots_AnswersInTheSameOrderFromObjectsOfTheirOwn()
    {
        var made = 0;
        Played.Environment(
            setup =>
            {
                Assert.Equal(made++, setup.Slot);
                return new Walk();
            },
            referee =>
            {
                referee.Begin(Script.Configure(slots: 2));
                referee.SendHot(FrameType.Reset, Script.ResetEntry(7, 10, slot: 1), Script.ResetEntry(3, 20));
                var states = Script.Entries(referee.Expect(FrameType.State));
                Assert.Equal(
                    [(1, 7u, 10.0), (0, 3u, 20.0)],
                    states.Select(state => ((int)state.Header.Slot, state.Header.Tick, BinaryPrimitives.ReadDoubleLittleEndian(state.Payload))));
                referee.Finish();
            });
    }

    [Fact]
    public void Run_ExceptionInStep_TellsTheRefereeAndExitsWith1()
    {
        var outcome = Played.Environment(_ => new Walk { Fails = true }, referee =>
        {
            referee.Begin(Script.Configure());
            referee.SendHot(FrameType.Reset, Script.ResetEntry(1, 1));
            Assert.Contains("no legs", referee.ExpectFault().Message, StringComparison.Ordinal);
        });

        Assert.Equal(ExitCodes.AuthorFailed, outcome.Code);
        Assert.Contains("no legs", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ObservationOfAnotherLength_IsASpecViolation()
    {
        var outcome = Played.Environment(_ => new Walk { Extra = true }, referee =>
        {
            referee.Begin(Script.Configure());
            referee.SendHot(FrameType.Reset, Script.ResetEntry(1, 1));
            var fault = referee.ExpectFault();
            Assert.Equal(("ENV_SPEC_VIOLATION", "expected 1 elements for Box float64 [1], got 2"), (fault.Code, fault.Message));
        });

        Assert.Equal(ExitCodes.AuthorFailed, outcome.Code);
    }

    [Theory]
    [InlineData("[1]", "no object")]
    [InlineData("{", "no JSON")]
    public void Run_OptionsThatAreNone_ExitsWith3(string options, string what) => Failed(what, referee =>
    {
        referee.SendHot(FrameType.Reset, Script.ResetEntry(1, 1, options));
        referee.ExpectFault();
    });

    [Fact]
    public void Run_ResetWithoutASeed_ExitsWith3() => Failed("a Reset of 4 bytes", referee =>
    {
        referee.SendHot(FrameType.Reset, Script.Entry(1, new byte[4]));
        referee.ExpectFault();
    });

    [Fact]
    public void Run_ActionOfAnotherSize_ExitsWith3() => Failed("an action that is none", referee =>
    {
        referee.SendHot(FrameType.Step, Script.Entry(1, new byte[4]));
        referee.ExpectFault();
    });

    [Fact]
    public void Run_UnknownSlot_ExitsWith3() => Failed("slot 1, seat 0, where this environment plays 1 slots", referee =>
    {
        referee.SendHot(FrameType.Reset, Script.ResetEntry(1, 1, slot: 1));
        referee.ExpectFault();
    });

    [Fact]
    public void Run_NoObjectFit_DisposesWhatWasMade()
    {
        var walk = new Walk();
        Played.Environment(setup => setup.Slot == 0 ? walk : throw new InvalidOperationException("only one"), referee =>
        {
            referee.Expect(FrameType.Hello);
            referee.Send(FrameType.Configure, Script.Configure(slots: 2), Protocol.Messages.StepJsonContext.Default.Configure);
            referee.ExpectFault();
        });

        Assert.True(walk.IsDisposed);
    }

    private static void Failed(string what, Action<ScriptedReferee> script)
    {
        var outcome = Played.Environment(_ => new Walk(), referee =>
        {
            referee.Begin(Script.Configure());
            script(referee);
        });
        Assert.Equal(ExitCodes.ConnectionFailed, outcome.Code);
        Assert.Contains(what, outcome.Errors, StringComparison.Ordinal);
    }

    /// <summary>Two steps from the seed on.</summary>
    private sealed class Walk : IEnvironment, IDisposable
    {
        private double _place;
        private int _steps;

        public bool Fails { get; init; }

        public bool Extra { get; init; }

        public bool IsDisposed { get; private set; }

        public Space ObservationSpace { get; } = BoxSpace.Create<double>([1]);

        public Space ActionSpace { get; } = new DiscreteSpace(2);

        public IReadOnlyList<string> Metrics => ["distance", "luck"];

        public void Reset(ulong seed, JsonElement? options, ValueWriter observation)
        {
            _steps = 0;
            _place = seed + (options?.GetProperty("extra").GetDouble() ?? 0);
            if (Fails)
            {
                throw new InvalidOperationException("no legs");
            }

            observation.Write<double>(Extra ? [1.0, 2.0] : [_place]);
        }

        public StepResult Step(ValueReader action, ValueWriter observation)
        {
            observation.Write(++_place);
            return new StepResult(1, Terminated: ++_steps == 2);
        }

        public void Measure(Span<double> values) => values[0] = _steps;

        public void Dispose() => IsDisposed = true;
    }
}
