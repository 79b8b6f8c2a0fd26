using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Protocol.Api;

/// <summary>Where a challenge is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChallengeState>))]
public enum ChallengeState
{
    /// <summary>Waits for the administrator's approval; seen by its hosts only.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    /// <summary>Approved, not begun.</summary>
    [JsonStringEnumMemberName("upcoming")] Upcoming,

    /// <summary>Begun, not ended.</summary>
    [JsonStringEnumMemberName("ongoing")] Ongoing,

    /// <summary>Ended.</summary>
    [JsonStringEnumMemberName("past")] Past,

    /// <summary>Refused by the administrator, or taken down.</summary>
    [JsonStringEnumMemberName("refused")] Refused,
}

/// <summary>A challenge in a list. <c>GET /api/v1/challenges?state=</c>.</summary>
public sealed record ChallengeSummary(int Id, string Slug, string Title, string ShortDescription, ChallengeState State,
    DateTimeOffset? Starts, DateTimeOffset? Ends, string Host, string? LogoUrl, IReadOnlyList<string> Tags, int Participants);

/// <summary>A challenge whole. <c>GET /api/v1/challenges/{idOrSlug}</c>.</summary>
public sealed record ChallengeDetail
{
    /// <summary>The list's row.</summary>
    public required ChallengeSummary Summary { get; init; }

    /// <summary>Sanitised HTML.</summary>
    public required string DescriptionHtml { get; init; }

    /// <summary>Sanitised HTML.</summary>
    public required string EvaluationHtml { get; init; }

    /// <summary>Sanitised HTML; accepted by those who join.</summary>
    public required string TermsHtml { get; init; }

    /// <summary>Sanitised HTML.</summary>
    public required string SubmissionGuidelinesHtml { get; init; }

    /// <summary>Number of the newest revision, from 1.</summary>
    public required int Revision { get; init; }

    /// <summary>Hosts must approve teams before they may submit.</summary>
    public required bool RequiresApproval { get; init; }

    /// <summary>Phases in the order of the bundle.</summary>
    public required IReadOnlyList<PhaseDetail> Phases { get; init; }

    /// <summary>The caller's team here; null when not taking part or not signed in.</summary>
    public Participation? Participation { get; init; }

    /// <summary>Whether the caller is one of its hosts or an administrator.</summary>
    public bool IsHost { get; init; }

    /// <summary>Repository for the team's agents (<c>host:port/challenge/team</c>); null when not taking part.</summary>
    public string? Repository { get; init; }

    /// <summary>Name of the queue that the hosts' own workers ask; null for others than hosts, and where nothing is evaluated elsewhere.</summary>
    public string? Queue { get; init; }
}

/// <summary>What a host's own worker needs. <c>POST /api/v1/challenges/{idOrSlug}/worker-tokens</c>, for hosts.</summary>
/// <param name="Challenge">The challenge's id: <c>CHALLENGE_PK</c> of EvalAI's remote evaluation script.</param>
/// <param name="Queue">Its queue: <c>QUEUE_NAME</c>.</param>
/// <param name="Token">A token that is good for this challenge's submissions alone: <c>AUTH_TOKEN</c>.</param>
public sealed record CreatedWorkerToken(int Challenge, string Queue, CreatedToken Token);

/// <summary>A team's part in a challenge.</summary>
public sealed record Participation(int Id, TeamSummary Team, DateTimeOffset Joined, bool Approved, bool Disqualified);

/// <summary>A phase and its limits.</summary>
public sealed record PhaseDetail
{
    /// <summary>Id, unique in the instance.</summary>
    public required int Id { get; init; }

    /// <summary>Codename, unique in the challenge: what <c>--phase</c> takes.</summary>
    public required string Codename { get; init; }

    /// <summary>Shown name.</summary>
    public required string Name { get; init; }

    /// <summary>Sanitised HTML.</summary>
    public required string DescriptionHtml { get; init; }

    /// <summary>First moment of the window.</summary>
    public DateTimeOffset? Starts { get; init; }

    /// <summary>Last moment of the window.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary><c>upcoming</c>, <c>open</c>, <c>paused</c> or <c>closed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Submissions in total; -1 for no limit.</summary>
    public required int MaxSubmissions { get; init; }

    /// <summary>Submissions in a UTC day.</summary>
    public required int MaxPerDay { get; init; }

    /// <summary>Submissions in a UTC month.</summary>
    public required int MaxPerMonth { get; init; }

    /// <summary>Submissions waiting or running at once.</summary>
    public required int MaxConcurrent { get; init; }

    /// <summary>What is left for the caller's team; null when not taking part.</summary>
    public RemainingSubmissions? Remaining { get; init; }

    /// <summary>Boards of the phase.</summary>
    public required IReadOnlyList<PhaseSplitSummary> Splits { get; init; }

    /// <summary>Limits in words for a table: "Memory of the agent" → "1 GiB".</summary>
    public required IReadOnlyDictionary<string, string> Limits { get; init; }

    /// <summary>SHA-256 commitment of the seed secret, for hidden seeds.</summary>
    public string? SeedCommitment { get; init; }

    /// <summary>Digest of the environment image in force; null for phases without one.</summary>
    public string? EnvironmentDigest { get; init; }

    /// <summary>Who counts the scores: <c>referee</c>, <c>environment</c> (made for EvalAI, it sends its own), <c>script</c> or <c>host</c> (workers of the host's).</summary>
    public string ScoredBy { get; init; } = "referee";

    /// <summary>Teams submit files instead of images.</summary>
    public bool TakesFiles { get; init; }

    /// <summary>Endings of the files it takes (<c>.json, .zip</c>); empty for any.</summary>
    public IReadOnlyList<string> FileTypes { get; init; } = [];

    /// <summary>Largest file it takes, in bytes.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>New submissions are public unless said otherwise.</summary>
    public bool PublicByDefault { get; init; }

    /// <summary>Whether participants see their agent's log.</summary>
    public bool OpenLogs { get; init; }

    /// <summary>Which of <c>method_name</c>, <c>method_description</c>, <c>project_url</c> and <c>publication_url</c> the phase does not ask for.</summary>
    public IReadOnlyList<string> HiddenFields { get; set; } = [];
}

/// <summary>A board of a phase.</summary>
/// <param name="Id">Id, unique in the instance.</param>
/// <param name="Name">Shown name.</param>
/// <param name="Visibility"><c>public</c>, <c>owner_and_host</c> (each team its own entry) or <c>host</c>.</param>
public sealed record PhaseSplitSummary(int Id, string Name, string Visibility)
{
    /// <summary>A team stands with its latest submission instead of its best.</summary>
    public bool ByLatest { get; set; }

    /// <summary>Everybody who sees the board sees its values; else they see the order alone.</summary>
    public bool ShowsScores { get; set; } = true;
}

/// <summary>What a team may still submit.</summary>
public sealed record RemainingSubmissions(int Total, int Today, int ThisMonth, int Concurrent, string? Refusal);

/// <summary>Joins. <c>POST /api/v1/challenges/{idOrSlug}/participation</c>.</summary>
public sealed record ParticipateRequest
{
    /// <summary>Id of one of the caller's participant teams; may be left out when there is exactly one.</summary>
    public int? TeamId { get; init; }

    /// <summary>Must be true: the terms are accepted, and stored with their revision.</summary>
    [Required] public required bool AcceptTerms { get; init; }
}

/// <summary>Answer to a published bundle. <c>POST /api/v1/challenges</c> (zip as body or form file <c>bundle</c>; <c>?team=</c> host team id, <c>?dryRun=true</c>).</summary>
/// <param name="Challenge">The challenge; null when refused or a dry run.</param>
/// <param name="Revision">The revision made; 0 when none.</param>
/// <param name="Changed">False when the bundle equals the newest revision.</param>
/// <param name="Problems">All problems; any error means nothing was published (422).</param>
public sealed record PublishResult(ChallengeSummary? Challenge, int Revision, bool Changed, IReadOnlyList<BundleProblemDetail> Problems);

/// <summary>A problem in a bundle.</summary>
public sealed record BundleProblemDetail(string Severity, string File, int Line, int Column, string Path, string Message, string Remedy);

/// <summary>A challenge waiting for approval. <c>POST /api/v1/challenges/{idOrSlug}/review</c>.</summary>
public sealed record ReviewRequest
{
    /// <summary>Approve or refuse.</summary>
    [Required] public required bool Approve { get; init; }

    /// <summary>Shown to the hosts.</summary>
    [StringLength(2000)] public string? Note { get; init; }
}

/// <summary>A participant as hosts see it. <c>GET /api/v1/challenges/{idOrSlug}/participants</c>.</summary>
public sealed record ParticipantRow(Participation Participation, int Submissions, DateTimeOffset? LastSubmission);

/// <summary>Any JSON the host declared for a phase's metadata form.</summary>
public sealed record MetadataAttribute(string Name, string? Description, string Type, bool Required, JsonElement? Options);
