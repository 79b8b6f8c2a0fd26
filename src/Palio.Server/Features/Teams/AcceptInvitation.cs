using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Leaderboards;

namespace Palio.Server.Features.Teams;

/// <summary>Lets the caller into the team that an invitation is for.</summary>
internal static class AcceptInvitation
{
    public static async Task<TeamSummary> HandleAsync(
        string code, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var (hash, now, userId) = (Secrets.Hash(code), time.GetUtcNow(), caller.Id);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // Used up by the same statement that looks: two people with one link cannot both get in.
        var won = await db.Invitations.Where(i => i.CodeHash == hash && i.Used == null && i.Expires > now)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.Used, now).SetProperty(i => i.UsedById, userId), cancellationToken);
        if (won == 0)
        {
            throw PalioException.NotFound("open invitation");
        }

        var (teamId, kind) = await db.Invitations.Where(i => i.CodeHash == hash)
            .Select(i => new ValueTuple<int, TeamKind>(i.TeamId, i.Team.Kind)).FirstAsync(cancellationToken);
        TeamScope.Demand(kind, caller);
        if (!await db.TeamMembers.AnyAsync(m => m.TeamId == teamId && m.UserId == userId, cancellationToken))
        {
            // A refusal leaves the invitation open: the transaction is undone.
            await EnterTeam.CheckAsync(teamId, caller, db, now, cancellationToken);
            db.TeamMembers.Add(new TeamMember { TeamId = teamId, UserId = userId, Joined = now });
            await db.SaveChangesAsync(cancellationToken);
            if (kind == TeamKind.Host)
            {
                await BoardKeeping.RebuildHostAsync(teamId, userId, db, now, cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return await ListTeams.FindAsync(kind, teamId, caller, db, cancellationToken) ?? throw PalioException.NotFound("team");
    }

    /// <summary>Name and kind of the team that an open invitation is for, for the page that asks; null when it is not open.</summary>
    public static async Task<InvitedTeam?> PeekAsync(string code, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var (hash, now) = (Secrets.Hash(code), time.GetUtcNow());
        return await db.Invitations.AsNoTracking().Where(i => i.CodeHash == hash && i.Used == null && i.Expires > now)
            .Select(i => new InvitedTeam(i.Team.Name, i.Team.Kind)).FirstOrDefaultAsync(cancellationToken);
    }
}

/// <summary>What an invitation is for.</summary>
internal sealed record InvitedTeam(string Name, TeamKind Kind);
