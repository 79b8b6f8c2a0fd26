using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>EvalAI's submission.</summary>
internal record EvalAiSubmission
{
    public required int Id { get; init; }

    public required int ParticipantTeam { get; init; }

    public required string ParticipantTeamName { get; init; }

    /// <summary>Seconds, or the word <c>None</c>.</summary>
    public required object ExecutionTime { get; init; }

    public required int ChallengePhase { get; init; }

    public required int CreatedBy { get; init; }

    public required string Status { get; init; }

    public string? InputFile { get; init; }

    public string? SubmissionInputFile { get; init; }

    public string? StdoutFile { get; init; }

    public string? StderrFile { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? RerunResumedAt { get; init; }

    public required string MethodName { get; init; }

    public required string MethodDescription { get; init; }

    public required string ProjectUrl { get; init; }

    public required string PublicationUrl { get; init; }

    public bool IsPublic { get; init; }

    public bool IsFlagged { get; init; }

    public bool IgnoreSubmission { get; init; }

    public string? SubmissionResultFile { get; init; }

    public DateTimeOffset? WhenMadePublic { get; init; }

    public bool IsBaseline { get; init; }

    public IReadOnlyList<string> JobName { get; init; } = [];

    public required IReadOnlyList<EvalAiAnswer> SubmissionMetadata { get; init; }

    public bool IsVerifiedByHost { get; init; }

    /// <summary>A file's link, when the reader may have it.</summary>
    public virtual string? Link(SubmissionFile file) => file switch
    {
        SubmissionFile.Input => InputFile,
        SubmissionFile.Written => SubmissionInputFile,
        SubmissionFile.Result => SubmissionResultFile,
        SubmissionFile.Stdout => StdoutFile,
        SubmissionFile.Stderr => StderrFile,
        _ => null,
    };
}

/// <summary>With the environment's log, which may hold what an agent must not know.</summary>
internal sealed record EvalAiHostsSubmission : EvalAiSubmission
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public EvalAiHostsSubmission(EvalAiSubmission shown)
        : base(shown)
    {
    }

    public string? EnvironmentLogFile { get; init; }

    public override string? Link(SubmissionFile file) => file == SubmissionFile.EnvironmentLog ? EnvironmentLogFile : base.Link(file);
}

/// <summary>A submission as it is read.</summary>
/// <param name="Submission">The submission.</param>
/// <param name="Team">Its team's name.</param>
/// <param name="Run">Its newest evaluation.</param>
/// <param name="Runs">How many there are.</param>
/// <param name="HasScore">One of them finished.</param>
/// <param name="IsHost">The reader hosts the challenge.</param>
internal sealed record SubmissionRow(Submission Submission, string Team, EvaluationRun? Run, int Runs, bool HasScore, bool IsHost)
{
    public string Status => Submission.State switch
    {
        SubmissionState.Running => Run?.State == EvaluationState.Preparing ? "queued" : Run?.Detail == RemoteEvaluations.Partly ? "partially_evaluated" : "running",
        var state => WordOf(state),
    };

    /// <summary>EvalAI's word, where nothing is known of the evaluation.</summary>
    public static string WordOf(SubmissionState state) => state switch
    {
        SubmissionState.Waiting => "submitted",
        SubmissionState.Uploading => "submitting",
        _ => state.ToString().ToLowerInvariant(),
    };

    public object ExecutionTime => Run is { Started: { } started, Ended: { } ended } ? (ended - started).TotalSeconds : "None";

    public EvalAiSubmission Show(PhaseDeclaration phase, FileLinks links, bool seesAll)
    {
        var (id, isOver) = (Submission.Id, Run?.IsOver ?? false);
        var shown = new EvalAiSubmission
        {
            Id = id,
            ParticipantTeam = Submission.TeamId,
            ParticipantTeamName = Team,
            ExecutionTime = ExecutionTime,
            ChallengePhase = Submission.PhaseId,
            CreatedBy = Submission.SubmittedById,
            Status = Status,
            InputFile = Submission.Digest.Length == 0 ? null : links.Of(id, SubmissionFile.Input), // is still being sent, or never came
            SubmissionInputFile = Run?.FileDigest is null || !(seesAll || !phase.DisableLogs) ? null : links.Of(id, SubmissionFile.Written),
            JobName = Run?.JobNames?.Split('\n') ?? [],
            StdoutFile = isOver && (seesAll || !phase.DisableLogs) ? links.Of(id, SubmissionFile.Stdout) : null,
            StderrFile = Run?.FaultJson is null ? null : links.Of(id, SubmissionFile.Stderr),
            SubmissionResultFile = HasScore ? links.Of(id, SubmissionFile.Result) : null,
            StartedAt = Run?.Started,
            CompletedAt = Run?.Ended,
            SubmittedAt = Submission.Submitted,
            RerunResumedAt = Runs > 1 ? Run?.Queued : null,
            MethodName = Submission.MethodName ?? "",
            MethodDescription = Submission.MethodDescription ?? "",
            ProjectUrl = Submission.ProjectUrl ?? "",
            PublicationUrl = Submission.PublicationUrl ?? "",
            IsPublic = Submission.IsPublic,
            IsFlagged = Submission.IsFlagged,
            IgnoreSubmission = Submission.IsRemoved,
            IsVerifiedByHost = Submission.IsVerified,
            WhenMadePublic = Submission.IsPublic ? Submission.Submitted : null,
            IsBaseline = Submission.IsBaseline,
            SubmissionMetadata = EvalAiAnswer.Of(Submission.Metadata, phase),
        };
        return seesAll ? new EvalAiHostsSubmission(shown) { EnvironmentLogFile = isOver ? links.Of(id, SubmissionFile.EnvironmentLog) : null } : shown;
    }
}
