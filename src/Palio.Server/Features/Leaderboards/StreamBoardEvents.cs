using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;

namespace Palio.Server.Features.Leaderboards;

/// <summary>Says that a board has changed, never what: the page is drawn again by those who may see it.</summary>
internal static class StreamBoardEvents
{
    private const int RoundsOfSilence = 5;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);

    public static async IAsyncEnumerable<SseItem<BoardEvent>> HandleAsync(
        int split, IServiceScopeFactory scopes, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = await ReadAsync(split, scopes, cancellationToken);
        yield return new SseItem<BoardEvent>(before, "hello");
        for (var silent = 0; ; silent++)
        {
            await Task.Delay(Pace, time, cancellationToken);
            var now = await ReadAsync(split, scopes, cancellationToken);
            if (now != before || silent >= RoundsOfSilence)
            {
                yield return new SseItem<BoardEvent>(now, now != before ? "update" : "hello");
                (before, silent) = (now, 0);
            }
        }
    }

    private static async Task<BoardEvent> ReadAsync(int split, IServiceScopeFactory scopes, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var entries = scope.ServiceProvider.GetRequiredService<PalioDbContext>().BoardEntries.AsNoTracking().Where(entry => entry.PhaseSplitId == split);
        return new BoardEvent(await entries.CountAsync(cancellationToken), await entries.MaxAsync(entry => (DateTimeOffset?)entry.Updated, cancellationToken));
    }
}

/// <summary>What tells one state of a board from another.</summary>
internal sealed record BoardEvent(int Teams, DateTimeOffset? Updated);
