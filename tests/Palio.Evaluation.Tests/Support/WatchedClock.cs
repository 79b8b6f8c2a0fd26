using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Palio.Evaluation.Tests.Support;

/// <summary>A clock that stands until somebody waits on it: time passes only once the timer is there, so no test races its subject.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a timer of this length is started, then lets that time pass.</summary>
    public async Task PassAsync(TimeSpan dueTime)
    {
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken) != dueTime)
        {
        }

        Advance(dueTime);
    }
}
