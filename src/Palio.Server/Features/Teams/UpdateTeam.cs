using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Leaderboards;

namespace Palio.Server.Features.Teams;

/// <summary>Gives one of the caller's teams another name or web page. Its repositories keep their name.</summary>
internal static class UpdateTeam
{
    public static async Task HandleAsync(int id, CreateTeamRequest request, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        TeamScope.Demand(request.Kind, caller);
        var userId = caller.Id;
        var team = await db.Teams.FirstOrDefaultAsync(t => t.Id == id && t.Kind == request.Kind && t.Members.Any(m => m.UserId == userId), cancellationToken)
            ?? throw PalioException.NotFound("team");
        (team.Name, team.NormalizedName) = await CreateTeam.FreeNameAsync(request.Kind, request.Name, id, db, cancellationToken);
        team.Url = request.Url;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            throw CreateTeam.Taken(team.Name);
        }

        await BoardKeeping.RenewTeamAsync(id, db, time.GetUtcNow(), cancellationToken);
    }
}
