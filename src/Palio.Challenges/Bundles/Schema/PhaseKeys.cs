using static Palio.Challenges.Bundles.Schema.ValueKind;

namespace Palio.Challenges.Bundles.Schema;

/// <summary>The keys of a phase.</summary>
internal static class PhaseKeys
{
    public static KeyTable Attribute { get; } = new("a submission attribute",
    [
        new("name", Text, "The question.") { IsRequired = true, Max = 500 },
        new("type", Text, "What is answered.") { IsRequired = true, Choices = ["boolean", "text", "radio", "checkbox"] },
        new("description", Text, "More about it.") { Max = 4_000 },
        new("required", Flag, "Whether it must be answered.") { Default = "false" },
        new("options", Texts, "The choices of radio and checkbox.") { Max = 1_000 },
    ])
    {
        Misplaced = new Dictionary<string, (string, string)>
        {
            ["is_visible"] = ("'is_visible' is not used here: only default_submission_meta_attributes have it.", "Remove it."),
        },
    };

    public static KeyTable DefaultAttribute { get; } = new("a default submission attribute",
    [
        new("name", Text, "method_name, method_description, project_url or publication_url.") { IsRequired = true, Max = 500 },
        new("is_visible", Flag, "Whether it is asked.") { Default = "true" },
        .. new[] { "required", "type", "options", "description" }.Select(name =>
            new Key(name, Other, "Only own attributes have it.") { Use = KeyUse.Quiet }),
    ]);

    public static KeyTable Table { get; } = new("a phase", [.. Own(), .. Limits(), .. Questions(), .. Ignored()])
    {
        Misplaced = new Dictionary<string, (string, string)>
        {
            ["is_docker_based"] = (
                "'is_docker_based' in a phase is not used: it is a setting of the challenge, and decides there whether teams submit images or files.",
                "Move it to the top level of the file."),
            ["dataset_splits"] = ("'dataset_splits' in a phase is not used.", "Join phases and splits in challenge_phase_splits."),
            ["leaderboard_id"] = ("'leaderboard_id' in a phase is not used.", "It belongs in challenge_phase_splits."),
        },
    };

    private static IEnumerable<Key> Own() =>
    [
        new("id", Integer, "Number to refer to it by; keep it when publishing again.") { IsRequired = true, Min = 0, Max = int.MaxValue },
        new("name", Text, "The phase's name.") { IsRequired = true, Max = 100 },
        new("description", Page, "The phase's page.") { IsRequired = true },
        new("codename", Text, "The short name; unique in the challenge.") { IsRequired = true, Max = 100 },
        new("start_date", Date, "From when on it takes submissions.") { IsRequired = true },
        new("end_date", Date, "Until when.") { IsRequired = true },
        new("environment_image", Text, "The environment's image, from any registry; without it the phase takes no submissions.") { Max = 2_128 },
        new("evaluation", Map, "How Palio plays and scores the phase; without it the environment scores itself, as on EvalAI.")
        {
            Children = EvaluationKeys.Table,
        },
        new("leaderboard_public", Flag, "Whether teams may choose to be on the board.") { Default = "false" },
        new("is_public", Flag, "Whether others than the host see the phase.") { Default = "false" },
        new("is_submission_public", Flag, "Whether submissions are public unless their team says otherwise.") { Default = "false" },
        new("is_restricted_to_select_one_submission", Flag, "Whether only one submission of a team may be public.") { Default = "false" },
        new("is_partial_submission_evaluation_enabled", Flag, "Whether partly evaluated submissions are ranked.") { Default = "false" },
        new("is_submission_paused", Flag, "Whether it takes no submissions now.") { Default = "false" },
        new("disable_logs", Flag, "Whether agents' logs are kept from participants.") { Default = "false" },
    ];

    private static IEnumerable<Key> Limits() =>
    [
        new("max_submissions", Integer, "Most submissions of a team.") { Default = "100000", Min = 0, Max = int.MaxValue },
        new("max_submissions_per_day", Integer, "Most submissions of a team on a UTC day.") { Default = "100000", Min = 0, Max = int.MaxValue },
        new("max_submissions_per_month", Integer, "Most submissions of a team in a UTC month. Default: max_submissions.") { Min = 0, Max = int.MaxValue },
        new("max_concurrent_submissions_allowed", Integer, "Most submissions of a team under way at a time; never more than a day's.")
        {
            Default = "3",
            Min = 0,
            Max = int.MaxValue,
        },
        new("allowed_email_ids", Texts, "When not empty, only these addresses may submit.") { Max = 100_000 },
    ];

    private static IEnumerable<Key> Questions() =>
    [
        new("submission_meta_attributes", Maps, "What a team is asked with a submission.") { Children = Attribute, Max = 1_000 },
        new("default_submission_meta_attributes", Maps, "Which of EvalAI's usual four questions are asked.") { Children = DefaultAttribute, Max = 1_000 },
        new("allowed_submission_file_types", Text, "Endings of the files that may be submitted.")
        {
            Default = ".json, .zip, .txt, .tsv, .gz, .csv, .h5, .npy",
            Max = 200,
        },
        new("submission_artifact_retention_policy", Text, "How long submitted files are kept.")
        {
            Default = "keep_forever",
            Choices = ["keep_forever", "days_14", "days_30", "months_3", "months_6", "months_12"],
        },
        new("test_annotation_file", Asset, "The annotations that the evaluation script compares with; code upload does not use them."),
        new("slug", Text, "An address; the server may make its own.") { Max = 198 },
    ];

    private static IEnumerable<Key> Ignored() =>
    [
        new("annotations_uploaded_using_cli", Other, "EvalAI's; not used.") { Use = KeyUse.Quiet },
        new("challenge", Other, "In EvalAI's documentation; read by nobody.") { Use = KeyUse.Quiet },
        new("is_active", Other, "In EvalAI's documentation; read by nobody.") { Use = KeyUse.Quiet },
    ];
}
