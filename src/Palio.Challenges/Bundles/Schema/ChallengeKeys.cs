using static Palio.Challenges.Bundles.Schema.ValueKind;

namespace Palio.Challenges.Bundles.Schema;

/// <summary>The keys at the top of the configuration.</summary>
internal static class ChallengeKeys
{
    private static readonly string[] WorkerKeys =
    [
        "job_cpu_cores", "job_memory", "worker_instance_type", "worker_ami_type", "worker_disk_size", "min_worker_instance",
        "max_worker_instance", "desired_worker_instance", "vpc_cidr", "subnet_1_cidr", "subnet_2_cidr", "worker_image_url",
        "worker_python_version", "uses_ec2_worker", "ec2_storage", "ephemeral_storage", "sqs_retention_period", "use_fifo_sqs",
        "evaluation_module_error",
    ];

    private static readonly KeyTable Prize = new("a prize",
    [
        new("rank", Integer, "Place it goes to; each once.") { IsRequired = true, Min = 1, Max = 100_000 },
        new("amount", Text, "Digits, at most two decimals, and three capitals: 100.00USD.") { IsRequired = true, Max = 30 },
        new("description", Text, "What else there is to say.") { Max = 1_000 },
    ]);

    private static readonly KeyTable Sponsor = new("a sponsor",
    [
        new("name", Text, "The name.") { IsRequired = true, Max = 200 },
        new("website", Text, "The address, http or https.") { IsRequired = true, Max = 2_000 },
    ]);

    public static KeyTable Table { get; } = new("the challenge", [.. Pages(), .. Rules(), .. Parts(), .. Unused()]);

    private static IEnumerable<Key> Pages() =>
    [
        new("title", Text, "The challenge's name.") { IsRequired = true, Max = 100 },
        new("short_description", Text, "The text of its card.") { Max = 4_000 },
        new("description", Page, "The overview page.") { IsRequired = true },
        new("evaluation_details", Page, "How submissions are evaluated.") { IsRequired = true, Aliases = ["evaluation_criteria"] },
        new("terms_and_conditions", Page, "What a team accepts when it joins.") { IsRequired = true },
        new("submission_guidelines", Page, "How to submit.") { IsRequired = true },
        new("leaderboard_description", Text, "The note above the board.") { Max = 20_000 },
        new("image", Asset, "The logo: .png, .jpg, .gif or .webp."),
        new("start_date", Date, "From when on the challenge takes part.") { IsRequired = true },
        new("end_date", Date, "Until when.") { IsRequired = true },
        new("published", Flag, "Whether everybody sees it once it is approved.") { Default = "false" },
        new("tags", Texts, "At most four words to find it by.") { Max = 50 },
        new("domain", Text, "What it is about.") { Choices = ["CV", "NLP", "RL", "MM", "AUD", "TAB"] },
        new("prizes", Maps, "Prizes by rank.") { Children = Prize, Max = 100 },
        new("sponsors", Maps, "Sponsors.") { Children = Sponsor, Max = 100 },
        new("enable_forum", Flag, "Whether it has a forum.") { Default = "true" },
        new("forum_url", Text, "A forum elsewhere, http or https.") { Max = 2_000 },
    ];

    private static IEnumerable<Key> Rules() =>
    [
        new("is_docker_based", Flag, "Whether teams submit images; else they submit files, which the evaluation script scores.") { Default = "false" },
        new("is_static_dataset_code_upload", Flag, "Whether the teams' images write a file each, which the evaluation script scores.") { Default = "false" },
        new("remote_evaluation", Flag, "Whether the host's own workers evaluate.") { Default = "false" },
        new("submission_time_limit", Seconds, "Longest evaluation, in seconds.") { Min = 1, Max = 604_800 },
        new("max_docker_image_size", Size, "Largest image of a submission.") { Default = "40GiB", Min = 1 },
        new("cpu_only_jobs", Flag, "Whether agents have no GPU on EvalAI; here a phase's resources say so.") { Default = "false" },
        new("is_registration_open", Flag, "Whether teams may join.") { Default = "true" },
        new("manual_participant_approval", Flag, "Whether the host approves each team before it may submit.") { Default = "false" },
        new("require_complete_profile", Flag, "Whether members need a complete profile to join.") { Default = "false" },
        new("max_team_members", Integer, "Largest team.") { Min = 1, Max = 100_000 },
        new("is_submission_paused", Flag, "Whether no phase takes submissions now.") { Default = "false" },
        new("allowed_email_domains", Texts, "When not empty, every member's address has one of these domains.") { Max = 1_000 },
        new("blocked_email_domains", Texts, "No member's address has one of these domains.") { Max = 1_000, Aliases = ["blocked_emails_domains"] },
        new("banned_email_ids", Texts, "Teams with one of these addresses take no part.") { Max = 10_000 },
        new("anonymous_leaderboard", Flag, "Whether boards hide the teams' names.") { Default = "false" },
        new("allow_resuming_submissions", Flag, "Whether interrupted submissions may be taken up again.") { Default = "false" },
        new("allow_host_cancel_submissions", Flag, "Whether hosts may cancel submissions.") { Default = "false" },
        new("allow_cancel_running_submissions", Flag, "Whether running submissions may be cancelled.") { Default = "false" },
        new("allow_participants_resubmissions", Flag, "Whether teams may have a submission run again.") { Default = "false" },
        new("challenge_usage_type", Text, "EvalAI's account of the challenge.") { Default = "paid", Choices = ["paid", "internal"] },
        new("evaluation_script", Asset, "The script that scores files: a folder or a .zip; code upload does not use it."),
        new("github_repository", Text, "The repository it is published from.") { Max = 1_000 },
        new("github_branch", Text, "The branch it is published from.") { Max = 200 },
        new("cli_version", Text, "EvalAI's hint which command line to install.") { Max = 20 },
    ];

    private static IEnumerable<Key> Parts() =>
    [
        new("leaderboard", Maps, "The boards.") { IsRequired = true, Children = LeaderboardKeys.Board, Max = 100 },
        new("challenge_phases", Maps, "The phases.") { IsRequired = true, Children = PhaseKeys.Table, Max = 100 },
        new("dataset_splits", Maps, "The dataset splits.") { IsRequired = true, Children = LeaderboardKeys.DatasetSplit, Max = 100 },
        new("challenge_phase_splits", Maps, "Which phase is shown on which board for which split.")
        {
            IsRequired = true,
            Children = LeaderboardKeys.PhaseSplit,
            Max = 1_000,
        },
    ];

    private static IEnumerable<Key> Unused() =>
    [
        .. WorkerKeys.Select(name => new Key(name, Other, "EvalAI's AWS workers; not used.") { Use = KeyUse.Unused }),
        new("category", Other, "In EvalAI's stock file; read by nobody.") { Use = KeyUse.Quiet },
        new("categories", Other, "In EvalAI's stock file; read by nobody.") { Use = KeyUse.Quiet },
    ];
}
