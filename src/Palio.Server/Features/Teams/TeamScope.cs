using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Errors;

namespace Palio.Server.Features.Teams;

/// <summary>Who is in a host team decides who manages its challenges: changing that takes the scope that managing takes.</summary>
internal static class TeamScope
{
    public static void Demand(TeamKind kind, CurrentUser caller)
    {
        if (kind == TeamKind.Host && caller.Scope is < TokenScope.Host)
        {
            throw new PalioException(StatusCodes.Status403Forbidden, RefusalCodes.Scope, "A host team needs a token of scope host.", "Run 'palio login' again.");
        }
    }
}
