using System.Threading.Channels;

namespace Palio.Server.Features.Live;

/// <summary>All who listen to one thing. A signal says that it has changed and no more; signals that come faster than a listener looks become one.</summary>
internal class Audience
{
    private readonly HashSet<Channel<bool>> _seats = [];
    private bool _closed;

    /// <summary>Guards the seats, and what a kind of audience keeps beside them.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Signals everyone.</summary>
    public void Tell()
    {
        lock (Gate)
        {
            Changed();
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
        lock (Gate)
        {
            return !_closed && _seats.Add(seat) ? seat : null;
        }
    }

    /// <returns>True when nobody is left.</returns>
    public bool Leave(Channel<bool> seat)
    {
        lock (Gate)
        {
            _seats.Remove(seat);
            return _closed = _seats.Count is 0;
        }
    }

    /// <summary>Called for each signal, under <see cref="Gate"/>.</summary>
    protected virtual void Changed()
    {
    }
}
