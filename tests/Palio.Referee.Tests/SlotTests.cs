using Palio.Protocol.Evaluations;

namespace Palio.Referee.Tests;

public sealed class SlotTests
{
    [Fact]
    public void Play_MoreSlots_GivesTheSameRowsAndDigest()
    {
        var one = Play(1, Agents.Acting(Policy));
        foreach (var slots in new[] { 2, 4, 16 })
        {
            var several = Play(slots, Agents.Acting(Policy));
            Assert.Equal(one.Result!.TranscriptDigest, several.Result!.TranscriptDigest);
            Assert.Equal(Rows(one), Rows(several));
        }
    }

    [Fact]
    public void Play_AgentAnswersSubsetsOutOfOrder_GivesTheSameRowsAndDigest()
    {
        var (one, several) = (Play(1, Agents.Acting(Policy)), Play(4, Agents.ActingOneByOne(Policy)));
        Assert.Empty(several.Faults);
        Assert.Equal(one.Result!.TranscriptDigest, several.Result!.TranscriptDigest);
        Assert.Equal(Rows(one), Rows(several));
    }

    [Fact]
    public void Play_EnvironmentOffersFewerSlots_PlaysThose()
    {
        using var match = new Match { Plan = Match.Planned(6) with { Slots = 4 } };
        match.Play(Agents.Acting(Policy), new CountingEnvironment { Slots = 2 }.Play);
        Assert.Equal(6, match.Result!.Episodes);
    }

    [Fact]
    public void Play_ForfeitInOneSlot_LeavesTheOthersAlone()
    {
        using var match = new Match { Plan = Match.Planned(8, maxSteps: 4) with { Slots = 4 } };
        match.Play(Agents.Acting(seen => seen.Header is { Slot: 2, Tick: 2 } ? float.NaN : 0.5f), new CountingEnvironment { Slots = 4 }.Play);
        Assert.Equal(2, Assert.Single(match.Episodes, e => e.End == EpisodeEnd.Forfeited).Ordinal);
        Assert.Equal(7, match.Episodes.Count(e => e.End == EpisodeEnd.StepCap));
    }

    [Fact]
    public void Play_ObservationsDoNotFitOneMessage_SendsSeveral()
    {
        const string Picture = """{"type":"Box","dtype":"uint8","shape":[600]}""";
        using var match = new Match { Plan = Match.Planned(6) with { Slots = 3, MaxMessageBytes = 1024 } };
        var environment = new CountingEnvironment
        {
            Slots = 3,
            Space = Picture,
            Twist = (_, _, states) => [.. states.Select(state => new Entry(state.Header, [.. new byte[600], .. new byte[8]]))],
        };
        match.Play(Agents.Acting(_ => 0), environment.Play);
        Assert.Empty(match.Faults);
        Assert.Equal(6, match.Result!.Episodes);
    }

    [Fact]
    public void Play_AgentLeavesWithSlotsOpen_ForfeitsThemAndTheRest()
    {
        using var match = new Match { Plan = Match.Planned(10) with { Slots = 4 } };
        match.Play(Agents.ActingThen(3, (_, _) => { }));
        Assert.Equal(FaultCode.AgentCrashed, match.Fatal?.Code);
        Assert.Equal(Enumerable.Range(0, 10), match.Episodes.Select(e => e.Ordinal).Order());
        Assert.Equal(match.Result!.Forfeited, match.Episodes.Count(e => e.End == EpisodeEnd.Forfeited));
        Assert.Equal(10, match.Result.Episodes);
    }

    private static float Policy(Entry seen) => BitConverter.ToSingle(seen.Payload) > 20 ? -0.25f : 0.75f;

    private static Match Play(int slots, Action<RawPeer> agent)
    {
        using var match = new Match { Plan = Match.Planned(12, maxSteps: 20) with { Slots = slots } };
        return match.Play(agent, new CountingEnvironment { Slots = slots, Length = seed => (int)(seed % 7) + 1 }.Play);
    }

    private static IEnumerable<(int Ordinal, long Steps, double Return, EpisodeEnd End)> Rows(Match match) =>
        match.Episodes.OrderBy(e => e.Ordinal).Select(e => (e.Ordinal, e.Steps, e.Return, e.End));
}
