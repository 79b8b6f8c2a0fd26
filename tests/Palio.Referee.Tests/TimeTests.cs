using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

public sealed class TimeTests
{
    private static readonly RefereeBudgets Budgets = new() { FirstActionMs = 1000, StepMs = 100, BankMs = 50, TotalMs = 100_000 };

    [Fact]
    public void Play_SlowSteps_ArePaidFromTheBankOfTheEpisode()
    {
        var banks = new List<uint>();
        var match = Play([900, 100, 120, 130, 100, 100, 150], 4, (seen, _) => banks.Add(seen.Header.Value));
        Assert.Empty(match.Faults);
        Assert.Equal([50, 50, 50, 30, 50, 50, 50, 0], banks);
        Assert.Equal([EpisodeEnd.StepCap, EpisodeEnd.StepCap], match.Episodes.Select(e => e.End));
        Assert.Equal([900, 150], match.Episodes.Select(e => e.SlowestActionMs));
        Assert.Equal(1250, match.Episodes[0].AgentMs);
    }

    [Fact]
    public void Play_BankIsEmpty_ForfeitsTheEpisodeAndNotTheNext()
    {
        var match = Play([0, 120, 131, 0, 0, 0], 3);
        Assert.Equal([EpisodeEnd.Forfeited, EpisodeEnd.StepCap], match.Episodes.Select(e => e.End));
        var fault = Assert.Single(match.Faults).Fault;
        Assert.Equal((FaultCode.AgentStepTimeout, 0, 2L), (fault.Code, fault.Episode, fault.Step));
        Assert.Equal("no action within 100 ms and the time bank of 50 ms", fault.Message);
    }

    [Fact]
    public void Play_LateInTheMiddleOfAFrame_IsLateAndDropped()
    {
        var time = new StoppedTime();
        using var match = new Match { Plan = Match.Planned(2, maxSteps: 1) with { Budgets = Budgets }, Time = time };
        match.Play(peer =>
        {
            Agents.Greet(peer);
            var seen = peer.ReadEntries(FrameType.Observe)[0];
            var act = peer.Compose(FrameType.Act, Entry.Act(seen.Header.Tick, 0.5f)).ToArray();
            time.Advance(1051);
            peer.Send(act.AsSpan(0, 9));
            Assert.Equal(FrameType.EpisodeEnd, peer.Read().Type);
            var next = peer.ReadEntries(FrameType.Observe)[0];
            Assert.Equal(2u, next.Header.Tick);
            peer.Send(act.AsSpan(9));
            peer.SendEntries(FrameType.Act, Entry.Act(2, 0.5f));
            peer.Drain();
        });
        Assert.Equal([EpisodeEnd.Forfeited, EpisodeEnd.StepCap], match.Episodes.Select(e => e.End));
        Assert.Equal(FaultCode.AgentStepTimeout, Assert.Single(match.Faults).Fault.Code);
    }

    [Fact]
    public void Play_AgentSilent_IsTakenForHungAfterThreeInARow()
    {
        using var match = new Match
        {
            Plan = Match.Planned(20) with { Budgets = new RefereeBudgets { FirstActionMs = 1, StepMs = 1, BankMs = 0 } },
        };
        match.Play(Agents.Silent);
        Assert.Equal(20, match.Episodes.Count);
        Assert.All(match.Episodes, e => Assert.Equal((EpisodeEnd.Forfeited, FaultCode.AgentStepTimeout), (e.End, e.Fault)));
        Assert.Equal(20, match.Result!.Forfeited);
        Assert.Equal(3, match.Faults.Count(fault => !fault.Fatal));
        Assert.Contains("taken for hung", match.Fatal!.Message, StringComparison.Ordinal);
        Assert.Equal(RefereeProgram.Played, match.ExitCode);
    }

    [Fact]
    public void Play_TotalBudgetUsed_ForfeitsTheRest()
    {
        var match = Play([100, 100, 100, 100, 100, 100], 3, budgets: Budgets with { TotalMs = 450 });
        Assert.Equal(FaultCode.AgentTotalTimeout, match.Fatal?.Code);
        Assert.Equal([EpisodeEnd.StepCap, EpisodeEnd.Forfeited], match.Episodes.Select(e => e.End));
        Assert.Equal(1, match.Result!.Forfeited);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Play_EnvironmentIsSlow_CostsTheAgentNothing(int slots)
    {
        var time = new StoppedTime();
        using var match = new Match
        {
            Plan = Match.Planned(6) with { Slots = slots, Budgets = Budgets with { EnvironmentStepMs = 60_000, TotalMs = 200 } },
            Time = time,
        };
        var environment = new CountingEnvironment
        {
            Slots = slots,
            Length = seed => (int)(seed % 3) + 1,
            Twist = (_, _, states) =>
            {
                time.Advance(20_000);
                return states;
            },
        };
        match.Play(Agents.ActingOneByOne(_ => 0.5f), environment.Play);
        Assert.Empty(match.Faults);
        Assert.All(match.Episodes, e => Assert.Equal(0, e.AgentMs));
        Assert.All(match.Episodes, e => Assert.True(e.EnvironmentMs >= 40_000));
    }

    /// <summary>Takes so many milliseconds for each action.</summary>
    private static Match Play(
        int[] times, int maxSteps, Action<Entry, RawPeer>? seen = null, RefereeBudgets? budgets = null)
    {
        var (time, at) = (new StoppedTime(), 0);
        using var match = new Match { Plan = Match.Planned(2, maxSteps) with { Budgets = budgets ?? Budgets }, Time = time };
        return match.Play(peer => Agents.Acting(entry =>
        {
            seen?.Invoke(entry, peer);
            time.Advance(at < times.Length ? times[at++] : 0);
            return 0.5f;
        })(peer));
    }
}
