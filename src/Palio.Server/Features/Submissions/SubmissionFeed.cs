using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Live;

namespace Palio.Server.Features.Submissions;

/// <summary>
/// Tells whoever listens that a submission has changed. A signal says no more than that: the listener reads the row, which is the truth.
/// Signals that come faster than the listener reads become one, and all who may see the same share one read, whatever their number.
/// </summary>
internal sealed class SubmissionFeed(IServiceScopeFactory scopes, EvaluationFiles files, TimeProvider time)
{
    private const int LogBytes = 16 * 1024;

    private readonly TimeProvider _time = time;
    private readonly Audiences<Listeners> _audiences = new(time);

    public void Publish(int submission) => _audiences.Find(submission)?.Tell();

    /// <summary>Listens until it is disposed.</summary>
    public Subscription Listen(int submission) => new(this, _audiences.Join(submission, () => new Listeners()));

    // Nobody's own request may cancel what others wait for.
    private async Task<SubmissionEvent?> ReadAsync(AccessedSubmission access)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = await GetSubmission.EventAsync(access.Submission.Id, access, scope.ServiceProvider.GetRequiredService<PalioDbContext>(), CancellationToken.None);
        return now is null || !access.SeesAgentLog
            ? now
            : now with { AgentLog = await files.ReadTailAsync(now.Evaluation.Id, "agent", LogBytes, CancellationToken.None) };
    }

    /// <summary>One listener's place.</summary>
    internal sealed class Subscription(SubmissionFeed feed, Audiences<Listeners>.Seat seat) : IDisposable
    {
        // A place in the queue changes without a word about this submission.
        private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

        /// <summary>What the submission is now, as far as this listener may know; null when it is gone.</summary>
        public Task<SubmissionEvent?> ReadAsync(AccessedSubmission access) =>
            seat.Audience.Read((access.SeesEnvironmentLog, access.SeesAgentLog), feed._time, Fresh, () => feed.ReadAsync(access));

        /// <summary>Completes at the next change, or after this time without one.</summary>
        public Task NextAsync(TimeSpan longest, CancellationToken cancellationToken) => seat.NextAsync(longest, cancellationToken);

        public void Dispose() => seat.Dispose();
    }

    /// <summary>All who listen to one submission, and what was read for them last.</summary>
    internal sealed class Listeners : Audience
    {
        private readonly Dictionary<(bool, bool), (long Version, long At, Task<SubmissionEvent?> Read)> _reads = [];
        private long _version;

        /// <summary>The read of this version by this right, begun by the first who asks.</summary>
        public Task<SubmissionEvent?> Read((bool, bool) right, TimeProvider time, TimeSpan fresh, Func<Task<SubmissionEvent?>> read)
        {
            lock (Gate)
            {
                if (_reads.TryGetValue(right, out var last) && last.Version == _version && !last.Read.IsFaulted && time.GetElapsedTime(last.At) < fresh)
                {
                    return last.Read;
                }

                var begun = Task.Run(read);
                _reads[right] = (_version, time.GetTimestamp(), begun);
                return begun;
            }
        }

        protected override void Changed() => _version++;
    }
}
