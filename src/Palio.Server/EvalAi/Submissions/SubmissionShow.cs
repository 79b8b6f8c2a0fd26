using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>Reads submissions and shows them as EvalAI does, to those who may see them.</summary>
internal sealed class SubmissionShow(CurrentUser caller, PalioDbContext db, FileLinks links, InstanceAddress address)
{
    /// <summary>What the caller may see.</summary>
    public IQueryable<Submission> Visible => db.Submissions.AsNoTracking().Where(SubmissionViews.VisibleTo(caller));

    /// <summary>What the caller may see in lists: what was deleted is in none.</summary>
    public IQueryable<Submission> Listed => Visible.Where(s => !s.IsRemoved);

    public async Task<EvalAiSubmission> OneAsync(int id, CancellationToken cancellationToken)
    {
        var row = await Rows(Visible.Where(s => s.Id == id)).FirstOrDefaultAsync(cancellationToken) ?? throw Lookups.Missing("Submission", id);
        return Show(row, await DeclarationAsync(row.Submission.PhaseId, cancellationToken));
    }

    public async Task<EvalAiPage<object>> PageAsync(
        IQueryable<Submission> submissions, PhaseDeclaration phase, HttpRequest request, CancellationToken cancellationToken) =>
        (await Rows(submissions).PageAsync(request, address, EvalAiPaging.Everything, cancellationToken)).Select(object (row) => Show(row, phase));

    public async Task<List<EvalAiSubmission>> ListAsync(IQueryable<Submission> submissions, int most, CancellationToken cancellationToken)
    {
        var rows = await Rows(submissions).Take(most).ToListAsync(cancellationToken);
        var phases = new Dictionary<int, PhaseDeclaration>();
        foreach (var phase in rows.Select(row => row.Submission.PhaseId).Distinct())
        {
            phases[phase] = await DeclarationAsync(phase, cancellationToken);
        }

        return [.. rows.Select(row => Show(row, phases[row.Submission.PhaseId]))];
    }

    /// <summary>Rows with what is known of each, for other shapes than the usual.</summary>
    public IQueryable<SubmissionRow> Rows(IQueryable<Submission> submissions)
    {
        var userId = caller.IdOrZero;
        return submissions.Select(s => new SubmissionRow(
            s, s.Participation.Team.Name, s.Evaluations.OrderByDescending(e => e.Id).FirstOrDefault(), s.Evaluations.Count,
            s.Evaluations.Any(e => e.State == EvaluationState.Finished), s.Phase.Challenge.HostTeam.Members.Any(member => member.UserId == userId)));
    }

    public EvalAiSubmission Show(SubmissionRow row, PhaseDeclaration phase) => row.Show(phase, links, row.IsHost || caller.IsAdministrator);

    /// <summary>The phase of a submission, as it is declared now.</summary>
    public async Task<PhaseDeclaration> DeclarationOfAsync(int submission, CancellationToken cancellationToken) =>
        await DeclarationAsync(await db.Submissions.Where(s => s.Id == submission).Select(s => s.PhaseId).SingleAsync(cancellationToken), cancellationToken);

    private async Task<PhaseDeclaration> DeclarationAsync(int phase, CancellationToken cancellationToken) =>
        ChallengeViews.Declaration(await db.Phases.AsNoTracking().Where(p => p.Id == phase).Select(p => p.Current).FirstAsync(cancellationToken));
}
