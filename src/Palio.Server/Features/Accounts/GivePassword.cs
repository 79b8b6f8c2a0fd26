using Microsoft.AspNetCore.Identity;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Errors;

namespace Palio.Server.Features.Accounts;

/// <summary>
/// An administrator's answer to a lost password, since there is no mail to send: a random one, told once, that the website has changed at
/// the first sign-in. All cookies of the account end; a locked or disabled account is open again.
/// </summary>
internal static class GivePassword
{
    public static async Task<GivenPassword> HandleAsync(string userName, CurrentUser caller, UserManager<User> users, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!caller.IsAdministrator)
        {
            throw PalioException.Forbidden("Only administrators give passwords.", "Ask one of them.");
        }

        var user = await users.FindByNameAsync(userName) ?? throw PalioException.NotFound("account");
        var password = Secrets.NewPassword();
        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        user.PasswordGiven();
        var result = await users.UpdateSecurityStampAsync(user); // stores the row
        return result.Succeeded ? new GivenPassword(user.UserName ?? userName, password) : throw Register.AsRefusal([.. result.Errors]);
    }
}
