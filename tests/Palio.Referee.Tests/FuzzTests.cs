using System.Text;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

/// <summary>Whatever bytes a side sends: a fault or a result, never the referee's own failure.</summary>
public sealed class FuzzTests
{
    private static readonly RefereeBudgets Quick = new() { FirstActionMs = 20, StepMs = 5, BankMs = 0, EnvironmentStepMs = 20 };

    [Fact]
    public void Play_AgentSendsNoise_EndsWithAResult()
    {
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            using var match = new Match { Plan = Match.Planned(2) with { Budgets = Quick } };
            match.Play(Agents.ActingThen(1, (peer, seen) =>
            {
                var bytes = peer.Compose(FrameType.Act, Entry.Act(seen.Header.Tick, 0)).ToArray();
                Spoil(bytes, random);
                peer.Send(bytes);
            }));
            Assert.Equal(RefereeProgram.Played, match.ExitCode);
            Assert.Equal(2, match.Result!.Episodes);
        }
    }

    [Fact]
    public void Play_EnvironmentSendsNoise_EndsWithAFaultOrAResult()
    {
        var random = new Random(2);
        for (var i = 0; i < 60; i++)
        {
            using var match = new Match { Plan = Match.Planned(1) with { Budgets = Quick } };
            match.Play(Agents.Acting(_ => 0), peer =>
            {
                new CountingEnvironment().Greet(peer);
                var asked = RawPeer.Entries(peer.Read().Body);
                var bytes = peer.Compose(FrameType.State, CountingEnvironment.State(asked[0], 0, 0)).ToArray();
                Spoil(bytes, random);
                peer.Send(bytes);
            });
            Assert.Equal(RefereeProgram.Faulted, match.ExitCode);
            Assert.Equal(Blame.Environment, match.Fatal!.Blame);
        }
    }

    [Fact]
    public void Play_SpecIsSpoiled_IsTheEnvironmentsFaultOrPlays()
    {
        var random = new Random(3);
        var spec = Encoding.UTF8.GetBytes(new CountingEnvironment
        {
            Space = """
                {"type":"Dict","spaces":{"a":{"type":"Box","dtype":"float32","shape":[2],"low":[-1,"-inf"],"high":[1,"inf"]},"b":{"type":"Text","max_length":5},
                "c":{"type":"Tuple","spaces":[{"type":"Discrete","n":3},{"type":"Sequence","space":{"type":"MultiBinary","shape":[2]},"max_length":3}]}}}
                """,
        }.Spec);
        for (var i = 0; i < 150; i++)
        {
            using var match = new Match { Plan = Match.Planned(1) with { Budgets = Quick } };
            match.Play(Agent, peer =>
            {
                peer.SendJson(FrameType.Hello, """{"role":"environment","protocol":{"min":1,"max":1}}""");
                peer.Read();
                var bytes = spec.ToArray();
                Spoil(bytes, random);
                peer.Send([.. BitConverter.GetBytes(bytes.Length + 1), (byte)FrameType.Spec, .. bytes]);
            });
            Assert.Equal(RefereeProgram.Faulted, match.ExitCode);
        }
    }

    // There may be no Welcome.
    private static void Agent(RawPeer peer)
    {
        peer.SendJson(FrameType.Hello, """{"role":"agent","protocol":{"min":1,"max":1}}""");
        peer.SendJson(FrameType.Ready, "{}");
        peer.Drain();
    }

    private static void Spoil(byte[] bytes, Random random)
    {
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }
    }
}
