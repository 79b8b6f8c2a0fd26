using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Palio.Server.Features.Live;

/// <summary>The audiences there are, by the id of what they listen to; one without listeners is gone.</summary>
internal sealed class Audiences<TAudience>(TimeProvider time)
    where TAudience : Audience
{
    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<int, TAudience> _all = new();

    /// <summary>What somebody listens to.</summary>
    public ICollection<int> Ids => _all.Keys;

    /// <summary>Who listens to it; null for nobody.</summary>
    public TAudience? Find(int id) => _all.GetValueOrDefault(id);

    /// <summary>Listens until the seat is disposed of.</summary>
    /// <param name="id">To what.</param>
    /// <param name="begin">Makes the audience, for its first listener.</param>
    public Seat Join(int id, Func<TAudience> begin)
    {
        while (true)
        {
            var audience = _all.GetOrAdd(id, _ => begin());
            if (audience.Join() is { } signals)
            {
                return new Seat(this, id, audience, signals);
            }

            // Its last listener was leaving; it is out of the dictionary in a moment.
            _all.TryRemove(KeyValuePair.Create(id, audience));
        }
    }

    /// <summary>One listener's place.</summary>
    internal sealed class Seat(Audiences<TAudience> audiences, int id, TAudience audience, Channel<bool> signals) : IDisposable
    {
        /// <summary>Those who listen to the same.</summary>
        public TAudience Audience => audience;

        /// <summary>Completes at the next signal, with true; or after this time without one.</summary>
        public async Task<bool> NextAsync(TimeSpan longest, CancellationToken cancellationToken)
        {
            try
            {
                await signals.Reader.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(longest, audiences._time, cancellationToken);
                return signals.Reader.TryRead(out _);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        public void Dispose()
        {
            if (audience.Leave(signals))
            {
                audiences._all.TryRemove(KeyValuePair.Create(id, audience));
            }
        }
    }
}
