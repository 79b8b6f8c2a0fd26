using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;

namespace Palio.Server.Features.Teams;

/// <summary>Takes a member, or the caller, out of one of the caller's teams.</summary>
internal static class RemoveMember
{
    public static async Task HandleAsync(
        TeamKind kind, int id, string userName, CurrentUser caller, ILookupNormalizer names, PalioDbContext db, CancellationToken cancellationToken)
    {
        TeamScope.Demand(kind, caller);
        var team = await ListTeams.FindAsync(kind, id, caller, db, cancellationToken) ?? throw PalioException.NotFound("team");
        var normalized = names.NormalizeName(userName);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var removed = await db.TeamMembers.Where(m => m.TeamId == id && m.User.NormalizedUserName == normalized).ExecuteDeleteAsync(cancellationToken);
        if (removed == 0)
        {
            throw PalioException.NotFound("member of this team");
        }

        var isUsed = await db.Participations.AnyAsync(p => p.TeamId == id, cancellationToken)
            || await db.Challenges.AnyAsync(c => c.HostTeamId == id, cancellationToken);
        if (isUsed && !await db.TeamMembers.AnyAsync(m => m.TeamId == id, cancellationToken))
        {
            throw PalioException.Conflict(RefusalCodes.State, $"'{team.Name}' takes part in a challenge and would have no members.", "Invite somebody first.");
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
