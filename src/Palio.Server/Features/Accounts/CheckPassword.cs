using Microsoft.AspNetCore.Identity;
using Palio.Server.Errors;

namespace Palio.Server.Features.Accounts;

/// <summary>Finds the account that a user name (or e-mail address) and password prove. Used by every door: pages, API, registry.</summary>
internal static class CheckPassword
{
    // A hash of nobody's password, made by the same hasher: an unknown name costs the same time as a wrong password.
    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<User>().HashPassword(Nobody, Guid.NewGuid().ToString()));

    private static User Nobody => new() { Created = default };

    public static async Task<User> HandleAsync(
        string userName, string password, SignInManager<User> signIn, CancellationToken cancellationToken) =>
        await TryAsync(userName, password, signIn, cancellationToken)
        ?? throw new PalioException(
            StatusCodes.Status401Unauthorized, RefusalCodes.SignInRefused, "User name and password do not belong together.",
            "Check both. After ten failures in a row an account is locked for ten minutes.");

    public static async Task<User?> TryAsync(string userName, string password, SignInManager<User> signIn, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var users = signIn.UserManager;
        var user = userName.Contains('@', StringComparison.Ordinal)
            ? await users.FindByEmailAsync(userName.Trim())
            : await users.FindByNameAsync(userName.Trim());
        if (user is null)
        {
            new PasswordHasher<User>().VerifyHashedPassword(Nobody, NobodysHash.Value, password);
            return null;
        }

        return (await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true)).Succeeded ? user : null;
    }
}
