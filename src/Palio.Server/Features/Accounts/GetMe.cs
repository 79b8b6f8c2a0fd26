using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Teams;

namespace Palio.Server.Features.Accounts;

/// <summary>Who the caller is.</summary>
internal static class GetMe
{
    public static async Task<Me> HandleAsync(CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        new(caller.Id, caller.UserName, caller.Email, caller.IsAdministrator, await ListTeams.HandleAsync(null, caller, db, cancellationToken),
            caller.Scopes, caller.TokenExpires);
}
