namespace Palio.Evaluation.Pods;

/// <summary>Tells an observer what the sides print while they play: a look every few seconds, and the last of it alone.</summary>
internal sealed class LiveLogs(IPodPart agent, IPodPart environment, IPodObserver observer, TimeProvider time)
{
    private const int TailBytes = 16 * 1024;

    /// <summary>Looks until cancelled. A log that cannot be read now is read the next time, or whole at the end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (observer.LogPace is not { } pace)
        {
            return;
        }

        for (var before = ("", ""); ;)
        {
            await Task.Delay(pace, time, cancellationToken).ConfigureAwait(false);
            var now = (await agent.TailAsync(TailBytes, cancellationToken).ConfigureAwait(false), await environment.TailAsync(TailBytes, cancellationToken).ConfigureAwait(false));
            if (now != before)
            {
                await observer.LogTailsAsync(now.Item1, now.Item2, cancellationToken).ConfigureAwait(false);
                before = now;
            }
        }
    }
}
