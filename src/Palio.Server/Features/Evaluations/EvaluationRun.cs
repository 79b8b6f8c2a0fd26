using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Challenges.Bundles;
using Palio.Protocol.Evaluations;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Features.Evaluations;

/// <summary>One attempt to judge a submission. A re-run is a new one; nothing is overwritten.</summary>
internal sealed class EvaluationRun
{
    private static readonly EvaluationState[] Progressing =
        [EvaluationState.Preparing, EvaluationState.Ready, EvaluationState.Running, EvaluationState.Scoring];

    private const int LongestJobNames = 2000;

    public long Id { get; private set; }

    public int SubmissionId { get; init; }

    public required Submission Submission { get; init; }

    public required int PhaseRevisionId { get; init; }

    public PhaseRevision PhaseRevision { get; private set; } = null!; // EF sets it when it is asked for

    // Copied from the submission so that choosing the next evaluation reads one table.
    public required int ChallengeId { get; init; }

    public required int PhaseId { get; init; }

    public required int TeamId { get; init; }

    /// <summary>Copied from the phase: a host's own workers take theirs elsewhere.</summary>
    public required Judging Judging { get; set; }

    public EvaluationState State { get; private set; } = EvaluationState.Queued;

    public DateTimeOffset StateSince { get; private set; }

    public string? Detail { get; private set; }

    public required int EpisodesTotal { get; set; }

    public int EpisodesDone { get; set; }

    public long Steps { get; set; }

    public required DateTimeOffset Queued { get; init; }

    public DateTimeOffset? Started { get; private set; }

    public DateTimeOffset? Ended { get; private set; }

    /// <summary>Not leased before this moment: the pause after a platform fault.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary>Times it was leased.</summary>
    public int Attempts { get; private set; }

    /// <summary>Platform faults so far; a restart of the server is none.</summary>
    public int PlatformFaults { get; private set; }

    /// <summary>Rises with every lease; reports under an older number change nothing.</summary>
    public long Fence { get; private set; }

    public string? Worker { get; private set; }

    public DateTimeOffset? LeaseExpires { get; private set; }

    public DateTimeOffset? CancelRequested { get; private set; }

    /// <summary>Deadline of the present attempt from outside the pod.</summary>
    public int DeadlineSeconds { get; private set; }

    public FaultCode? FaultCode { get; private set; }

    public Blame? FaultBlame { get; private set; }

    public string? FaultJson { get; private set; }

    public string? PolicyJson { get; private set; }

    public string? TimingsJson { get; private set; }

    public string? TranscriptDigest { get; private set; }

    /// <summary>The file that the participant's image wrote, in the content store; null when it wrote none.</summary>
    public string? FileDigest { get; private set; }

    /// <summary>Its name.</summary>
    public string? FileName { get; private set; }

    /// <summary>Names of the host's own cluster for it, one a line, the newest last: EvalAI's workers tidy up by them.</summary>
    public string? JobNames { get; private set; }

    public bool IsOver => State is EvaluationState.Finished or EvaluationState.Failed or EvaluationState.Cancelled;

    public bool IsHeldUnder(long fence) => !IsOver && State != EvaluationState.Queued && Fence == fence;

    /// <summary>Queued → preparing, under a new fence.</summary>
    public void Lease(string worker, DateTimeOffset now, TimeSpan lifetime, int deadlineSeconds)
    {
        Demand(State == EvaluationState.Queued, EvaluationState.Preparing);
        Enter(EvaluationState.Preparing, now);
        (Worker, LeaseExpires, DeadlineSeconds) = (worker, now + lifetime, deadlineSeconds);
        (Fence, Attempts, Detail, NotBefore) = (Fence + 1, Attempts + 1, null, null);
        Started ??= now;
    }

    public void Extend(DateTimeOffset now, TimeSpan lifetime) => LeaseExpires = now + lifetime;

    /// <summary>Preparing → ready → running → scoring; never back, except by a new lease.</summary>
    public bool Advance(EvaluationState state, string? detail, DateTimeOffset now)
    {
        var (from, to) = (Array.IndexOf(Progressing, State), Array.IndexOf(Progressing, state));
        if (from < 0 || to < from)
        {
            return false;
        }

        if (to > from)
        {
            Enter(state, now);
        }

        Detail = detail;
        return true;
    }

    /// <summary>Back to the queue: a platform fault, a lost lease, a worker that stops. The old fence is dead at once.</summary>
    public void Requeue(DateTimeOffset now, TimeSpan pause, Fault? fault)
    {
        Demand(!IsOver && State != EvaluationState.Queued, EvaluationState.Queued);
        Enter(EvaluationState.Queued, now);
        (Worker, LeaseExpires, Fence) = (null, null, Fence + 1);
        NotBefore = pause > TimeSpan.Zero ? now + pause : null;
        Detail = fault is null ? "will be continued" : $"will be tried again: {fault.Message}";
        PlatformFaults += fault is null ? 0 : 1;
    }

    /// <summary>Back to the queue at once: the environment turned out to be made for EvalAI, and the next attempt is its own to score.</summary>
    public void LetEnvironmentScore(DateTimeOffset now)
    {
        Requeue(now, TimeSpan.Zero, null);
        (Judging, EpisodesTotal, EpisodesDone, Steps) = (Judging.Environment, 0, 0, 0);
        Detail = "the environment is made for EvalAI: played again, scored by the environment";
    }

    public void RequestCancel(DateTimeOffset now)
    {
        Demand(!IsOver, EvaluationState.Cancelled);
        CancelRequested ??= now;
        Detail = "stopping";
    }

    public void Finish(string transcriptDigest, DateTimeOffset now)
    {
        Demand(Array.IndexOf(Progressing, State) >= 0, EvaluationState.Finished);
        End(EvaluationState.Finished, now);
        TranscriptDigest = transcriptDigest;
    }

    public void Fail(Fault fault, DateTimeOffset now)
    {
        Demand(!IsOver, EvaluationState.Failed);
        End(EvaluationState.Failed, now);
        SetFault(fault);
    }

    public void Cancel(DateTimeOffset now)
    {
        Demand(!IsOver, EvaluationState.Cancelled);
        End(EvaluationState.Cancelled, now);
    }

    /// <summary>Also for a finished evaluation: what forfeited its episodes.</summary>
    public void SetFault(Fault fault) =>
        (FaultCode, FaultBlame, FaultJson) =
        (fault.Code, fault.Blame, JsonSerializer.Serialize(fault, EvaluationJsonContext.Default.Fault));

    public void SetFacts(PodPolicy? policy, PodTimings? timings)
    {
        PolicyJson = policy is null ? PolicyJson : JsonSerializer.Serialize(policy, EvaluationJsonContext.Default.PodPolicy);
        TimingsJson = timings is null ? TimingsJson : JsonSerializer.Serialize(timings, EvaluationJsonContext.Default.PodTimings);
    }

    /// <summary>Keeps what the participant's image wrote; the last one counts.</summary>
    public void Keep(string digest, string name) => (FileDigest, FileName) = (digest, name);

    /// <summary>A host's worker names the job it made.</summary>
    public void AddJobName(string name)
    {
        if (JobNames?.Split('\n')[^1] != name)
        {
            var names = JobNames is null ? name : $"{JobNames}\n{name}";
            JobNames = names.Length <= LongestJobNames ? names : name;
        }
    }

    private void End(EvaluationState state, DateTimeOffset now)
    {
        Enter(state, now);
        (Ended, LeaseExpires, Detail) = (now, null, null);
    }

    private void Enter(EvaluationState state, DateTimeOffset now) => (State, StateSince) = (state, now);

    private void Demand(bool holds, EvaluationState to)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Evaluation {Id} cannot go from {State} to {to}.");
        }
    }

    internal sealed class Configuration : IEntityTypeConfiguration<EvaluationRun>
    {
        public void Configure(EntityTypeBuilder<EvaluationRun> builder)
        {
            builder.ToTable("Evaluations");
            builder.Property(evaluation => evaluation.Fence).IsConcurrencyToken();
            builder.Property(evaluation => evaluation.State).IsConcurrencyToken();
            builder.Property(evaluation => evaluation.Detail).HasMaxLength(2000);
            builder.Property(evaluation => evaluation.Worker).HasMaxLength(200);
            builder.Property(evaluation => evaluation.TranscriptDigest).HasMaxLength(100);
            builder.Property(evaluation => evaluation.FileDigest).HasMaxLength(100);
            builder.Property(evaluation => evaluation.FileName).HasMaxLength(255);
            builder.Property(evaluation => evaluation.JobNames).HasMaxLength(LongestJobNames);
            builder.HasIndex(evaluation => new { evaluation.State, evaluation.Queued });
            builder.HasIndex(evaluation => evaluation.SubmissionId);
            builder.HasOne(evaluation => evaluation.Submission).WithMany(submission => submission.Evaluations)
                .HasForeignKey(evaluation => evaluation.SubmissionId).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne(evaluation => evaluation.PhaseRevision).WithMany()
                .HasForeignKey(evaluation => evaluation.PhaseRevisionId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
