namespace Palio.Server.Features.Evaluations;

/// <summary>Wakes those who wait for work. The rows are the queue; this only says "look again".</summary>
internal sealed class EvaluationQueue(TimeProvider time)
{
    /// <summary>Submissions a second that are no rush, for each core: a small part of what it answers.</summary>
    public const int FewPerCore = 32;

    private TaskCompletionSource _next = New();

    /// <summary>Those who are about to queue something.</summary>
    public Rush Rush { get; } = new(FewPerCore * Environment.ProcessorCount, time);

    /// <summary>Take it before looking at the rows: what is queued after that completes it.</summary>
    public Task NextAsync() => Volatile.Read(ref _next).Task;

    public void Wake() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
