using System.Collections.Concurrent;
using System.Threading.Channels;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Features.Submissions;

/// <summary>
/// Tells whoever listens that a submission has changed. A signal says no more than that: the listener reads the row, which is the truth.
/// Signals that come faster than the listener reads become one, and all who may see the same share one read, whatever their number.
/// </summary>
internal sealed class SubmissionFeed(IServiceScopeFactory scopes, EvaluationFiles files, TimeProvider time)
{
    private const int LogBytes = 16 * 1024;

    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<int, Audience> _audiences = new();

    public void Publish(int submission)
    {
        if (_audiences.TryGetValue(submission, out var audience))
        {
            audience.Tell();
        }
    }

    /// <summary>Listens until it is disposed.</summary>
    public Subscription Listen(int submission)
    {
        while (true)
        {
            var audience = _audiences.GetOrAdd(submission, _ => new Audience());
            if (audience.Join() is { } seat)
            {
                return new Subscription(this, submission, audience, seat);
            }

            // Its last listener was leaving; it is out of the dictionary in a moment.
            _audiences.TryRemove(KeyValuePair.Create(submission, audience));
        }
    }

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
    internal sealed class Subscription(SubmissionFeed feed, int submission, Audience audience, Channel<bool> seat) : IDisposable
    {
        // A place in the queue changes without a word about this submission.
        private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

        /// <summary>What the submission is now, as far as this listener may know; null when it is gone.</summary>
        public Task<SubmissionEvent?> ReadAsync(AccessedSubmission access) =>
            audience.Read((access.SeesEnvironmentLog, access.SeesAgentLog), feed._time, Fresh, () => feed.ReadAsync(access));

        /// <summary>Completes at the next change, or after this time without one.</summary>
        public async Task NextAsync(TimeSpan longest, CancellationToken cancellationToken)
        {
            try
            {
                await seat.Reader.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(longest, feed._time, cancellationToken);
                seat.Reader.TryRead(out _);
            }
            catch (TimeoutException)
            {
                // Nothing has changed.
            }
        }

        public void Dispose()
        {
            if (audience.Leave(seat))
            {
                feed._audiences.TryRemove(KeyValuePair.Create(submission, audience));
            }
        }
    }

    /// <summary>All who listen to one submission, and what was read for them last.</summary>
    internal sealed class Audience
    {
        private readonly Lock _lock = new();
        private readonly HashSet<Channel<bool>> _seats = [];
        private readonly Dictionary<(bool, bool), (long Version, long At, Task<SubmissionEvent?> Read)> _reads = [];
        private long _version;
        private bool _closed;

        public void Tell()
        {
            lock (_lock)
            {
                _version++;
                foreach (var seat in _seats)
                {
                    seat.Writer.TryWrite(true);
                }
            }
        }

        /// <summary>A new seat; null when the last listener has left and this audience is over.</summary>
        public Channel<bool>? Join()
        {
            var seat = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
            lock (_lock)
            {
                return !_closed && _seats.Add(seat) ? seat : null;
            }
        }

        /// <returns>True when nobody is left.</returns>
        public bool Leave(Channel<bool> seat)
        {
            lock (_lock)
            {
                _seats.Remove(seat);
                return _closed = _seats.Count is 0;
            }
        }

        /// <summary>The read of this version by this right, begun by the first who asks.</summary>
        public Task<SubmissionEvent?> Read((bool, bool) right, TimeProvider time, TimeSpan fresh, Func<Task<SubmissionEvent?>> read)
        {
            lock (_lock)
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
    }
}
