using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Limits;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Features.Accounts;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions;

/// <summary>A team's entry to a phase: an image by digest, or a file.</summary>
internal sealed class Submission
{
    private string _digest = "";
    private long? _fileBytes;

    public int Id { get; private set; }

    public required int PhaseId { get; init; }

    public Phase Phase { get; private set; } = null!; // EF sets it when it is asked for

    public required int ParticipationId { get; init; }

    public ChallengeParticipation Participation { get; private set; } = null!; // EF sets it when it is asked for

    public required int TeamId { get; init; }

    /// <summary>Within the team's submissions to the phase, from 1.</summary>
    public required int Number { get; init; }

    public required int SubmittedById { get; init; }

    public User SubmittedBy { get; private set; } = null!; // EF sets it when it is asked for

    public required DateTimeOffset Submitted { get; init; }

    /// <summary>The image's repository; empty for a file.</summary>
    public required string Repository { get; init; }

    /// <summary>As submitted: the image's, of an index when that was pushed, or that of the file in the content store. Empty while the file is sent.</summary>
    public required string Digest
    {
        get => _digest;
        init => _digest = value;
    }

    /// <summary>The submitted file's name; null for an image.</summary>
    public string? FileName { get; init; }

    /// <summary>The submitted file's size.</summary>
    public long? FileBytes
    {
        get => _fileBytes;
        init => _fileBytes = value;
    }

    /// <summary>Of the image itself, which was looked at and is played; null where that is <see cref="Digest"/>.</summary>
    public string? ManifestDigest { get; init; }

    public string? MethodName { get; set; }

    public string? MethodDescription { get; set; }

    public string? ProjectUrl { get; set; }

    public string? PublicationUrl { get; set; }

    /// <summary>JSON object of the answers to the phase's form.</summary>
    public string Metadata { get; set; } = "{}";

    public bool IsPublic { get; set; }

    public bool IsBaseline { get; set; }

    public bool IsFlagged { get; set; }

    /// <summary>A host looked at it and found it sound. Shown beside the score; nothing else follows.</summary>
    public bool IsVerified { get; set; }

    /// <summary>Taken out of lists and off the boards by its team or a host. It stays, and counts.</summary>
    public bool IsRemoved { get; private set; }

    public SubmissionState State { get; private set; } = SubmissionState.Waiting;

    /// <summary>What it means for the quota.</summary>
    public SubmissionOutcome Outcome { get; private set; } = SubmissionOutcome.InProgress;

    /// <summary>Main metric's value of the newest finished evaluation.</summary>
    public double? Score { get; private set; }

    public List<EvaluationRun> Evaluations { get; } = [];

    public bool IsOver => State is SubmissionState.Finished or SubmissionState.Failed or SubmissionState.Cancelled;

    /// <summary>Its file comes in parts, from now on.</summary>
    public void AwaitFile()
    {
        Demand(State == SubmissionState.Waiting && Evaluations.Count == 0, "wait for a file");
        State = SubmissionState.Uploading;
    }

    /// <summary>Its file is there. What judges it follows.</summary>
    public void Receive(StoredContent file)
    {
        Demand(State == SubmissionState.Uploading, "take a file");
        (_digest, _fileBytes) = (file.Digest, file.Bytes);
    }

    /// <summary>Takes over where its newest evaluation is. A failed re-run leaves an earlier score standing.</summary>
    public void Follow(EvaluationRun evaluation, double? score = null)
    {
        State = evaluation.State switch
        {
            EvaluationState.Queued => SubmissionState.Waiting,
            EvaluationState.Finished => SubmissionState.Finished,
            EvaluationState.Failed => SubmissionState.Failed,
            EvaluationState.Cancelled => SubmissionState.Cancelled,
            _ => SubmissionState.Running,
        };
        Outcome = State switch
        {
            SubmissionState.Waiting or SubmissionState.Running => SubmissionOutcome.InProgress,
            SubmissionState.Finished => SubmissionOutcome.Finished,
            SubmissionState.Cancelled => SubmissionOutcome.Cancelled,
            _ => OutcomeOf(evaluation.FaultBlame ?? Blame.Platform),
        };
        Score = score ?? Score;
    }

    public void Remove()
    {
        Demand(IsOver, "be removed");
        IsRemoved = true;
    }

    private void Demand(bool holds, string to)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Submission {Id}, which is {State}, cannot {to}.");
        }
    }

    private static SubmissionOutcome OutcomeOf(Blame blame) => blame switch
    {
        Blame.Agent => SubmissionOutcome.FailedByAgent,
        Blame.Participant => SubmissionOutcome.FailedByParticipant,
        Blame.Environment => SubmissionOutcome.FailedByEnvironment,
        Blame.Host => SubmissionOutcome.FailedByHost,
        _ => SubmissionOutcome.FailedByPlatform,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Submission>
    {
        public void Configure(EntityTypeBuilder<Submission> builder)
        {
            builder.ToTable("Submissions");
            builder.Property(submission => submission.Repository).HasMaxLength(200);
            builder.Property(submission => submission.Digest).HasMaxLength(200);
            builder.Property(submission => submission.ManifestDigest).HasMaxLength(200);
            builder.Property(submission => submission.FileName).HasMaxLength(255);
            builder.Property(submission => submission.MethodName).HasMaxLength(200);
            builder.Property(submission => submission.MethodDescription).HasMaxLength(5000);
            builder.Property(submission => submission.ProjectUrl).HasMaxLength(1000);
            builder.Property(submission => submission.PublicationUrl).HasMaxLength(1000);
            builder.HasIndex(submission => new { submission.PhaseId, submission.TeamId, submission.Number }).IsUnique();
            builder.HasIndex(submission => new { submission.TeamId, submission.PhaseId, submission.Digest });
            builder.HasIndex(submission => new { submission.PhaseId, submission.Id, submission.IsRemoved }); // newest first, and counted without the rows
            builder.HasIndex(submission => new { submission.PhaseId, submission.Submitted }); // counts by day
            builder.HasIndex(submission => new { submission.ParticipationId, submission.Id }); // newest first
            builder.HasOne(submission => submission.Phase).WithMany().HasForeignKey(submission => submission.PhaseId)
                .OnDelete(DeleteBehavior.Restrict);
            builder.HasOne(submission => submission.Participation).WithMany().HasForeignKey(submission => submission.ParticipationId)
                .OnDelete(DeleteBehavior.Restrict);
            builder.HasOne(submission => submission.SubmittedBy).WithMany().HasForeignKey(submission => submission.SubmittedById)
                .OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>A request that was answered, so that repeating it changes nothing.</summary>
internal sealed class IdempotencyRecord
{
    public int Id { get; private set; }

    public required int UserId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of the request: the same key with another request is refused.</summary>
    public required string RequestHash { get; init; }

    public required int SubmissionId { get; init; }

    public required DateTimeOffset Created { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<IdempotencyRecord>
    {
        public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
        {
            builder.ToTable("IdempotencyRecords");
            builder.Property(record => record.Key).HasMaxLength(200);
            builder.Property(record => record.RequestHash).HasMaxLength(64);
            builder.HasIndex(record => new { record.UserId, record.Key }).IsUnique();
        }
    }
}
