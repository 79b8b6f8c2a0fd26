using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;
using Palio.Server.Features.Live;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// Tells whoever looks at a board that it has changed, never what. One question to the database for all boards that are looked at,
/// whenever this process has written something that boards show, and every three seconds for what other replicas write.
/// </summary>
internal sealed partial class BoardFeed(IServiceScopeFactory scopes, WriteEpoch epoch, TimeProvider time, ILogger<BoardFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time = time;
    private readonly Audiences<Viewers> _audiences = new(time);

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="split">The board.</param>
    /// <param name="version">As the listener knows it.</param>
    public Audiences<Viewers>.Seat Listen(int split, long version) => _audiences.Join(split, () => new Viewers(version));

    /// <summary>Says that the board is worth another look.</summary>
    public void Tell(int split) => _audiences.Find(split)?.Tell();

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
        var splits = _audiences.Ids.ToList();
        if (splits.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var versions = await scope.ServiceProvider.GetRequiredService<PalioDbContext>().PhaseSplits.Where(s => splits.Contains(s.Id))
            .Select(s => new { s.Id, s.BoardVersion }).ToListAsync(cancellationToken);
        foreach (var board in versions)
        {
            _audiences.Find(board.Id)?.See(board.BoardVersion);
        }
    }

    /// <summary>All who look at one board.</summary>
    internal sealed class Viewers(long version) : Audience
    {
        private long _version = version;

        /// <summary>Takes note of the board's version.</summary>
        public void See(long now)
        {
            if (Interlocked.Exchange(ref _version, now) != now)
            {
                Tell();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Whether boards have changed could not be read")]
    private partial void LogFailed(Exception exception);
}
