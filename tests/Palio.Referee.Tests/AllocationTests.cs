namespace Palio.Referee.Tests;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Play_StepAfterStep_AllocatesNothing(int slots)
    {
        // By then the buffer of the record has its full size.
        const int Warm = 1500;
        const int Last = 3500;
        var time = new StoppedTime();
        var (before, after) = (0L, 0L);
        using var match = new Match { Plan = Match.Planned(slots, Last + 10) with { Slots = slots, Record = false }, Time = time };
        match.Play(Agents.Acting(seen =>
        {
            switch (seen.Header.Tick)
            {
                case Warm:
                    before = time.Allocated;
                    break;
                case Last:
                    after = time.Allocated;
                    break;
            }

            return seen.Header.Tick % 2 == 0 ? 0.5f : -0.5f;
        }));
        Assert.Empty(match.Faults);
        Assert.True(before > 0);
        Assert.Equal(0, after - before);
    }
}
