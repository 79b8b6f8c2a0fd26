using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Palio.Server.Auth;
using Palio.Server.Errors;

namespace Palio.Server.Features.Accounts;

/// <summary>Replaces the caller's e-mail address. Nothing is sent to it: Palio sends no mail.</summary>
internal static class ChangeEmail
{
    public static async Task HandleAsync(string email, CurrentUser caller, UserManager<User> users, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var user = await users.FindByIdAsync(caller.Id.ToString(CultureInfo.InvariantCulture)) ?? throw PalioException.NotFound("account");
        user.Email = email.Trim();
        var result = await users.UpdateAsync(user); // normalised, and held to the rules of a new one
        if (!result.Succeeded)
        {
            throw Register.AsRefusal([.. result.Errors]);
        }
    }
}
