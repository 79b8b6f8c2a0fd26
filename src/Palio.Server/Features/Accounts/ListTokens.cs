using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Accounts;

/// <summary>The caller's tokens, newest first.</summary>
internal static class ListTokens
{
    private const int Most = 200;

    public static async Task<IReadOnlyList<TokenSummary>> HandleAsync(CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        await db.AccessTokens.AsNoTracking().Where(token => token.UserId == caller.Id).OrderByDescending(token => token.Id).Take(Most)
            .Select(token => new TokenSummary(
                token.Id, token.Name, token.Scope, token.Created, token.Expires, token.LastUsed, token.Revoked))
            .ToListAsync(cancellationToken);
}
