namespace Palio.Bench.Plays;

/// <summary>Two plays in turn, so that a drift of the machine hits both.</summary>
internal static class Interleaved
{
    /// <summary>Plays both so often, after rounds that do not count.</summary>
    public static async Task<List<(Round Ours, Round Theirs)>> PlayAsync(
        StepPlay ours, StepPlay theirs, bool quick, CancellationToken cancellationToken)
    {
        var (seconds, warmUps, rounds) = quick ? (0.15, 1, 5) : (0.5, 2, 15);
        var pairs = new List<(Round, Round)>();
        for (var round = 0; round < rounds + warmUps; round++)
        {
            var pair = (await ours.PlayAsync(seconds, cancellationToken), await theirs.PlayAsync(seconds, cancellationToken));
            if (round >= warmUps)
            {
                pairs.Add(pair);
            }
        }

        return pairs;
    }
}
