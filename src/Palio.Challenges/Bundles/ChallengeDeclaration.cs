namespace Palio.Challenges.Bundles;

/// <summary>The challenge as a whole; names and meaning are EvalAI's.</summary>
public sealed record ChallengeDeclaration
{
    /// <summary>The name; at most 100 characters.</summary>
    public required string Title { get; init; }

    /// <summary>The card's text.</summary>
    public string? ShortDescription { get; init; }

    /// <summary>The overview page.</summary>
    public required BundlePage Description { get; init; }

    /// <summary>How it is evaluated.</summary>
    public required BundlePage EvaluationDetails { get; init; }

    /// <summary>What a team accepts when it joins.</summary>
    public required BundlePage TermsAndConditions { get; init; }

    /// <summary>How to submit.</summary>
    public required BundlePage SubmissionGuidelines { get; init; }

    /// <summary>The note above the board.</summary>
    public string? LeaderboardDescription { get; init; }

    /// <summary>The logo.</summary>
    public BundleImage? Image { get; init; }

    /// <summary>From when on it takes part, UTC.</summary>
    public required DateTimeOffset StartDate { get; init; }

    /// <summary>Until when, UTC.</summary>
    public required DateTimeOffset EndDate { get; init; }

    /// <summary>Whether everybody sees it once it is approved. Default false.</summary>
    public bool Published { get; init; }

    /// <summary>Whether teams submit images. Default false.</summary>
    public bool IsDockerBased { get; init; }

    /// <summary>EvalAI's two-stage variant. Default false.</summary>
    public bool IsStaticDatasetCodeUpload { get; init; }

    /// <summary>Whether teams submit images; else they submit files.</summary>
    public bool IsCodeUpload => IsDockerBased || IsStaticDatasetCodeUpload;

    /// <summary>Whether the host's own workers evaluate. Default false.</summary>
    public bool RemoteEvaluation { get; init; }

    /// <summary>Longest evaluation; null when the file does not say (EvalAI: a day).</summary>
    public TimeSpan? SubmissionTimeLimit { get; init; }

    /// <summary>Largest image of a submission, in bytes. Default 40 GiB, as on EvalAI.</summary>
    public long MaxDockerImageSize { get; init; } = 42_949_672_960;

    /// <summary>Whether an agent may have no GPU. EvalAI's default false.</summary>
    public bool CpuOnlyJobs { get; init; }

    /// <summary>Whether teams may join. Default true.</summary>
    public bool IsRegistrationOpen { get; init; } = true;

    /// <summary>Whether the host approves each team before it may submit. Default false.</summary>
    public bool ManualParticipantApproval { get; init; }

    /// <summary>Whether members need a complete profile to join. Default false.</summary>
    public bool RequireCompleteProfile { get; init; }

    /// <summary>Largest team; null for no limit.</summary>
    public int? MaxTeamMembers { get; init; }

    /// <summary>No phase takes submissions. Default false.</summary>
    public bool IsSubmissionPaused { get; init; }

    /// <summary>When not empty, every member's e-mail address must end in one of these.</summary>
    public IReadOnlyList<string> AllowedEmailDomains { get; init; } = [];

    /// <summary>No member's e-mail address may end in one of these.</summary>
    public IReadOnlyList<string> BlockedEmailDomains { get; init; } = [];

    /// <summary>Addresses whose teams take no part.</summary>
    public IReadOnlyList<string> BannedEmailIds { get; init; } = [];

    /// <summary>Whether there is a forum. Default true.</summary>
    public bool EnableForum { get; init; } = true;

    /// <summary>A forum elsewhere.</summary>
    public string? ForumUrl { get; init; }

    /// <summary>Whether the boards hide the teams' names. Default false.</summary>
    public bool AnonymousLeaderboard { get; init; }

    /// <summary>Whether interrupted submissions may be taken up again. Default false.</summary>
    public bool AllowResumingSubmissions { get; init; }

    /// <summary>Whether hosts may cancel submissions. Default false.</summary>
    public bool AllowHostCancelSubmissions { get; init; }

    /// <summary>Whether running submissions may be cancelled. Default false.</summary>
    public bool AllowCancelRunningSubmissions { get; init; }

    /// <summary>Whether teams may have a submission run again. Default false.</summary>
    public bool AllowParticipantsResubmissions { get; init; }

    /// <summary>At most four.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary><c>CV</c>, <c>NLP</c>, <c>RL</c>, <c>MM</c>, <c>AUD</c> or <c>TAB</c>.</summary>
    public string? Domain { get; init; }

    /// <summary><c>paid</c> or <c>internal</c>. Default <c>paid</c>.</summary>
    public string ChallengeUsageType { get; init; } = "paid";

    /// <summary>By rank.</summary>
    public IReadOnlyList<PrizeDeclaration> Prizes { get; init; } = [];

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<SponsorDeclaration> Sponsors { get; init; } = [];

    /// <summary>The evaluation script as the configuration names it.</summary>
    public string? EvaluationScript { get; init; }

    /// <summary>Where the script is inside the bundle: a zip, or a folder with '/' at its end; null when it is not there.</summary>
    public string? ScriptPath { get; init; }

    /// <summary>The repository it is published from.</summary>
    public string? GitHubRepository { get; init; }

    /// <summary>The branch it is published from.</summary>
    public string? GitHubBranch { get; init; }

    /// <summary>Shown with the hint how to install EvalAI's command line.</summary>
    public string? CliVersion { get; init; }
}

/// <summary>A prize.</summary>
/// <param name="Rank">From 1, each once.</param>
/// <param name="Amount">Such as <c>100.00USD</c>.</param>
/// <param name="Description">What else there is to say.</param>
public sealed record PrizeDeclaration(int Rank, string Amount, string Description);

/// <summary>A sponsor.</summary>
/// <param name="Name">The name.</param>
/// <param name="Website">The address.</param>
public sealed record SponsorDeclaration(string Name, string Website);
