using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Challenges;

/// <summary>A challenge's teams, for its hosts.</summary>
internal static class ManageParticipants
{
    public static async Task<Page<ParticipantRow>> ListAsync(
        string idOrSlug, Paging paging, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var challenge = await ChallengeAccess.FindHostedAsync(idOrSlug, caller, db, cancellationToken);
        var all = db.Participations.AsNoTracking().Where(p => p.ChallengeId == challenge.Id);
        var total = await all.CountAsync(cancellationToken);
        var rows = await all.OrderBy(p => p.Id).Skip(paging.Skip).Take(paging.Size).Select(p => new ParticipantRow(
            new Participation(
                p.Id,
                new TeamSummary(p.TeamId, p.Team.Name, p.Team.Slug, p.Team.Kind, p.Team.Members.OrderBy(m => m.Joined).Select(m => m.User.UserName ?? "").ToList()),
                p.Joined, p.Approved, p.Disqualified),
            db.Submissions.Count(s => s.ParticipationId == p.Id),
            db.Submissions.Where(s => s.ParticipationId == p.Id).OrderByDescending(s => s.Id).Select(s => (DateTimeOffset?)s.Submitted).FirstOrDefault()))
            .ToListAsync(cancellationToken);
        return new Page<ParticipantRow>(rows, total, paging.Number, paging.Size);
    }

    public static async Task<Participation> DecideAsync(
        string idOrSlug, int participationId, ParticipantDecision decision, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var challenge = await ChallengeAccess.FindHostedAsync(idOrSlug, caller, db, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var participation = await db.Participations.FirstOrDefaultAsync(p => p.Id == participationId && p.ChallengeId == challenge.Id, cancellationToken)
            ?? throw PalioException.NotFound("participant");
        switch (decision)
        {
            case ParticipantDecision.Approve:
                participation.Approve();
                break;
            case ParticipantDecision.Disqualify:
                participation.Disqualify();
                break;
            case ParticipantDecision.Reinstate:
                participation.Reinstate();
                break;
        }

        await db.SaveChangesAsync(cancellationToken);
        await BoardKeeping.RebuildTeamAsync(challenge.Id, participation.TeamId, db, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await JoinChallenge.ViewAsync(participation, db, cancellationToken);
    }
}

/// <summary>What a host decides about a team.</summary>
internal enum ParticipantDecision
{
    Approve,
    Disqualify,
    Reinstate,
}
