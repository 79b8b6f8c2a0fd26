using Microsoft.AspNetCore.Http.HttpResults;
using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Leaderboards;

/// <summary>What the board's page offers beside HTML: the board as CSV, and word of its changes.</summary>
internal static class BoardPages
{
    private const int MostRows = 1000;

    public static void MapBoardPages(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/challenges/{challenge}/leaderboard/{phase}/{split}").WithTags("Pages").ExcludeFromDescription();
        group.MapGet("/csv", CsvAsync).WithName("ExportLeaderboard").AllowAnonymous();
        group.MapGet("/events", EventsAsync).WithName("StreamLeaderboardEvents").AllowAnonymous();
    }

    private static async Task<FileContentHttpResult> CsvAsync(
        string challenge, string phase, string split, bool? @private, CurrentUser caller, PalioDbContext db, KeptBoards kept, CancellationToken cancellationToken)
    {
        var query = new BoardQuery(challenge, phase, split) { Limit = MostRows, WithPrivate = @private ?? false };
        var board = await GetLeaderboard.HandleAsync(query, caller, db, kept, cancellationToken);
        return TypedResults.File(System.Text.Encoding.UTF8.GetBytes(BoardCsv.Write(board)), "text/csv; charset=utf-8", $"{board.Challenge}-{board.Phase}-{board.Split.Id}.csv");
    }

    private static async Task<ServerSentEventsResult<BoardEvent>> EventsAsync(
        string challenge, string phase, string split, CurrentUser caller, PalioDbContext db, BoardFeed feed, CancellationToken cancellationToken)
    {
        // Decides too whether the caller may see it, before the response begins.
        var found = await GetLeaderboard.FindAsync(new BoardQuery(challenge, phase, split), caller, db, cancellationToken);
        return TypedResults.ServerSentEvents(StreamBoardEvents.HandleAsync(found.Board.Id, found.Board.BoardVersion, feed, cancellationToken));
    }
}
