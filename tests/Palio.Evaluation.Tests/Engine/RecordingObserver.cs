using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>Remembers what it is told.</summary>
public sealed class RecordingObserver : IPodObserver
{
    private readonly TaskCompletionSource _playing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<RefereeEvent> Events { get; } = [];

    public IEnumerable<EpisodeResult> Episodes => Events.OfType<EpisodeFinished>().Select(finished => finished.Episode);

    /// <summary>Completes when both sides were ready.</summary>
    public Task Playing => _playing.Task;

    /// <summary>Is run when the play has ended and its containers are still there.</summary>
    public Func<Task> OnEnded { get; init; } = () => Task.CompletedTask;

    public async ValueTask EndedAsync(PodOutcome outcome) => await OnEnded();

    /// <summary>Asked how often to look at the logs.</summary>
    public TimeSpan? LogPace { get; init; }

    public System.Threading.Channels.Channel<(string Agent, string Environment)> Logs { get; } =
        System.Threading.Channels.Channel.CreateUnbounded<(string, string)>();

    public ValueTask LogTailsAsync(string agent, string environment, CancellationToken cancellationToken) => Logs.Writer.WriteAsync((agent, environment), cancellationToken);

    public ValueTask PreparingAsync(string detail, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask EventAsync(RefereeEvent refereeEvent, CancellationToken cancellationToken)
    {
        Events.Add(refereeEvent);
        if (refereeEvent is SideReady { Side: "agent", Stage: "ready" })
        {
            _playing.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }
}
