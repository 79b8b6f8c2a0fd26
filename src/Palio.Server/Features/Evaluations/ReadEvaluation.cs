using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Features.Evaluations;

/// <summary>An evaluation, its episodes, logs and records, for those who see its submission.</summary>
internal static class ReadEvaluation
{
    private const int MostEpisodes = 1000;

    public static async Task<EvaluationDetail> HandleAsync(long id, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var (run, access) = await FindAsync(id, caller, db, cancellationToken);
        var facts = await EvaluationFacts.ReadAsync(run, db, cancellationToken);
        return GetSubmission.Hide(SubmissionViews.Evaluation(run, facts, access.SeesEnvironmentLog), access);
    }

    public static async Task<EpisodePage> EpisodesAsync(
        long id, int from, int size, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        await FindAsync(id, caller, db, cancellationToken);
        var most = Math.Clamp(size, 1, MostEpisodes);
        var total = await db.Episodes.CountAsync(e => e.EvaluationId == id, cancellationToken);
        var rows = await db.Episodes.AsNoTracking().Where(e => e.EvaluationId == id && e.Ordinal >= from).OrderBy(e => e.Ordinal).Take(most + 1)
            .ToListAsync(cancellationToken);
        return new EpisodePage([.. rows.Take(most).Select(e => e.ToResult())], total, rows.Count > most ? rows[most].Ordinal : null);
    }

    public static async Task<EvaluationLog> LogAsync(long id, CurrentUser caller, PalioDbContext db, EvaluationFiles files, CancellationToken cancellationToken)
    {
        var (_, access) = await FindAsync(id, caller, db, cancellationToken);
        return access.SeesAgentLog
            ? new EvaluationLog(
                await files.ReadLogAsync(id, "agent", cancellationToken),
                access.SeesEnvironmentLog ? await files.ReadLogAsync(id, "environment", cancellationToken) : null, false)
            : throw PalioException.Forbidden("This phase keeps its logs from participants.", "Use a phase with open logs to find faults, or ask the host.");
    }

    /// <summary>Path of an episode's record. It tells an environment's whole course: with hidden seeds it is the hosts'.</summary>
    public static async Task<string> RecordAsync(
        long id, int ordinal, CurrentUser caller, PalioDbContext db, EvaluationFiles files, CancellationToken cancellationToken)
    {
        var (run, access) = await FindAsync(id, caller, db, cancellationToken);
        var played = await db.PhaseRevisions.AsNoTracking().SingleAsync(revision => revision.Id == run.PhaseRevisionId, cancellationToken);
        var isHidden = ChallengeViews.Declaration(played).Evaluation?.Seeds != SeedVisibility.Public;
        if (!access.MayManage && (isHidden || !access.SeesAgentLog))
        {
            throw PalioException.Forbidden("This phase keeps its records from participants.", "Ask the host; phases with public seeds show them.");
        }

        var path = files.RecordPath(id, ordinal);
        return File.Exists(path) ? path : throw PalioException.NotFound("record");
    }

    private static async Task<(EvaluationRun Run, AccessedSubmission Access)> FindAsync(
        long id, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var run = await db.Evaluations.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, cancellationToken) ?? throw PalioException.NotFound("evaluation");
        return (run, await SubmissionViews.FindAsync(run.SubmissionId, "evaluation", caller, db, cancellationToken));
    }
}
