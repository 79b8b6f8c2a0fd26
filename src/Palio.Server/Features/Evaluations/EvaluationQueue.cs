namespace Palio.Server.Features.Evaluations;

/// <summary>Wakes those who wait for work. The rows are the queue; this only says "look again".</summary>
internal sealed class EvaluationQueue
{
    private TaskCompletionSource _next = New();

    /// <summary>Take it before looking at the rows: what is queued after that completes it.</summary>
    public Task NextAsync() => Volatile.Read(ref _next).Task;

    public void Wake() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
