using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Teams;

/// <summary>Makes a link that lets one person into the caller's team.</summary>
internal static class InviteMember
{
    public static async Task<TeamInvitation> HandleAsync(
        TeamKind kind, int id, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        TeamScope.Demand(kind, caller);
        var team = await ListTeams.FindAsync(kind, id, caller, db, cancellationToken) ?? throw PalioException.NotFound("team");
        var code = Secrets.NewCode();
        var invitation = new Invitation
        {
            TeamId = team.Id,
            CodeHash = Secrets.Hash(code),
            CreatedById = caller.Id,
            Expires = time.GetUtcNow() + Invitation.Lifetime,
        };
        db.Invitations.Add(invitation);
        await db.SaveChangesAsync(cancellationToken);
        return new TeamInvitation(code, $"{address.PublicUrl}/invitations/{code}", invitation.Expires);
    }
}
