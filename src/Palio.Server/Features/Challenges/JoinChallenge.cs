using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Limits;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Teams;

namespace Palio.Server.Features.Challenges;

/// <summary>Makes one of the caller's teams take part, with the accepted terms stored; and the way out again.</summary>
internal static class JoinChallenge
{
    public static async Task<Participation> HandleAsync(
        string idOrSlug, ParticipateRequest request, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(idOrSlug, caller, db, cancellationToken);
        var team = await TeamAsync(request.TeamId, caller, db, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var facts = await FactsAsync(access, team, request.AcceptTerms, db, time.GetUtcNow(), cancellationToken);
        if (JoinRules.Check(facts) is { } refusal)
        {
            throw AsException(refusal);
        }

        var participation = new ChallengeParticipation
        {
            ChallengeId = access.Challenge.Id,
            TeamId = team.Id,
            Joined = facts.Now,
            TermsRevision = access.Challenge.Revision,
            AcceptedById = caller.Id,
        };
        if (!access.Challenge.RequiresApproval || access.IsHost)
        {
            participation.Approve();
        }

        db.Participations.Add(participation);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            throw PalioException.Conflict(RefusalCodes.JoinRefused, "This team takes part already.", "There is nothing to do.");
        }

        return await ViewAsync(participation, db, cancellationToken);
    }

    /// <summary>The team leaves; only while it has not submitted anything.</summary>
    public static async Task LeaveAsync(string idOrSlug, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(idOrSlug, caller, db, cancellationToken);
        var participation = await ChallengeAccess.FindParticipationAsync(access.Challenge.Id, caller, db, cancellationToken)
            ?? throw PalioException.NotFound("participation");
        if (participation.Disqualified || await db.Submissions.AnyAsync(s => s.ParticipationId == participation.Id, cancellationToken))
        {
            throw PalioException.Conflict(RefusalCodes.State, "A team that has submitted, or was disqualified, cannot leave.", "Ask the host.");
        }

        db.Participations.Remove(participation);
        await db.SaveChangesAsync(cancellationToken);
    }

    internal static async Task<Participation> ViewAsync(ChallengeParticipation participation, PalioDbContext db, CancellationToken cancellationToken)
    {
        var team = await db.Teams.AsNoTracking().Where(t => t.Id == participation.TeamId)
            .Select(t => new TeamSummary(t.Id, t.Name, t.Slug, t.Kind, t.Members.OrderBy(m => m.Joined).Select(m => m.User.UserName ?? "").ToList()))
            .SingleAsync(cancellationToken);
        return new Participation(participation.Id, team, participation.Joined, participation.Approved, participation.Disqualified);
    }

    private static async Task<Team> TeamAsync(int? id, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var own = await db.Teams.AsNoTracking()
            .Where(t => t.Kind == TeamKind.Participant && t.Members.Any(m => m.UserId == caller.Id)).ToListAsync(cancellationToken);
        return id is { } wanted
            ? own.FirstOrDefault(t => t.Id == wanted) ?? throw PalioException.NotFound("team")
            : own.Count == 1 ? own[0]
            : throw PalioException.Invalid(
                "teamId", own.Count == 0 ? "You are in no team." : "You are in several teams.",
                own.Count == 0 ? "Make one: palio team create NAME" : $"Name one of them: {string.Join(", ", own.Select(t => $"{t.Id} ({t.Name})"))}.");
    }

    private static async Task<JoinFacts> FactsAsync(
        AccessedChallenge access, Team team, bool acceptTerms, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var challenge = access.Challenge;
        var revision = await ChallengeAccess.RevisionAsync(challenge, db, cancellationToken);
        var declaration = ChallengeViews.Declaration(revision);
        var members = await db.TeamMembers.Where(m => m.TeamId == team.Id).Select(m => new { m.UserId, Email = m.User.Email ?? "" }).ToListAsync(cancellationToken);
        var ids = members.Select(m => m.UserId).ToList();
        var elsewhere = await db.Participations.Where(p => p.ChallengeId == challenge.Id && p.TeamId != team.Id)
            .SelectMany(p => p.Team.Members).Where(m => ids.Contains(m.UserId)).Select(m => m.User.UserName ?? "").ToListAsync(cancellationToken);
        return new JoinFacts
        {
            Now = now,
            Challenge = challenge.Standing(),
            IsRegistrationOpen = challenge.IsRegistrationOpen,
            HasAcceptedTerms = acceptTerms,
            IsHost = access.IsHost,
            TeamEmails = [.. members.Select(m => m.Email)],
            MaxTeamMembers = declaration.MaxTeamMembers,
            AllowedEmailDomains = declaration.AllowedEmailDomains,
            BlockedEmailDomains = declaration.BlockedEmailDomains,
            BannedEmailIds = declaration.BannedEmailIds,
            MembersOfOtherTeams = elsewhere,
            HasJoined = await db.Participations.AnyAsync(p => p.ChallengeId == challenge.Id && p.TeamId == team.Id, cancellationToken),
        };
    }

    internal static PalioException AsException(Refusal refusal) => refusal.Reason switch
    {
        RefusalReason.TermsNotAccepted => PalioException.Conflict(RefusalCodes.TermsNotAccepted, refusal.Message, refusal.Remedy),
        RefusalReason.EmailBanned or RefusalReason.EmailDomainNotAllowed or RefusalReason.EmailNotAllowed =>
            new PalioException(StatusCodes.Status403Forbidden, RefusalCodes.EmailNotAllowed, refusal.Message, refusal.Remedy),
        _ => PalioException.Conflict(RefusalCodes.JoinRefused, refusal.Message, refusal.Remedy),
    };
}
