namespace Palio.Challenges.Bundles;

/// <summary>A phase; names and meaning are EvalAI's, apart from <see cref="Evaluation"/>.</summary>
public sealed record PhaseDeclaration
{
    /// <summary>Id in the file; keeps its meaning when the bundle is published again.</summary>
    public required int Id { get; init; }

    /// <summary>The name; at most 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The phase's page.</summary>
    public required BundlePage Description { get; init; }

    /// <summary>The short name; unique in the challenge.</summary>
    public required string Codename { get; init; }

    /// <summary>From when on it takes submissions, UTC.</summary>
    public required DateTimeOffset StartDate { get; init; }

    /// <summary>Until when, UTC.</summary>
    public required DateTimeOffset EndDate { get; init; }

    /// <summary>Most submissions of a team. Default 100,000.</summary>
    public int MaxSubmissions { get; init; } = 100_000;

    /// <summary>Most submissions of a team on one UTC day. Default 100,000.</summary>
    public int MaxSubmissionsPerDay { get; init; } = 100_000;

    /// <summary>Most submissions of a team in one UTC month. Default: <see cref="MaxSubmissions"/>.</summary>
    public int MaxSubmissionsPerMonth { get; init; } = 100_000;

    /// <summary>Most submissions of a team under way at a time. Default 3; never more than the daily limit.</summary>
    public int MaxConcurrentSubmissionsAllowed { get; init; } = 3;

    /// <summary>Whether teams may choose to be on the board. Default false.</summary>
    public bool LeaderboardPublic { get; init; }

    /// <summary>Whether others than the host see the phase. Default false.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Whether submissions are public unless their team says otherwise. Default false.</summary>
    public bool IsSubmissionPublic { get; init; }

    /// <summary>Whether only one submission of a team may be public. Default false.</summary>
    public bool IsRestrictedToSelectOneSubmission { get; init; }

    /// <summary>Whether partly evaluated submissions are ranked. Default false.</summary>
    public bool IsPartialSubmissionEvaluationEnabled { get; init; }

    /// <summary>Whether the phase takes no submissions now. Default false.</summary>
    public bool IsSubmissionPaused { get; init; }

    /// <summary>Whether agents' logs are kept from participants. Default false.</summary>
    public bool DisableLogs { get; init; }

    /// <summary>How submissions become scores. Default play.</summary>
    public Judging Judging { get; init; }

    /// <summary>Whether teams submit files instead of images. Default false.</summary>
    public bool TakesFiles { get; init; }

    /// <summary>The environment's image, or the image that runs the host's script; where it is needed a phase takes no submissions until it has one.</summary>
    public string? EnvironmentImage { get; init; }

    /// <summary>The annotations as the configuration names them; only a host's script uses them.</summary>
    public string? TestAnnotationFile { get; init; }

    /// <summary>Where the annotations are inside the bundle; null when they are not there.</summary>
    public string? AnnotationPath { get; init; }

    /// <summary>When not empty, only these addresses may submit.</summary>
    public IReadOnlyList<string> AllowedEmailIds { get; init; } = [];

    /// <summary>Endings of the files that may be submitted; see <see cref="FileTypes"/>. Default <c>.json, .zip, .txt, .tsv, .gz, .csv, .h5, .npy</c>.</summary>
    public string AllowedSubmissionFileTypes { get; init; } = ".json, .zip, .txt, .tsv, .gz, .csv, .h5, .npy";

    /// <summary>How long submitted files are kept. Default <c>keep_forever</c>.</summary>
    public string SubmissionArtifactRetentionPolicy { get; init; } = "keep_forever";

    /// <summary>What a team is asked with a submission.</summary>
    public IReadOnlyList<SubmissionAttribute> SubmissionMetaAttributes { get; init; } = [];

    /// <summary>Which of EvalAI's four usual questions are shown, by name.</summary>
    public IReadOnlyDictionary<string, bool> DefaultSubmissionMetaAttributes { get; init; } = new Dictionary<string, bool>();

    /// <summary>The address given in the file; the server may make its own.</summary>
    public string? Slug { get; init; }

    /// <summary>How Palio plays and scores the phase; null when the environment scores itself, as on EvalAI.</summary>
    public EvaluationDeclaration? Evaluation { get; init; }
}

/// <summary>A question asked with a submission.</summary>
/// <param name="Name">The question; often a whole sentence.</param>
/// <param name="Type">What is answered.</param>
/// <param name="Description">More about it.</param>
/// <param name="IsRequired">Whether it must be answered. Default false.</param>
/// <param name="Options">The choices of radio and checkbox; else empty.</param>
public sealed record SubmissionAttribute(
    string Name, SubmissionAttributeType Type, string Description, bool IsRequired, IReadOnlyList<string> Options);

/// <summary>What is answered to a question.</summary>
public enum SubmissionAttributeType
{
    /// <summary>Free text.</summary>
    Text,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>One of the options.</summary>
    Radio,

    /// <summary>Any of the options.</summary>
    Checkbox,
}
