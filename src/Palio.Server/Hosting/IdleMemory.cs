namespace Palio.Server.Hosting;

/// <summary>
/// Gives memory back when nothing happens. The collector works when something is allocated: a server that was busy, or has just started, and
/// then has nothing to do would keep its garbage for hours.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    // What a server without visitors allocates in an interval, for its worker and its watches, is less.
    private const long Quiet = 2 << 20;
    private const long Worthwhile = 16 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var (before, collected) = (GC.GetTotalAllocatedBytes(), 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = GC.GetTotalAllocatedBytes();
            if (now - before < Quiet && now - collected > Worthwhile)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collected = now;
            }

            before = now;
        }
    }
}
