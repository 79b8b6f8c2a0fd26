using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Limits;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Features.Submissions;

/// <summary>What people see of submissions, and who sees which.</summary>
internal static class SubmissionViews
{
    /// <summary>The team's members, the challenge's hosts and their workers, administrators. Nobody else: a board shows what is public.</summary>
    public static Expression<Func<Submission, bool>> VisibleTo(CurrentUser caller)
    {
        var (id, all, worksFor) = (caller.IdOrZero, caller.IsAdministrator, caller.WorksFor ?? 0);
        return submission => all
            || submission.Phase.ChallengeId == worksFor
            || submission.Participation.Team.Members.Any(member => member.UserId == id)
            || submission.Phase.Challenge.HostTeam.Members.Any(member => member.UserId == id);
    }

    public static Expression<Func<Submission, SubmissionSummary>> AsSummary { get; } = submission => new SubmissionSummary
    {
        Id = submission.Id,
        Number = submission.Number,
        Challenge = submission.Phase.Challenge.Slug,
        Phase = submission.Phase.Codename,
        Team = submission.Participation.Team.Name,
        SubmittedBy = submission.SubmittedBy.UserName ?? "",
        Submitted = submission.Submitted,
        State = submission.State,
        EvaluationState = submission.Evaluations.OrderByDescending(e => e.Id).Select(e => e.State).FirstOrDefault(),
        Digest = submission.Digest,
        FileName = submission.FileName,
        FileBytes = submission.FileBytes,
        MethodName = submission.MethodName,
        Public = submission.IsPublic,
        Score = submission.Score,
        Baseline = submission.IsBaseline,
        Flagged = submission.IsFlagged,
        Counts = submission.Outcome == SubmissionOutcome.InProgress || submission.Outcome == SubmissionOutcome.Finished
            || (!submission.Phase.FailedAreFree
                && (submission.Outcome == SubmissionOutcome.FailedByAgent || submission.Outcome == SubmissionOutcome.FailedByParticipant)),
    };

    private static readonly CompiledQuery<Func<PalioDbContext, int, CancellationToken, Task<SubmissionSummary>>> ById = new(() =>
        EF.CompileAsyncQuery((PalioDbContext db, int id, CancellationToken _) => db.Submissions.AsNoTracking().Where(submission => submission.Id == id).Select(AsSummary).Single()));

    /// <summary>A row whose visibility was decided already.</summary>
    public static Task<SubmissionSummary> SummaryAsync(int id, PalioDbContext db, CancellationToken cancellationToken) => ById.On(db)(db, id, cancellationToken);

    /// <summary>The submission with the caller's part in it; not found for those who may not see it.</summary>
    public static Task<AccessedSubmission> FindAsync(int id, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        FindAsync(id, "submission", caller, db, cancellationToken);

    /// <summary>The same, for those who asked for something of the submission's: what is not there and what is hidden answer alike.</summary>
    public static async Task<AccessedSubmission> FindAsync(
        int id, string what, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var userId = caller.IdOrZero;
        var found = await db.Submissions.Where(VisibleTo(caller)).Where(submission => submission.Id == id)
            .Select(submission => new
            {
                Submission = submission,
                IsMember = submission.Participation.Team.Members.Any(member => member.UserId == userId),
                IsHost = submission.Phase.Challenge.HostTeam.Members.Any(member => member.UserId == userId),
                Revision = submission.Phase.Current,
            })
            .FirstOrDefaultAsync(cancellationToken) ?? throw PalioException.NotFound(what);
        return new AccessedSubmission(found.Submission, found.IsMember, found.IsHost || caller.IsAdministrator, Challenges.ChallengeViews.Declaration(found.Revision));
    }

    public static EvaluationDetail Evaluation(EvaluationRun run, EvaluationFacts facts, bool withEnvironmentLog)
    {
        var fault = run.FaultJson is null ? null : JsonSerializer.Deserialize(run.FaultJson, EvaluationJsonContext.Default.Fault);
        return new EvaluationDetail
        {
            Id = run.Id,
            State = run.State,
            Detail = run.Detail,
            QueuePlace = facts.QueuePlace,
            EpisodesDone = run.EpisodesDone,
            EpisodesTotal = run.EpisodesTotal,
            Steps = run.Steps,
            Queued = run.Queued,
            Started = run.Started,
            Ended = run.Ended,
            Attempts = run.Attempts,
            Fault = withEnvironmentLog || fault is null ? fault : fault with { EnvironmentLogTail = null },
            Scores = facts.Scores,
            Policy = run.PolicyJson is null ? null : JsonSerializer.Deserialize(run.PolicyJson, EvaluationJsonContext.Default.PodPolicy),
            Timings = run.TimingsJson is null ? null : JsonSerializer.Deserialize(run.TimingsJson, EvaluationJsonContext.Default.PodTimings),
            TranscriptDigest = run.TranscriptDigest,
            WrittenFile = run.FileName,
            Revision = facts.Revision,
            EnvironmentDigest = facts.EnvironmentDigest,
        };
    }
}

/// <summary>A submission as the caller meets it.</summary>
/// <param name="Submission">The submission.</param>
/// <param name="IsMember">The caller is in its team.</param>
/// <param name="MayManage">The caller hosts its challenge, or is an administrator.</param>
/// <param name="Phase">Its phase, as it is now.</param>
internal sealed record AccessedSubmission(Submission Submission, bool IsMember, bool MayManage, PhaseDeclaration Phase)
{
    /// <summary>The environment's log may hold what an agent must not know: hosts see it.</summary>
    public bool SeesEnvironmentLog => MayManage;

    public bool SeesAgentLog => MayManage || !Phase.DisableLogs;

    /// <summary>Whether the caller decides what of it the board shows.</summary>
    public bool MayShow(bool shown) => MayManage || SubmissionRefusals.MayShow(Phase, shown);
}
