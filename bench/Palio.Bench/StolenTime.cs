using System.Globalization;

namespace Palio.Bench;

/// <summary>The part of the processors' time that a virtual machine wanted and did not get, since it was made: what is in ms is so much worse.</summary>
internal sealed class StolenTime
{
    // Of the first line: user, nice, system, idle, iowait, irq, softirq, steal; proc_stat(5).
    private const int Counters = 8;

    private readonly long[] _begun = Read();

    /// <summary>What to say of it; empty where it is little.</summary>
    public string Describe()
    {
        long[] passed = [.. Read().Zip(_begun, (now, begun) => now - begun)];
        var part = passed[^1] / Math.Max(1.0, passed.Sum());
        return part < 0.02 ? "" : string.Create(CultureInfo.InvariantCulture, $"; other machines had {part:P0} of the processors: measure again in a quieter hour");
    }

    private static long[] Read() =>
        [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Counters).Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
}
