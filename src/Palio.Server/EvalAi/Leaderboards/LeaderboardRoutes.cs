namespace Palio.Server.EvalAi.Leaderboards;

/// <summary>EvalAI's addresses of leaderboards.</summary>
internal static class LeaderboardRoutes
{
    public static void MapEvalAiLeaderboards(this IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs/challenge_phase_split/{split:int}/leaderboard", ReadingLeaderboards.PublicAsync).AllowAnonymous();
        api.MapGet("/jobs/phase_splits/{split:int}/teams/{team:int}/github_badge", ReadingLeaderboards.BadgeAsync);
        api.MapGet("/jobs/phase_split/{split:int}/public_leaderboard_all_entries", ReadingLeaderboards.AllAsync);
    }
}
