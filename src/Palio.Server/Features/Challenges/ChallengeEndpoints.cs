using Palio.Server.Hosting;

namespace Palio.Server.Features.Challenges;

/// <summary>Routes of challenges.</summary>
internal static class ChallengeEndpoints
{
    public static void AddChallenges(this IServiceCollection services, IConfiguration configuration) =>
        services.AddValidated<ChallengeOptions, ChallengeOptions.Validator>(configuration, ChallengeOptions.Section);
}
