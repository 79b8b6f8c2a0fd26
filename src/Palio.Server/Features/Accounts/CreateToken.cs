using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;

namespace Palio.Server.Features.Accounts;

/// <summary>Makes a personal access token for the caller.</summary>
internal static class CreateToken
{
    public static Task<CreatedToken> HandleAsync(
        CreateTokenRequest request, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        caller.Scopes.Contains(request.Scope)
            ? StoreAsync(request, caller.Id, db, time, cancellationToken)
            : throw new PalioException(
                StatusCodes.Status403Forbidden, RefusalCodes.Scope, $"You cannot make a token of scope '{request.Scope}'.".ToLowerInvariant(),
                "A token never reaches further than what it is made with; choose a narrower scope.");

    internal static async Task<CreatedToken> StoreAsync(
        CreateTokenRequest request, int userId, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken, int? worksForId = null)
    {
        var secret = Secrets.NewToken();
        var now = time.GetUtcNow();
        var token = new AccessToken
        {
            UserId = userId,
            Name = request.Name,
            Hash = Secrets.Hash(secret),
            Scope = request.Scope,
            WorksForId = worksForId,
            Created = now,
            Expires = now.AddDays(request.Days),
        };
        db.AccessTokens.Add(token);
        await db.SaveChangesAsync(cancellationToken);
        return new CreatedToken(
            new TokenSummary(token.Id, token.Name, token.Scope, token.Created, token.Expires, token.LastUsed, token.Revoked), secret);
    }
}
