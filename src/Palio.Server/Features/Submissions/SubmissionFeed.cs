using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
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

    /// <summary>Yields once at once, and after every change, until cancelled.</summary>
    public async IAsyncEnumerable<bool> ListenAsync(int submission, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        channel.Writer.TryWrite(true);
        _listeners.AddOrUpdate(submission, _ => [channel], (_, listeners) => listeners.Add(channel));
        try
        {
            await foreach (var signal in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return signal;
            }
        }
        finally
        {
            Leave(submission, channel);
        }
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
}
