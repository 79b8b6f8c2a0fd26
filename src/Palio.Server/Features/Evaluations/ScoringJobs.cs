using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Challenges.Bundles;
using Palio.Evaluation.Plans;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Palio.Server.Storage;

namespace Palio.Server.Features.Evaluations;

/// <summary>Makes the job of an evaluation that a host's script scores.</summary>
internal sealed class ScoringJobs(IOptions<ScoringOptions> scoring, ContentStore store)
{
    private const int LongestName = 100;

    /// <summary>The job. A phase that has lost its image fails at the worker, with a fault that says so.</summary>
    public async Task<EvaluationJob> CreateAsync(
        EvaluationRun run, EvaluationDeclaration declaration, PalioDbContext db, QueueOptions options,
        Func<string, string, long, TimeSpan, JobImage> embedded, CancellationToken cancellationToken)
    {
        var (phase, submission) = (run.PhaseRevision, run.Submission);
        var lifetime = TimeSpan.FromSeconds(declaration.TimeLimits.Pull.TotalSeconds + 600);
        var isFile = submission.FileName is not null;
        return new EvaluationJob
        {
            Lease = new EvaluationLease(run.Id, run.Fence, run.SubmissionId, options.LeaseSeconds),
            Agent = isFile ? JobImage.None : embedded(submission.Repository, submission.ManifestDigest ?? submission.Digest, run.Id, lifetime),
            Environment = phase is { EnvironmentRepository: { } repository, EnvironmentDigest: { } digest }
                ? phase.EnvironmentIsEmbedded ? embedded(repository, phase.EnvironmentManifestDigest ?? digest, run.Id, lifetime) : new JobImage($"{repository}@{digest}")
                : new JobImage(scoring.Value.Image ?? ""),
            AgentLimits = PlayPlan.Limits(declaration.AgentResources),
            EnvironmentLimits = PlayPlan.Limits(declaration.EnvironmentResources),
            Plan = new RefereePlan { Evaluation = run.Id.ToString(CultureInfo.InvariantCulture), Episodes = [], MaxSteps = 1, Budgets = new RefereeBudgets() },
            Runtime = declaration.Runtime,
            PullSeconds = (int)declaration.TimeLimits.Pull.TotalSeconds,
            StartSeconds = (int)declaration.TimeLimits.Start.TotalSeconds,
            DeadlineSeconds = run.DeadlineSeconds,
            Scoring = new ScoringJob
            {
                Script = phase.ScriptDigest is { } script ? File(script, "script.tar") : null,
                Dataset = phase.DatasetDigest is { } dataset && !isFile ? File(dataset, "dataset.tar") : null,
                Annotations = (phase.Phase.AnnotationDigest ?? phase.AnnotationDigest) is { } annotations
                    ? File(annotations, phase.Phase.AnnotationName ?? phase.AnnotationName ?? "annotations") : null,
                Submission = isFile ? File(submission.Digest, submission.FileName!) : null, // a file has a name
                Phase = phase.Phase.Codename,
                ChallengeId = run.ChallengeId,
                PhaseId = run.PhaseId,
                Metadata = await MetadataAsync(run, db, cancellationToken),
                LimitSeconds = (int)Math.Ceiling(declaration.TimeLimits.Total.TotalSeconds),
                MaxFileBytes = Math.Min(declaration.MaxFileBytes, scoring.Value.MaxFileBytes),
            },
        };
    }

    /// <summary>A name that is the same in every container, its ending kept: scripts look at it.</summary>
    internal static string PlainName(string name)
    {
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')).TrimStart('.', '-');
        return plain.Length == 0 ? "file" : plain.Length > LongestName ? plain[^LongestName..].TrimStart('.', '-') : plain;
    }

    private JobFile File(string digest, string name) => new(digest, new FileInfo(store.PathOf(digest)).Length, PlainName(name));

    // The keys under which EvalAI's scripts look for the submission's own facts.
    private static async Task<string> MetadataAsync(EvaluationRun run, PalioDbContext db, CancellationToken cancellationToken)
    {
        var submission = run.Submission;
        var team = await db.Teams.AsNoTracking().Where(t => t.Id == submission.TeamId).Select(t => t.Name).SingleAsync(cancellationToken);
        var answers = JsonSerializer.Deserialize<Dictionary<string, string>>(submission.Metadata) ?? [];
        return JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["id"] = submission.Id,
            ["participant_team"] = submission.TeamId,
            ["participant_team_name"] = team,
            ["challenge_phase"] = run.PhaseId,
            ["created_by"] = submission.SubmittedById,
            ["status"] = "running",
            ["submitted_at"] = submission.Submitted.ToString("O", CultureInfo.InvariantCulture),
            ["started_at"] = run.Started?.ToString("O", CultureInfo.InvariantCulture),
            ["method_name"] = submission.MethodName ?? "",
            ["method_description"] = submission.MethodDescription ?? "",
            ["project_url"] = submission.ProjectUrl ?? "",
            ["publication_url"] = submission.PublicationUrl ?? "",
            ["is_public"] = submission.IsPublic,
            ["is_baseline"] = submission.IsBaseline,
            ["submission_metadata"] = answers.Select(answer => new Dictionary<string, string> { ["name"] = answer.Key, ["value"] = answer.Value }).ToList(),
        });
    }
}
