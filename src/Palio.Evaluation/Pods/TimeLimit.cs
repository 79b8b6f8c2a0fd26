namespace Palio.Evaluation.Pods;

/// <summary>A token that is cancelled with another, or after a time of the clock in use.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;

    public TimeLimit(TimeSpan span, TimeProvider time, CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(state => ((CancellationTokenSource)state!).Cancel(), _source, span, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }
}
