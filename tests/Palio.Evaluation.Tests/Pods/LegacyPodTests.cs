using System.Text.Json;
using Palio.Challenges.Bundles;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Plans;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Tests.Engine;
using Palio.Evaluation.Tests.Support;
using Palio.Evaluation.Transcripts;
using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Pods;

/// <summary>The pod of images made for EvalAI: four containers, two loopbacks, a result that the environment sends.</summary>
public sealed class LegacyPodTests
{
    private static readonly LegacyPlan Legacy = new() { Token = "only-once", Challenge = 3, Phase = 5, Submission = 12, Image = "a/b'c@sha256:aa", TotalMs = 900_000 };
    private static readonly EvaluationJob Job = Samples.Job(plan: PlayPlan.NoEpisodes("7")) with { Legacy = Legacy };
    private static readonly PodPlan Pod = PodPlanner.Plan(Job, "tests", "palio-7-x", new CpuPlacement("2-3"));

    private readonly WatchedClock _clock = new();
    private readonly FakeReferee _referee = new();
    private readonly FakePart _agent = new(PodRole.Agent);
    private readonly FakePart _environment = new(PodRole.Environment);
    private readonly FakePart _gate = new(PodRole.Gate);

    [Fact]
    public void Plan_Environment_IsToldWhatEvalAiTells()
    {
        var told = Pod.Environment.Variables;

        Assert.Equal(("only-once", "http://127.0.0.1:8384", "900"), (told["AUTH_TOKEN"], told["EVALAI_API_SERVER"], told["SUBMISSION_TIME_LIMIT"]));
        using var body = JsonDocument.Parse(told["BODY"]);
        Assert.Equal(
            ("a/bc@sha256:aa", 12, "5", "3"),
            (body.RootElement.GetProperty("submitted_image_uri").GetString(), body.RootElement.GetProperty("submission_pk").GetInt32(),
                body.RootElement.GetProperty("phase_pk").GetString(), body.RootElement.GetProperty("challenge_pk").GetString()));
        Assert.DoesNotContain("LOCAL_EVALUATION", told.Keys);
    }

    [Fact]
    public void Plan_Agent_KnowsNeitherTokenNorAddressNorSocket()
    {
        Assert.DoesNotContain(Pod.Agent.Variables, variable => variable.Value.Contains("only-once", StringComparison.Ordinal) || variable.Key is "BODY" or "EVALAI_API_SERVER");
        Assert.Empty(Pod.Agent.Sockets);
        Assert.Empty(Pod.Environment.Sockets);
        Assert.DoesNotContain(Pod.Gate!.Variables.Values, value => value.Contains("only-once", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_Loopbacks_AreTwoAndHaveOneUntrustedProgramEach()
    {
        Assert.Equal((PodRole.Gate, PodRole.Referee), (Pod.Agent.Network, Pod.Environment.Network));
        Assert.Equal((null, null), (Pod.Referee.Network, Pod.Gate!.Network));
        Assert.Equal([("palio-7-x-agent", false)], Pod.Referee.Sockets.Select(socket => (socket.Volume, socket.ReadOnly)));
        Assert.Equal([("palio-7-x-agent", true)], Pod.Gate.Sockets.Select(socket => (socket.Volume, socket.ReadOnly)));
    }

    [Fact]
    public void Container_EachPart_HasNoNetworkOfItsOwnAndEveryOtherRestriction()
    {
        foreach (var part in (ContainerPlan[])[Pod.Agent, Pod.Environment, Pod.Referee, Pod.Gate!])
        {
            var request = ContainerRequests.Container(Pod, part, new ImageFacts("sha256:image", null, []));

            var host = request.HostConfig!;
            Assert.Equal(
                part.Role switch { PodRole.Agent => "container:palio-7-x-gate", PodRole.Environment => "container:palio-7-x-referee", _ => "none" }, host.NetworkMode);
            Assert.True(host.ReadonlyRootfs);
            Assert.Equal(["ALL"], host.CapDrop);
            Assert.Equal(["no-new-privileges", "seccomp=" + SeccompProfile.Json], host.SecurityOpt);
            Assert.Equal(part.Limits.MemoryBytes, host.MemorySwap);
            Assert.Equal(part.Limits.Pids, host.PidsLimit);
            Assert.False(request.NetworkDisabled);
        }
    }

    [Fact]
    public void Container_OurParts_NameTheEnvironmentAndRunTheirMode()
    {
        var facts = new ImageFacts("sha256:image", null, []);
        var gate = ContainerRequests.Container(Pod, Pod.Gate!, facts);
        var agent = ContainerRequests.Container(Pod, Pod.Agent, facts);

        Assert.Equal(["environment:127.0.0.1"], gate.HostConfig!.ExtraHosts);
        Assert.Equal(["/palio-referee", "gate"], gate.Entrypoint);
        Assert.Equal(["/palio-referee", "legacy"], ContainerRequests.Container(Pod, Pod.Referee, facts).Entrypoint);
        Assert.Equal((null, ""), (agent.Entrypoint, agent.Hostname));
    }

    [Fact]
    public async Task Run_EnvironmentScored_KillsAllAndTheScoresAreTheVerdict()
    {
        var run = RunAsync();
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });
        await _referee.SayAsync(new EnvironmentScored { Sequence = 0, Result = "{}", Calls = 3 });
        await _clock.PassAsync(TimeSpan.FromMilliseconds(500));

        var outcome = await run;

        Assert.Equal(PodStop.Scored, outcome.Stopped);
        Assert.Equal((1, 1, 1, 1), (_agent.Kills, _environment.Kills, _referee.Kills, _gate.Kills));
        Assert.Equal(new Verdict(null, null, "{}"), FaultJudge.Judge(outcome));
    }

    [Fact]
    public async Task Run_AgentEndedWell_TheEnvironmentHasAMinuteToCount()
    {
        var run = RunAsync();
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });
        await _referee.SayAsync(new SideReady { Sequence = 0, Side = "agent", Stage = "hello" });
        _agent.End(0);
        await _clock.PassAsync(TimeSpan.FromMilliseconds(500));
        await _clock.PassAsync(TimeSpan.FromSeconds(59.5));

        var outcome = await run;

        Assert.Equal(PodStop.NoResult, outcome.Stopped);
        Assert.Equal((FaultCode.EnvironmentStepTimeout, Blame.Environment), (FaultJudge.Judge(outcome).Fault!.Code, FaultJudge.Judge(outcome).Fault!.Blame));
    }

    [Fact]
    public async Task Run_EnvironmentEndsBeforeItListens_SaysThatItWasTakenForEvalAis()
    {
        var run = RunAsync();
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });
        _environment.End(1);
        await _clock.PassAsync(TimeSpan.FromMilliseconds(500));
        await _clock.PassAsync(TimeSpan.FromSeconds(2));

        var fault = FaultJudge.Judge(await run).Fault!;

        Assert.Equal(FaultCode.EnvironmentStartFailed, fault.Code);
        Assert.Contains("port 8085", fault.Message, StringComparison.Ordinal);
        Assert.Contains("evaluation block", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_ResultRefusedAndAgentCrashed_BlamesTheEnvironment()
    {
        var refused = Fault.Of(FaultCode.EnvironmentSpecViolation, "the environment's result was refused: the split 'x' is none of this phase");
        var verdict = FaultJudge.Judge(Samples.Outcome() with
        {
            Stopped = PodStop.SideEnded,
            Agent = new PartEnding(1),
            Environment = new PartEnding(137, KilledByUs: true),
            Said = new RefereeSummary { Started = true, AgentHello = true, EnvironmentHello = true, FirstForfeit = refused },
        });

        Assert.Equal((FaultCode.EnvironmentSpecViolation, Blame.Environment), (verdict.Fault!.Code, verdict.Fault.Blame));
    }

    [Fact]
    public void Read_ScoresInAPlayOfOurs_AreABreach()
    {
        var transcript = new RefereeTranscript(Samples.Plan());

        Assert.Null(transcript.Read("""{"type":"scored","sequence":0,"result":"{}","calls":1}"""u8));
        Assert.NotNull(transcript.Summary.Breach);
    }

    [Fact]
    public void Read_AResultOfOursInALegacyPlay_IsABreach()
    {
        var transcript = new RefereeTranscript(PlayPlan.NoEpisodes("7"), isLegacy: true);
        var line = JsonSerializer.SerializeToUtf8Bytes<RefereeEvent>(Samples.Result(episodes: 0), EvaluationJsonContext.Default.RefereeEvent);

        Assert.Null(transcript.Read(line));
        Assert.NotNull(transcript.Summary.Breach);
    }

    [Fact]
    public void Legacy_EachCall_MakesATokenOfItsOwn()
    {
        var declaration = new EvaluationDeclaration { Scenarios = [], Metrics = [] };
        var (one, two) = (PlayPlan.Legacy(declaration, (1, 2, 3), "i", []), PlayPlan.Legacy(declaration, (1, 2, 3), "i", []));

        Assert.NotEqual(one.Token, two.Token);
        Assert.Equal(40, one.Token.Length);
        Assert.True(one.TotalMs > one.StartMs);
    }

    [Fact]
    public async Task Run_EnvironmentOpensEvalAisPortInAPlayOfOurs_IsToldAtOnce()
    {
        var environment = new FakePart(PodRole.Environment) { Port = 8085 };
        var plan = PodPlanner.Plan(Samples.Job(), "tests", "palio-7-x", CpuPlacement.Anywhere);
        var run = new PodSession(plan, _referee, _agent, environment, new RecordingObserver(), _clock).RunAsync(TestContext.Current.CancellationToken);
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });
        await _clock.PassAsync(TimeSpan.FromSeconds(1));

        var fault = FaultJudge.Judge(await run).Fault!;

        Assert.Equal((FaultCode.EnvironmentIsLegacy, Blame.Environment), (fault.Code, fault.Blame));
        Assert.Contains("port 8085", fault.Message, StringComparison.Ordinal);
        Assert.Contains("scored_by: environment", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AgentEndsBeforeTheEnvironmentOpensEvalAisPort_IsNotBlamed()
    {
        var environment = new FakePart(PodRole.Environment) { Port = 8085 };
        var plan = PodPlanner.Plan(Samples.Job(), "tests", "palio-7-x", CpuPlacement.Anywhere);
        var run = new PodSession(plan, _referee, _agent, environment, new RecordingObserver(), _clock).RunAsync(TestContext.Current.CancellationToken);
        await _referee.SayAsync(new RefereeStarted { Sequence = 0, Version = "1" });
        _agent.End(1);
        await _clock.PassAsync(TimeSpan.FromMilliseconds(500));
        await _clock.PassAsync(TimeSpan.FromMilliseconds(500));

        Assert.Equal(PodStop.EnvironmentIsLegacy, (await run).Stopped);
    }

    [Theory]
    [InlineData("   0: 00000000000000000000000000000000:1F95 00000000000000000000000000000000:0000 0A 00000000:00000000", true)]
    [InlineData("   0: 0100007F:1F95 00000000:0000 0A 00000000:00000000", true)]
    [InlineData("   0: 0100007F:1F95 0100007F:1F95 01 00000000:00000000", false)]
    [InlineData("   0: 0100007F:1F94 00000000:0000 0A 00000000:00000000", false)]
    [InlineData("", false)]
    public void Has_KernelsTable_FindsTheListener(string line, bool expected) =>
        Assert.Equal(expected, ListeningPorts.Has(["  sl  local_address rem_address   st tx_queue rx_queue", line], 8085));

    private Task<PodOutcome> RunAsync() =>
        new PodSession(Pod, _referee, _agent, _environment, new RecordingObserver(), _clock, _gate).RunAsync(TestContext.Current.CancellationToken);
}
