using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Accounts;

namespace Palio.Server.Features.Challenges;

/// <summary>Makes a token for a host's own workers. It evaluates this challenge's submissions and can do nothing else, wherever it ends up.</summary>
internal static class CreateWorkerToken
{
    private const int Days = 365;

    public static async Task<CreatedWorkerToken> HandleAsync(
        string challenge, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(challenge, caller, db, cancellationToken);
        if (!access.IsHost)
        {
            throw PalioException.Forbidden("Only the challenge's hosts let workers evaluate.", "Ask one of them.");
        }

        var request = new CreateTokenRequest { Name = $"worker of {access.Challenge.Slug}"[..Math.Min(100, access.Challenge.Slug.Length + 10)], Scope = TokenScope.Read, Days = Days };
        var token = await CreateToken.StoreAsync(request, caller.Id, db, time, cancellationToken, access.Challenge.Id);
        return new CreatedWorkerToken(access.Challenge.Id, access.Challenge.Queue, token);
    }
}
