namespace Palio.Server.EvalAi.Editing;

/// <summary>What a key's value is.</summary>
internal enum EditKind
{
    Text,
    Flag,
    Number,
    Date,
    Json,

    /// <summary>HTML, which the configuration keeps in a file of its own.</summary>
    Page,
}

/// <summary>A key that hosts change by EvalAI's API.</summary>
/// <param name="Name">EvalAI's.</param>
/// <param name="Kind">Its value.</param>
internal sealed record EditableKey(string Name, EditKind Kind)
{
    /// <summary>The configuration's key, where it is another.</summary>
    public string Key { get; init; } = Name;

    /// <summary>The form file that may hold a page.</summary>
    public string? File { get; init; }
}

/// <summary>The keys that hosts change, and what to say of those they do not.</summary>
internal static class EditableKeys
{
    public static readonly IReadOnlyList<EditableKey> Challenge =
    [
        .. Of(EditKind.Text, "title", "short_description", "leaderboard_description", "forum_url", "challenge_usage_type", "cli_version", "domain"),
        .. Of(EditKind.Flag, "published", "is_registration_open", "enable_forum", "anonymous_leaderboard", "require_complete_profile", "manual_participant_approval",
            "remote_evaluation", "is_docker_based", "is_static_dataset_code_upload", "cpu_only_jobs", "allow_resuming_submissions", "allow_host_cancel_submissions",
            "allow_cancel_running_submissions", "allow_participants_resubmissions"),
        .. Of(EditKind.Number, "max_team_members", "submission_time_limit", "max_docker_image_size"),
        .. Of(EditKind.Date, "start_date", "end_date"),
        .. Of(EditKind.Json, "allowed_email_domains", "blocked_email_domains", "banned_email_ids"),
        new("list_tags", EditKind.Json) { Key = "tags" },
        new("description", EditKind.Page) { File = "overview_file" },
        new("terms_and_conditions", EditKind.Page) { File = "terms_and_conditions_file" },
        new("submission_guidelines", EditKind.Page) { File = "submission_guidelines_file" },
        new("evaluation_details", EditKind.Page) { File = "evaluation_criteria_file" },
    ];

    public static readonly IReadOnlyList<EditableKey> Phase =
    [
        .. Of(EditKind.Text, "name", "codename", "environment_image", "allowed_submission_file_types", "submission_artifact_retention_policy"),
        .. Of(EditKind.Flag, "leaderboard_public", "is_public", "is_submission_public", "is_restricted_to_select_one_submission", "is_partial_submission_evaluation_enabled", "disable_logs"),
        .. Of(EditKind.Number, "max_submissions", "max_submissions_per_day", "max_submissions_per_month", "max_concurrent_submissions_allowed"),
        .. Of(EditKind.Date, "start_date", "end_date"),
        .. Of(EditKind.Json, "allowed_email_ids", "submission_meta_attributes", "default_submission_meta_attributes"),
        new("description", EditKind.Page) { File = "phase_description_file" },
    ];

    public static readonly IReadOnlyList<EditableKey> Split =
    [
        .. Of(EditKind.Number, "visibility", "leaderboard_decimal_precision"),
        .. Of(EditKind.Flag, "is_leaderboard_order_descending", "show_leaderboard_by_latest_submission", "show_execution_time", "show_scores_on_leaderboard"),
    ];

    /// <summary>What administrators may change of any challenge.</summary>
    public static readonly IReadOnlyList<string> ForStaff =
    [
        "title", "short_description", "description", "terms_and_conditions", "submission_guidelines", "evaluation_details", "published", "featured", "is_disabled", "start_date", "end_date",
    ];

    private const string NoWorkers = "Palio has no workers of EvalAI's kind. What a phase's containers may use stands in its evaluation block, in the bundle.";

    // Neither asked for nor refused: the server's own, and what follows from other keys.
    private static readonly HashSet<string> Told =
        ["id", "creator", "slug", "is_active", "created_at", "domain_name", "has_prize", "has_sponsors", "is_frozen", "is_approval_requested", "challenge", "config_id", "image",
            "evaluation_module_error", "annotations_uploaded_using_cli", "challenge_phase_name", "dataset_split_name"];

    /// <summary>What to do instead of changing a key here; null for one that is passed over.</summary>
    public static string? Remedy(string key) => key switch
    {
        _ when Told.Contains(key) => null,
        "approved_by_admin" => "The administrator approves challenges.",
        "is_submission_paused" => "Use the address …/pause_submissions/.",
        "queue" => "The queue's name is made once.",
        "github_repository" or "github_branch" => "It is where the challenge is published from: publish it from there.",
        "test_annotation" or "evaluation_script" => "Send it as a file.",
        "challenge_phase" or "dataset_split" or "leaderboard" => "Publish the bundle with another phase split.",
        _ => NoWorkers,
    };

    private static IEnumerable<EditableKey> Of(EditKind kind, params string[] names) => names.Select(name => new EditableKey(name, kind));
}
