using Palio.Server.Auth;

namespace Palio.Server.EvalAi.Ecr;

/// <summary>Addresses that only 'evalai push' uses.</summary>
internal static class EcrRoutes
{
    public static void AddEvalAiPush(this IServiceCollection services) => services.AddSingleton<PushSessions>();

    public static void MapEvalAiPush(this IEndpointRouteBuilder api) =>
        api.MapGet("/challenges/phases/{phase:int}/participant_team/aws/credentials", PushCredentials.HandleAsync).RequireAuthorization(Policies.Submit);
}
