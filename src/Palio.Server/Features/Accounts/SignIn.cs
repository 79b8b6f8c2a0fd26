using Microsoft.AspNetCore.Identity;
using Palio.Protocol.Api;
using Palio.Server.Data;

namespace Palio.Server.Features.Accounts;

/// <summary>Trades user name and password for a token, or for a cookie.</summary>
internal static class SignIn
{
    public static async Task<CreatedToken> HandleAsync(
        SignInRequest request, SignInManager<User> signIn, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var user = await CheckPassword.HandleAsync(request.UserName, request.Password, signIn, cancellationToken);
        var scope = user.IsAdministrator ? TokenScope.Admin : TokenScope.Host;
        return await CreateToken.StoreAsync(
            new CreateTokenRequest { Name = request.TokenName ?? "palio login", Scope = scope }, user.Id, db, time, cancellationToken);
    }

    /// <summary>For the pages: sets the cookie in the present response.</summary>
    public static async Task<User> WithCookieAsync(
        string userName, string password, bool persistent, SignInManager<User> signIn, CancellationToken cancellationToken)
    {
        var user = await CheckPassword.HandleAsync(userName, password, signIn, cancellationToken);
        await signIn.SignInAsync(user, persistent);
        return user;
    }
}
