using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Palio.Server.Features.Leaderboards;

/// <summary>Says that a board has changed, never what: the page is drawn again by those who may see it.</summary>
internal static class StreamBoardEvents
{
    // Reverse proxies and browsers give up on a silent connection.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <param name="split">The board.</param>
    /// <param name="version">As it was when the caller was found to see it.</param>
    /// <param name="feed">Tells of changes.</param>
    /// <param name="cancellationToken">The listener is gone.</param>
    public static async IAsyncEnumerable<SseItem<BoardEvent>> HandleAsync(
        int split, long version, BoardFeed feed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var changes = feed.Listen(split, version);
        yield return new SseItem<BoardEvent>(new BoardEvent(split), "hello");
        while (true)
        {
            var isNew = await changes.NextAsync(Silence, cancellationToken);
            yield return new SseItem<BoardEvent>(new BoardEvent(split), isNew ? "update" : "hello");
        }
    }
}

/// <summary>Which board it is about.</summary>
internal sealed record BoardEvent(int Split);
