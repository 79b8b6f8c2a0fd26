namespace Palio.Referee.Tests;

/// <summary>Time that goes on only when a test says so. Tells what the reading thread has allocated, too.</summary>
internal sealed class StoppedTime : TimeProvider
{
    private long _now = 1;
    private long _allocated;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Bytes that the referee's thread had allocated when it last looked at the clock.</summary>
    public long Allocated => Volatile.Read(ref _allocated);

    public override long GetTimestamp()
    {
        Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
        return Volatile.Read(ref _now);
    }

    public void Advance(int milliseconds) => Interlocked.Add(ref _now, milliseconds * TimeSpan.TicksPerMillisecond);
}
