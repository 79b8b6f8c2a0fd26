using System.Diagnostics;
using System.Globalization;

namespace Palio.Bench.Programs;

/// <summary>Plays for as many seconds as each line of standard input says, and answers each with a line of JSON: steps, p50 and p99 in microseconds.</summary>
internal sealed class Rounds
{
    private const int MostTrips = 1 << 22;
    private readonly long[] _trips = new long[MostTrips];
    private int _count;
    private long _left;
    private long _end;

    /// <summary>An answer arrived: the trip that began with <see cref="Left"/> is over. Waits for the next round when this one is.</summary>
    public void Arrived()
    {
        var now = Stopwatch.GetTimestamp();
        if (_end == 0)
        {
            Begin();
            return;
        }

        if (_count < MostTrips)
        {
            _trips[_count++] = now - _left;
        }

        if (now >= _end)
        {
            Report();
            Begin();
        }
    }

    /// <summary>A request goes out.</summary>
    public void Left() => _left = Stopwatch.GetTimestamp();

    private void Begin()
    {
        if (Console.ReadLine() is not { } line)
        {
            Environment.Exit(0);
            return;
        }

        _count = 0;
        _end = Stopwatch.GetTimestamp() + (long)(double.Parse(line, CultureInfo.InvariantCulture) * Stopwatch.Frequency);
    }

    private void Report()
    {
        var trips = _trips.AsSpan(0, _count);
        trips.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $$"""{"steps":{{_count}},"p50":{{Microseconds(trips[_count / 2])}},"p99":{{Microseconds(trips[Math.Min(_count - 1, _count * 99 / 100)])}}}"""));
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
