namespace Palio.Server.Hosting;

/// <summary>Work that is done again and again while the server runs.</summary>
internal static class Periodic
{
    /// <summary>Looks each time the interval is over. A look that fails is told, and the next one comes: as a rule a database was away for a moment.</summary>
    public static async Task RunAsync(TimeSpan interval, TimeProvider time, Func<CancellationToken, Task> look, Action<Exception> failed, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await look(stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failed(exception);
            }
        }
    }
}
