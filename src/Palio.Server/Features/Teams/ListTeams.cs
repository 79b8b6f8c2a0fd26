using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Teams;

/// <summary>The caller's teams.</summary>
internal static class ListTeams
{
    private const int Most = 200;

    public static async Task<IReadOnlyList<TeamSummary>> HandleAsync(
        TeamKind? kind, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        await db.Teams.AsNoTracking()
            .Where(team => (kind == null || team.Kind == kind) && team.Members.Any(member => member.UserId == caller.Id))
            .OrderBy(team => team.Id).Take(Most)
            .Select(team => new TeamSummary(
                team.Id, team.Name, team.Slug, team.Kind, team.Members.OrderBy(m => m.Joined).Select(m => m.User.UserName ?? "").ToList()))
            .ToListAsync(cancellationToken);

    /// <summary>One of the caller's teams; null when the caller is not in it.</summary>
    public static async Task<TeamSummary?> FindAsync(
        TeamKind kind, int id, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        await db.Teams.AsNoTracking()
            .Where(team => team.Id == id && team.Kind == kind && team.Members.Any(member => member.UserId == caller.IdOrZero))
            .Select(team => new TeamSummary(
                team.Id, team.Name, team.Slug, team.Kind, team.Members.OrderBy(m => m.Joined).Select(m => m.User.UserName ?? "").ToList()))
            .FirstOrDefaultAsync(cancellationToken);
}
