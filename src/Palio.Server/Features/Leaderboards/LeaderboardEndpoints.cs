using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Leaderboards;

/// <summary>Routes of boards.</summary>
internal static class LeaderboardEndpoints
{
    public static void AddLeaderboards(this IServiceCollection services)
    {
        services.AddSingleton<RankedBoards>();
        services.AddSingleton<BoardRules>();
        services.AddSingleton<BoardFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<BoardFeed>());
        services.AddSingleton<RankIntervals>();
        services.AddHostedService(provider => provider.GetRequiredService<RankIntervals>());
        services.AddSingleton<KeptBoards>();
        services.AddSingleton<BoardAnswers>();
    }

    public static void MapLeaderboards(this IEndpointRouteBuilder api) =>
        api.MapGet("/challenges/{challenge}/phases/{phase}/leaderboard", GetAsync).WithName("GetLeaderboard").WithTags("Leaderboards").AllowAnonymous()
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);

    private static Task<Leaderboard> GetAsync(
        string challenge, string phase, string? split, string? sort, int? limit, bool? @private, CurrentUser caller, PalioDbContext db, KeptBoards kept,
        CancellationToken cancellationToken) => GetLeaderboard.HandleAsync(
            new BoardQuery(challenge, phase, split) { Sort = sort, Limit = limit, WithPrivate = @private ?? false }, caller, db, kept, cancellationToken);
}
