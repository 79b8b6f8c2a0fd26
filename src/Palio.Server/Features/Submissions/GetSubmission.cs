using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Features.Submissions;

/// <summary>A submission with all its evaluations.</summary>
internal static class GetSubmission
{
    public static async Task<SubmissionDetail> HandleAsync(int id, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        var submission = access.Submission;
        var runs = await db.Evaluations.AsNoTracking().Where(e => e.SubmissionId == id).OrderByDescending(e => e.Id).Take(50).ToListAsync(cancellationToken);
        var evaluations = new List<EvaluationDetail>();
        foreach (var run in runs)
        {
            var facts = await EvaluationFacts.ReadAsync(run, db, cancellationToken);
            evaluations.Add(Hide(SubmissionViews.Evaluation(run, facts, access.SeesEnvironmentLog), access));
        }

        return new SubmissionDetail
        {
            Summary = await SubmissionViews.SummaryAsync(id, db, cancellationToken),
            MethodDescription = submission.MethodDescription,
            ProjectUrl = submission.ProjectUrl,
            PublicationUrl = submission.PublicationUrl,
            Metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(submission.Metadata) ?? [],
            Evaluations = evaluations,
            CanCancel = !submission.IsOver,
            CanRerun = submission is { IsOver: true, IsRemoved: false } && submission.Digest.Length > 0 && await RerunSubmission.MayAsync(access, db, cancellationToken),
            CanManage = access.MayManage,
            CanShow = access.MayShow(!submission.IsPublic),
        };
    }

    /// <summary>The newest evaluation as an event.</summary>
    public static async Task<SubmissionEvent?> EventAsync(int id, AccessedSubmission access, PalioDbContext db, CancellationToken cancellationToken)
    {
        var row = await db.Submissions.AsNoTracking().Where(s => s.Id == id)
            .Select(s => new { s.State, s.Score, Run = s.Evaluations.OrderByDescending(e => e.Id).FirstOrDefault() }).FirstOrDefaultAsync(cancellationToken);
        if (row?.Run is not { } run)
        {
            return null;
        }

        var facts = await EvaluationFacts.ReadAsync(run, db, cancellationToken);
        return new SubmissionEvent(Hide(SubmissionViews.Evaluation(run, facts, access.SeesEnvironmentLog), access), row.State, row.Score);
    }

    internal static EvaluationDetail Hide(EvaluationDetail evaluation, AccessedSubmission access) => evaluation with
    {
        Fault = access.SeesAgentLog || evaluation.Fault is null ? evaluation.Fault : evaluation.Fault with { AgentLogTail = null },
        WrittenFile = access.SeesAgentLog ? evaluation.WrittenFile : null,
        Scores = access.MayManage ? evaluation.Scores : [.. evaluation.Scores.Where(score => !score.Hidden)],
    };
}
