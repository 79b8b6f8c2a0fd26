using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;

namespace Palio.Server.Features.Accounts;

/// <summary>Locks the caller out for good: no password, cookie or token of the account works any more. What it submitted stays.</summary>
internal static class DisableAccount
{
    private static readonly DateTimeOffset ForGood = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task HandleAsync(CurrentUser caller, UserManager<User> users, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var user = await users.FindByIdAsync(caller.Id.ToString(CultureInfo.InvariantCulture)) ?? throw PalioException.NotFound("account");
        if (user.IsAdministrator)
        {
            throw PalioException.Conflict(RefusalCodes.State, "An administrator's account cannot be disabled.", "The instance would be without one.");
        }

        var now = time.GetUtcNow();
        (user.LockoutEnabled, user.LockoutEnd) = (true, ForGood);
        await users.UpdateSecurityStampAsync(user); // ends its cookies, and stores the row
        foreach (var token in await db.AccessTokens.Where(t => t.UserId == user.Id).ToListAsync(cancellationToken))
        {
            token.Revoke(now);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
