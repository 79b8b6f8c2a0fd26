using Microsoft.AspNetCore.Identity;
using Palio.Server.Auth;

namespace Palio.Server.Features.Accounts;

/// <summary>Replaces the caller's password. Signs out all other cookies; tokens stay.</summary>
internal static class ChangePassword
{
    public static async Task<User> HandleAsync(
        string present, string next, CurrentUser caller, UserManager<User> users, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var user = await users.FindByIdAsync(caller.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))
            ?? throw Errors.PalioException.NotFound("account");
        user.PasswordChanged();
        var result = await users.ChangePasswordAsync(user, present, next);
        return result.Succeeded ? user : throw Register.AsRefusal(result.Errors.ToList());
    }
}
