using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Leaderboards;

/// <summary>Routes of boards.</summary>
internal static class LeaderboardEndpoints
{
    public static void MapLeaderboards(this IEndpointRouteBuilder api) =>
        api.MapGet("/challenges/{challenge}/phases/{phase}/leaderboard", GetAsync).WithName("GetLeaderboard").WithTags("Leaderboards").AllowAnonymous()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static Task<Leaderboard> GetAsync(
        string challenge, string phase, string? split, string? sort, int? limit, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        GetLeaderboard.HandleAsync(challenge, phase, split, sort, limit, caller, db, cancellationToken);
}
