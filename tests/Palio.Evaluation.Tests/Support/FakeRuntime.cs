using System.Threading.Channels;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Tests.Support;

/// <summary>A runtime whose plays last until the test ends them.</summary>
internal sealed class FakeRuntime : IPodRuntime
{
    private readonly Channel<Play> _plays = Channel.CreateUnbounded<Play>();

    public EngineDescription Engine { get; init; } = new("Fake 1", "1.41", 2, 16L << 30, ["runc"], "amd64", true);

    public List<string> Swept { get; } = [];

    public Task<EngineDescription> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(Engine);

    public async Task<PodOutcome> PlayAsync(PodPlan plan, IPodObserver observer, CancellationToken cancellationToken)
    {
        var play = new Play(plan, observer, cancellationToken);
        _plays.Writer.TryWrite(play);
        await using var cancelled = cancellationToken.Register(() => play.End.TrySetResult(Samples.Outcome() with { Stopped = PodStop.Cancelled }));
        var outcome = await play.End.Task;
        await observer.EndedAsync(outcome);
        return outcome;
    }

    /// <summary>The next play that began.</summary>
    public async Task<Play> PlayAsync() => await _plays.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public int Waiting => _plays.Reader.Count;

    public Task<int> SweepAsync(string instance, IReadOnlySet<long> held, CancellationToken cancellationToken)
    {
        Swept.Add(instance);
        return Task.FromResult(0);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal sealed record Play(PodPlan Plan, IPodObserver Observer, CancellationToken Stop)
    {
        public TaskCompletionSource<PodOutcome> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
