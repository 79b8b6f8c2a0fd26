using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;

namespace Palio.Server.Features.Submissions;

/// <summary>
/// Tells whoever listens that a submission has changed. A signal says no more than that: the listener reads the row, which is the truth.
/// Signals that come faster than the listener reads become one.
/// </summary>
internal sealed class SubmissionFeed
{
    private readonly ConcurrentDictionary<int, ImmutableList<Channel<bool>>> _listeners = new();

    public void Publish(int submission)
    {
        if (_listeners.TryGetValue(submission, out var listeners))
        {
            foreach (var listener in listeners)
            {
                listener.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Listens until it is disposed.</summary>
    public Subscription Listen(int submission)
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _listeners.AddOrUpdate(submission, _ => [channel], (_, listeners) => listeners.Add(channel));
        return new Subscription(channel.Reader, () => Leave(submission, channel));
    }

    private void Leave(int submission, Channel<bool> channel)
    {
        while (_listeners.TryGetValue(submission, out var listeners))
        {
            var rest = listeners.Remove(channel);
            var left = rest.IsEmpty
                ? _listeners.TryRemove(KeyValuePair.Create(submission, listeners))
                : _listeners.TryUpdate(submission, rest, listeners);
            if (left)
            {
                return;
            }
        }
    }

    /// <summary>One listener's place.</summary>
    internal sealed class Subscription(ChannelReader<bool> signals, Action leave) : IDisposable
    {
        /// <summary>Completes at the next change, or after this time without one.</summary>
        public async Task NextAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
        {
            try
            {
                await signals.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(longest, time, cancellationToken);
                signals.TryRead(out _);
            }
            catch (TimeoutException)
            {
                // Nothing has changed.
            }
        }

        public void Dispose() => leave();
    }
}
