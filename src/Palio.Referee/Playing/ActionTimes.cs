namespace Palio.Referee.Playing;

/// <summary>Distribution of the agent's times: a histogram of fixed size, sixteen buckets for each doubling, so within 5 %.</summary>
internal sealed class ActionTimes
{
    private const double SmallestMs = 0.001;
    private const int BucketsPerDoubling = 16;

    private readonly long[] _buckets = new long[40 * BucketsPerDoubling];
    private long _count;

    public void Add(double milliseconds)
    {
        var bucket = milliseconds <= SmallestMs ? 0 : (int)(Math.Log2(milliseconds / SmallestMs) * BucketsPerDoubling);
        _buckets[Math.Min(bucket, _buckets.Length - 1)]++;
        _count++;
    }

    public double Quantile(double share)
    {
        if (_count == 0)
        {
            return 0;
        }

        var rank = (long)Math.Ceiling(share * _count);
        var bucket = -1;
        for (var seen = 0L; seen < rank;)
        {
            seen += _buckets[++bucket];
        }

        return Math.Round(SmallestMs * Math.Pow(2, (bucket + 0.5) / BucketsPerDoubling), 4);
    }
}
