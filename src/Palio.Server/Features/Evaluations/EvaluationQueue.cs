namespace Palio.Server.Features.Evaluations;

/// <summary>Wakes those who wait for work. The rows are the queue; this only says "look again".</summary>
internal sealed class EvaluationQueue(TimeProvider time)
{
    private TaskCompletionSource _next = New();

    /// <summary>Those who are about to queue something. As many as that a core answers in a small part of its time.</summary>
    public Rush Rush { get; } = new(32 * Environment.ProcessorCount, time);

    /// <summary>Take it before looking at the rows: what is queued after that completes it.</summary>
    public Task NextAsync() => Volatile.Read(ref _next).Task;

    public void Wake() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
