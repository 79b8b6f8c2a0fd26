using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;

namespace Palio.Server.Features.Accounts;

/// <summary>Ends one of the caller's tokens at once.</summary>
internal static class RevokeToken
{
    public static async Task HandleAsync(int id, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var token = await db.AccessTokens.FirstOrDefaultAsync(t => t.Id == id && t.UserId == caller.Id, cancellationToken)
            ?? throw PalioException.NotFound("token");
        token.Revoke(time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
    }
}
