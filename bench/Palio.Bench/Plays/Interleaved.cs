namespace Palio.Bench.Plays;

/// <summary>Two plays in turn, so that a drift of the machine hits both.</summary>
internal static class Interleaved
{
    private const int WarmUps = 2;

    /// <summary>Plays both so often, after rounds that do not count.</summary>
    public static async Task<List<(Round Ours, Round Theirs)>> PlayAsync(
        StepPlay ours, StepPlay theirs, bool quick, CancellationToken cancellationToken)
    {
        var seconds = quick ? 0.25 : 0.5;
        var pairs = new List<(Round, Round)>();
        for (var round = 0; round < (quick ? 5 : 15) + WarmUps; round++)
        {
            var pair = (await ours.PlayAsync(seconds, cancellationToken), await theirs.PlayAsync(seconds, cancellationToken));
            if (round >= WarmUps)
            {
                pairs.Add(pair);
            }
        }

        return pairs;
    }
}
