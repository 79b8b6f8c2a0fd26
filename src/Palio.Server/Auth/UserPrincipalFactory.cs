using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Palio.Server.Features.Accounts;

namespace Palio.Server.Auth;

/// <summary>What the cookie says of a person.</summary>
internal sealed class UserPrincipalFactory(UserManager<User> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<User>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(User user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(PalioClaims.Administrator, user.IsAdministrator ? "true" : "false"));
        identity.AddClaim(new Claim(PalioClaims.MustChangePassword, user.MustChangePassword ? "true" : "false"));
        return identity;
    }
}
