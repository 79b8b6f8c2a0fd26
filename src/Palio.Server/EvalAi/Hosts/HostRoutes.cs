using Microsoft.Extensions.Options;
using Palio.Server.Auth;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Hosts;

/// <summary>Addresses by which hosts send a challenge's files: the starter repository's workflow, and the upload of a zip.</summary>
internal static class HostRoutes
{
    private const int Fields = 64 << 10; // what a form has beside the archive

    public static void MapEvalAiHosts(this IEndpointRouteBuilder api)
    {
        var team = api.MapGroup("/challenges/challenge/challenge_host_team/{team:int}").RequireAuthorization(Policies.Host)
            .WithMetadata(new UploadLimit(services => services.GetRequiredService<IOptions<ChallengeOptions>>().Value.MaxBundleBytes + Fields));
        team.MapPost("/validate_challenge_config", GitHubChallenge.ValidateAsync);
        team.MapPost("/create_or_update_github_challenge", GitHubChallenge.PublishAsync);
        team.MapPost("/zip_upload", ZipUpload.HandleAsync);
    }
}
