using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// Tells whoever looks at a board that it has changed, never what. One question to the database for all boards that are looked at,
/// whenever this process has written something that boards show, and every three seconds for what other replicas write.
/// </summary>
internal sealed partial class BoardFeed(IServiceScopeFactory scopes, WriteEpoch epoch, TimeProvider time, ILogger<BoardFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<int, Audience> _audiences = new();

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="split">The board.</param>
    /// <param name="version">As the listener knows it.</param>
    public Subscription Listen(int split, long version)
    {
        while (true)
        {
            var audience = _audiences.GetOrAdd(split, _ => new Audience(version));
            if (audience.Join() is { } seat)
            {
                return new Subscription(this, split, audience, seat);
            }

            // Its last listener was leaving; it is out of the dictionary in a moment.
            _audiences.TryRemove(KeyValuePair.Create(split, audience));
        }
    }

    /// <summary>Says that the board is worth another look.</summary>
    public void Tell(int split)
    {
        if (_audiences.TryGetValue(split, out var audience))
        {
            audience.Tell();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var written = epoch.NextAsync();
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception); // a database that is away for a moment; the next look comes
            }

            await Task.WhenAny(written, Task.Delay(Pace, _time, stoppingToken));
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var splits = _audiences.Keys.ToList();
        if (splits.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var versions = await scope.ServiceProvider.GetRequiredService<PalioDbContext>().PhaseSplits.Where(s => splits.Contains(s.Id))
            .Select(s => new { s.Id, s.BoardVersion }).ToListAsync(cancellationToken);
        foreach (var board in versions)
        {
            if (_audiences.TryGetValue(board.Id, out var audience))
            {
                audience.See(board.BoardVersion);
            }
        }
    }

    /// <summary>One listener's place.</summary>
    internal sealed class Subscription(BoardFeed feed, int split, Audience audience, Channel<bool> seat) : IDisposable
    {
        /// <summary>Completes at the next change, with true; or after this time without one.</summary>
        public async Task<bool> NextAsync(TimeSpan longest, CancellationToken cancellationToken)
        {
            try
            {
                await seat.Reader.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(longest, feed._time, cancellationToken);
                return seat.Reader.TryRead(out _);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        public void Dispose()
        {
            if (audience.Leave(seat))
            {
                feed._audiences.TryRemove(KeyValuePair.Create(split, audience));
            }
        }
    }

    /// <summary>All who look at one board.</summary>
    internal sealed class Audience(long version)
    {
        private readonly Lock _lock = new();
        private readonly HashSet<Channel<bool>> _seats = [];
        private long _version = version;
        private bool _closed;

        /// <summary>Takes note of the board's version.</summary>
        public void See(long now)
        {
            lock (_lock)
            {
                if (now == _version)
                {
                    return;
                }

                _version = now;
            }

            Tell();
        }

        public void Tell()
        {
            lock (_lock)
            {
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
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Whether boards have changed could not be read")]
    private partial void LogFailed(Exception exception);
}
