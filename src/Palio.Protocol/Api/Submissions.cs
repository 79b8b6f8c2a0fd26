using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Palio.Protocol.Evaluations;

namespace Palio.Protocol.Api;

/// <summary>Where a submission is; the state of its newest evaluation.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SubmissionState>))]
public enum SubmissionState
{
    /// <summary>Waits in the queue.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    /// <summary>Is prepared or played.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>Has a score.</summary>
    [JsonStringEnumMemberName("finished")] Finished,

    /// <summary>Has a fault.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Was cancelled.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>Its file is being sent in parts; the quota counts it already.</summary>
    [JsonStringEnumMemberName("uploading")] Uploading,
}

/// <summary>Submits a pushed image. <c>POST /api/v1/submissions</c>, with header <c>Idempotency-Key</c> for safe repeats.</summary>
public sealed record SubmitRequest
{
    /// <summary>Challenge id or slug.</summary>
    [Required, StringLength(200)] public required string Challenge { get; init; }

    /// <summary>Phase codename or id.</summary>
    [Required, StringLength(200)] public required string Phase { get; init; }

    /// <summary>Digest in the team's repository (<c>sha256:…</c>).</summary>
    [Required, StringLength(200)] public required string Digest { get; init; }

    /// <summary>Shown beside the score.</summary>
    [StringLength(200)] public string? MethodName { get; init; }

    /// <summary>Longer text.</summary>
    [StringLength(5000)] public string? MethodDescription { get; init; }

    /// <summary>Web page of the project.</summary>
    [StringLength(1000)] public string? ProjectUrl { get; init; }

    /// <summary>Web page of the paper.</summary>
    [StringLength(1000)] public string? PublicationUrl { get; init; }

    /// <summary>On the board or not; null for the phase's default.</summary>
    public bool? Public { get; init; }

    /// <summary>Answers to the phase's metadata form, by name.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>
/// Submits a file. <c>POST /api/v1/submissions/file</c>, multipart: these as fields (metadata as a JSON object), the file as part
/// <c>file</c>; with header <c>Idempotency-Key</c> for safe repeats.
/// </summary>
public sealed record SubmitFileRequest
{
    /// <summary>Challenge id or slug.</summary>
    [Required, StringLength(200)] public required string Challenge { get; init; }

    /// <summary>Phase codename or id.</summary>
    [Required, StringLength(200)] public required string Phase { get; init; }

    /// <summary>Shown beside the score.</summary>
    [StringLength(200)] public string? MethodName { get; init; }

    /// <summary>Longer text.</summary>
    [StringLength(5000)] public string? MethodDescription { get; init; }

    /// <summary>Web page of the project.</summary>
    [StringLength(1000)] public string? ProjectUrl { get; init; }

    /// <summary>Web page of the paper.</summary>
    [StringLength(1000)] public string? PublicationUrl { get; init; }

    /// <summary>On the board or not; null for the phase's default.</summary>
    public bool? Public { get; init; }

    /// <summary>Answers to the phase's metadata form, by name.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>A submission in a list. <c>GET /api/v1/submissions?challenge=&amp;phase=&amp;all=</c> (all: hosts).</summary>
public sealed record SubmissionSummary
{
    /// <summary>Id.</summary>
    public required int Id { get; init; }

    /// <summary>Number within the team's submissions to the phase, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Challenge slug.</summary>
    public required string Challenge { get; init; }

    /// <summary>Phase codename.</summary>
    public required string Phase { get; init; }

    /// <summary>Team name.</summary>
    public required string Team { get; init; }

    /// <summary>Who submitted.</summary>
    public required string SubmittedBy { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>Where it is.</summary>
    public required SubmissionState State { get; init; }

    /// <summary>Where its newest evaluation is.</summary>
    public required EvaluationState EvaluationState { get; init; }

    /// <summary>Digest of the image, or of the file.</summary>
    public required string Digest { get; init; }

    /// <summary>Name of the submitted file; null for an image.</summary>
    public string? FileName { get; init; }

    /// <summary>Size of the submitted file.</summary>
    public long? FileBytes { get; init; }

    /// <summary>Name of the method.</summary>
    public string? MethodName { get; init; }

    /// <summary>On the board or not.</summary>
    public required bool Public { get; init; }

    /// <summary>Main metric's value when finished.</summary>
    public double? Score { get; init; }

    /// <summary>Marked as baseline by the host.</summary>
    public bool Baseline { get; init; }

    /// <summary>Taken off the board by the host.</summary>
    public bool Flagged { get; init; }

    /// <summary>Counts against the quota.</summary>
    public required bool Counts { get; init; }
}

/// <summary>A submission whole. <c>GET /api/v1/submissions/{id}</c>.</summary>
public sealed record SubmissionDetail
{
    /// <summary>The list's row.</summary>
    public required SubmissionSummary Summary { get; init; }

    /// <summary>Longer text.</summary>
    public string? MethodDescription { get; init; }

    /// <summary>Web page of the project; as the team wrote it, so not always an address.</summary>
    public string? ProjectUrl { get; init; }

    /// <summary>Web page of the paper; as the team wrote it, so not always an address.</summary>
    public string? PublicationUrl { get; init; }

    /// <summary>Answers to the metadata form.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    /// <summary>Evaluations, newest first.</summary>
    public required IReadOnlyList<EvaluationDetail> Evaluations { get; init; }

    /// <summary>Whether the caller may cancel it now.</summary>
    public bool CanCancel { get; init; }

    /// <summary>Whether the caller may evaluate it again (hosts).</summary>
    public bool CanRerun { get; init; }

    /// <summary>Whether the reader hosts the challenge: marks baselines, takes entries off the board.</summary>
    public bool CanManage { get; init; }

    /// <summary>Whether the caller may put it on the board, or take it off.</summary>
    public bool CanShow { get; init; }
}

/// <summary>One attempt to judge. <c>GET /api/v1/evaluations/{id}</c>.</summary>
public sealed record EvaluationDetail
{
    /// <summary>Id.</summary>
    public required long Id { get; init; }

    /// <summary>Where it is.</summary>
    public required EvaluationState State { get; init; }

    /// <summary>For a person: "pulling the agent's image".</summary>
    public string? Detail { get; init; }

    /// <summary>Place in the queue, from 1; null when not waiting.</summary>
    public int? QueuePlace { get; init; }

    /// <summary>Episodes ended.</summary>
    public required int EpisodesDone { get; init; }

    /// <summary>Episodes in all.</summary>
    public required int EpisodesTotal { get; init; }

    /// <summary>Steps so far.</summary>
    public long Steps { get; init; }

    /// <summary>Entered the queue.</summary>
    public required DateTimeOffset Queued { get; init; }

    /// <summary>Leased by a worker.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Times it was leased; over 1 after platform faults.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it failed, or what forfeited episodes.</summary>
    public Fault? Fault { get; init; }

    /// <summary>Scores by metric.</summary>
    public IReadOnlyList<MetricScore> Scores { get; set; } = [];

    /// <summary>What was in force.</summary>
    public PodPolicy? Policy { get; init; }

    /// <summary>How long each part took.</summary>
    public PodTimings? Timings { get; init; }

    /// <summary>Digest of the transcript.</summary>
    public string? TranscriptDigest { get; init; }

    /// <summary>Name of the file that the image wrote, which is at the submission's <c>/file</c>; null when it wrote none, or it is not for the reader.</summary>
    public string? WrittenFile { get; init; }

    /// <summary>Bundle revision it was judged by.</summary>
    public int Revision { get; init; }

    /// <summary>Digest of the environment it was judged by.</summary>
    public string? EnvironmentDigest { get; init; }
}

/// <summary>A metric's value over the episodes.</summary>
/// <param name="Metric">Name.</param>
/// <param name="Value">The value.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end of the 95 % interval.</param>
/// <param name="Valid">Episodes played to their end.</param>
/// <param name="Total">Episodes counted, forfeited ones among them; 0 where nothing is played.</param>
/// <param name="Split">Codename of the dataset split it is for; null when it is for all of the phase's.</param>
public sealed record MetricScore(string Metric, double Value, double? Low, double? High, int Valid, int Total, string? Split = null)
{
    /// <summary>Kept from the team; only hosts are told of such a score with a submission.</summary>
    public bool Hidden { get; init; }
}

/// <summary>Episodes of an evaluation. <c>GET /api/v1/evaluations/{id}/episodes</c>.</summary>
public sealed record EpisodePage(IReadOnlyList<EpisodeResult> Episodes, int Total, int? NextOrdinal);

/// <summary>Logs of an evaluation. <c>GET /api/v1/evaluations/{id}/log</c>.</summary>
public sealed record EvaluationLog(string Agent, string? Environment, bool Truncated);

/// <summary>Changes a submission. <c>PATCH /api/v1/submissions/{id}</c>. Null leaves as is; the last two are for hosts.</summary>
public sealed record UpdateSubmissionRequest
{
    /// <summary>On the board or not.</summary>
    public bool? Public { get; init; }

    /// <summary>Name of the method.</summary>
    [StringLength(200)] public string? MethodName { get; init; }

    /// <summary>Longer text.</summary>
    [StringLength(5000)] public string? MethodDescription { get; init; }

    /// <summary>Web page of the project.</summary>
    [StringLength(1000)] public string? ProjectUrl { get; init; }

    /// <summary>Web page of the paper.</summary>
    [StringLength(1000)] public string? PublicationUrl { get; init; }

    /// <summary>Marked as baseline.</summary>
    public bool? Baseline { get; init; }

    /// <summary>Taken off the board.</summary>
    public bool? Flagged { get; init; }

    /// <summary>Looked at by a host and found sound.</summary>
    public bool? Verified { get; init; }

    /// <summary>Other answers to the metadata form; all of them.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>A live event of a submission: <c>GET /api/v1/submissions/{id}/events</c> (server-sent events; the first is the present state).</summary>
/// <param name="Evaluation">The newest evaluation as it is now.</param>
/// <param name="State">The submission's state.</param>
/// <param name="Score">Main metric when finished.</param>
public sealed record SubmissionEvent(EvaluationDetail Evaluation, SubmissionState State, double? Score)
{
    /// <summary>The last of the agent's output so far, at most 16 KiB, when it differs from the event's before; null when it does not, or is not for the caller.</summary>
    public string? AgentLog { get; init; }
}
