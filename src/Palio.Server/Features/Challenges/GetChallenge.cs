using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Limits;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Submissions;
using Palio.Server.Hosting;
using RemainingSubmissions = Palio.Protocol.Api.RemainingSubmissions;

namespace Palio.Server.Features.Challenges;

/// <summary>A challenge whole, as the caller may see it.</summary>
internal static class GetChallenge
{
    public static async Task<ChallengeDetail> HandleAsync(
        string idOrSlug, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var access = await ChallengeAccess.FindAsync(idOrSlug, caller, db, cancellationToken);
        var challenge = access.Challenge;
        var revision = await ChallengeAccess.RevisionAsync(challenge, db, cancellationToken);
        var facts = await db.Challenges.AsNoTracking().Where(c => c.Id == challenge.Id)
            .Select(c => new { Host = c.HostTeam.Name, Participants = db.Participations.Count(p => p.ChallengeId == c.Id) }).SingleAsync(cancellationToken);
        var phases = await db.Phases.AsNoTracking().Include(p => p.Current).Include(p => p.Splits)
            .Where(p => p.ChallengeId == challenge.Id && p.IsDeclared && (p.IsPublic || access.MayManage))
            .OrderBy(p => p.Position).ToListAsync(cancellationToken);
        var participation = await ChallengeAccess.FindParticipationAsync(challenge.Id, caller, db, cancellationToken);
        var details = new List<PhaseDetail>();
        foreach (var phase in phases)
        {
            var remaining = participation is null ? null : await RemainingAsync(access, phase, revision, participation, caller, db, now, cancellationToken);
            details.Add(ChallengeViews.Detail(phase, challenge, remaining, access.MayManage, now));
        }

        return new ChallengeDetail
        {
            Summary = ChallengeViews.Summary(challenge, facts.Host, revision.LogoType is not null, facts.Participants, now),
            DescriptionHtml = revision.DescriptionHtml,
            EvaluationHtml = revision.EvaluationHtml,
            TermsHtml = revision.TermsHtml,
            SubmissionGuidelinesHtml = revision.GuidelinesHtml,
            Revision = revision.Number,
            RequiresApproval = challenge.RequiresApproval,
            Phases = details,
            Participation = participation is null ? null : await JoinChallenge.ViewAsync(participation, db, cancellationToken),
            IsHost = access.MayManage,
            Repository = participation is null ? null : $"{address.RegistryHost}/{challenge.Slug}/{participation.Team.Slug}",
            Queue = access.IsHost && phases.Exists(phase => ChallengeViews.Declaration(phase.Current).Judging == Judging.Remote) ? challenge.Queue : null,
        };
    }

    private static async Task<RemainingSubmissions> RemainingAsync(
        AccessedChallenge access, Phase phase, ChallengeRevision revision, ChallengeParticipation participation, CurrentUser caller, PalioDbContext db,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = await SubmissionFactsReader.ReadAsync(access, phase, revision, participation, caller, db, now, cancellationToken);
        var refusal = SubmissionRules.Check(facts).Refusal;
        var left = SubmissionQuota.Remaining(facts.Limits, facts.Counts);
        return new RemainingSubmissions(
            left.Total, left.Today, left.ThisMonth, left.Concurrent, participation.Disqualified ? "Your team was disqualified by the host." : refusal?.Message);
    }
}
