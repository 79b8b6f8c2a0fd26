using System.Text.RegularExpressions;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>Reads what stands at the top of the configuration.</summary>
internal static partial class ChallengePart
{
    private const int MostTags = 4;

    /// <summary>Stands for what is missing, in a bundle that is refused anyway.</summary>
    public static BundlePage NoPage { get; } = new("", PageFormat.Html, "");

    public static ChallengeDeclaration Read(Section root)
    {
        var (start, end) = (root.Date("start_date"), root.Date("end_date"));
        CheckDates(root, start, end);
        var script = root.Asset("evaluation_script");
        return new ChallengeDeclaration
        {
            Title = root.Text("title") ?? "",
            ShortDescription = root.Text("short_description"),
            Description = root.Page("description") ?? NoPage,
            EvaluationDetails = root.Page("evaluation_details") ?? NoPage,
            TermsAndConditions = root.Page("terms_and_conditions") ?? NoPage,
            SubmissionGuidelines = root.Page("submission_guidelines") ?? NoPage,
            LeaderboardDescription = root.Text("leaderboard_description"),
            Image = root.Image("image"),
            StartDate = start ?? default,
            EndDate = end ?? default,
            Published = root.Flag("published"),
            IsDockerBased = root.Flag("is_docker_based"),
            IsStaticDatasetCodeUpload = root.Flag("is_static_dataset_code_upload"),
            RemoteEvaluation = root.Flag("remote_evaluation"),
            SubmissionTimeLimit = root.IntegerOrNull("submission_time_limit") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MaxDockerImageSize = root.Size("max_docker_image_size"),
            CpuOnlyJobs = root.Flag("cpu_only_jobs"),
            IsRegistrationOpen = root.Flag("is_registration_open"),
            ManualParticipantApproval = root.Flag("manual_participant_approval"),
            RequireCompleteProfile = root.Flag("require_complete_profile"),
            MaxTeamMembers = root.IntegerOrNull("max_team_members"),
            IsSubmissionPaused = root.Flag("is_submission_paused"),
            AllowedEmailDomains = Domains(root, "allowed_email_domains"),
            BlockedEmailDomains = Domains(root, "blocked_email_domains"),
            BannedEmailIds = Emails(root, "banned_email_ids"),
            EnableForum = root.Flag("enable_forum"),
            ForumUrl = WebAddress(root, "forum_url"),
            AnonymousLeaderboard = root.Flag("anonymous_leaderboard"),
            AllowResumingSubmissions = root.Flag("allow_resuming_submissions"),
            AllowHostCancelSubmissions = root.Flag("allow_host_cancel_submissions"),
            AllowCancelRunningSubmissions = root.Flag("allow_cancel_running_submissions"),
            AllowParticipantsResubmissions = root.Flag("allow_participants_resubmissions"),
            Tags = Tags(root),
            Domain = Domain(root),
            ChallengeUsageType = root.Text("challenge_usage_type") ?? "paid",
            Prizes = Prizes(root),
            Sponsors = [.. root.Children("sponsors").Select(sponsor =>
                new SponsorDeclaration(sponsor.Text("name") ?? "", WebAddress(sponsor, "website") ?? ""))],
            EvaluationScript = script?.Written,
            ScriptPath = script?.Path,
            GitHubRepository = root.Text("github_repository"),
            GitHubBranch = root.Text("github_branch"),
            CliVersion = root.Text("cli_version"),
        };
    }

    /// <summary>Reports dates in the wrong order.</summary>
    public static void CheckDates(Section section, DateTimeOffset? start, DateTimeOffset? end)
    {
        if (start >= end)
        {
            section.Error("end_date", "end_date is not after start_date.", "Write a later end_date, or an earlier start_date.");
        }
    }

    /// <summary>E-mail addresses; what is none is reported.</summary>
    public static IReadOnlyList<string> Emails(Section section, string key)
    {
        var emails = section.Texts(key);
        foreach (var email in emails.Where(email => !EmailAddress().IsMatch(email)))
        {
            section.Error(key, $"'{BundlePath.Printable(email)}' is not an e-mail address.", "Write addresses such as name@example.org.");
        }

        return emails;
    }

    private static string[] Domains(Section section, string key)
    {
        string[] domains = [.. section.Texts(key).Select(domain => domain.TrimStart('@', '.'))];
        foreach (var domain in domains.Where(domain => domain.Length > 50 || !DomainName().IsMatch(domain)))
        {
            section.Error(key, $"'{BundlePath.Printable(domain)}' is not a mail domain of at most 50 characters.", "Write domains such as example.org.");
        }

        return domains;
    }

    private static string? WebAddress(Section section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0)
        {
            return text;
        }

        section.Error(key, $"'{BundlePath.Printable(text)}' is not a web address.", "Write it with http:// or https://.");
        return null;
    }

    private static IReadOnlyList<string> Tags(Section root)
    {
        var tags = root.Texts("tags");
        if (tags.Count > MostTags)
        {
            root.Warning("tags", $"There are {tags.Count} tags; EvalAI takes {MostTags}. The first {MostTags} are kept.", "Remove the others.");
        }

        return [.. tags.Where(tag => tag.Length > 0).Distinct().Take(MostTags)];
    }

    private static string? Domain(Section root)
    {
        // An unknown domain is no reason to refuse a challenge: it only sorts it into a list.
        var choices = Schema.ChallengeKeys.Table["domain"].Choices;
        var written = root.Node("domain") is Yaml.YamlText text ? text.Value.Trim() : null;
        if (written is null || choices.Contains(written))
        {
            return written;
        }

        root.Warning("domain", $"'{BundlePath.Printable(written)}' is not a domain; it is left out.", $"Write one of {string.Join(", ", choices)}.");
        return null;
    }

    private static PrizeDeclaration[] Prizes(Section root)
    {
        var (prizes, ranks) = (new List<PrizeDeclaration>(), new HashSet<int>());
        foreach (var section in root.Children("prizes"))
        {
            var (rank, amount) = (section.Integer("rank"), section.Text("amount") ?? "");
            if (rank > 0 && !ranks.Add(rank))
            {
                section.Error("rank", $"Rank {rank} has two prizes.", "Give each rank once.");
            }

            if (amount.Length > 0 && !Amount().IsMatch(amount))
            {
                section.Error("amount", $"'{BundlePath.Printable(amount)}' is not an amount.", "Write digits, at most two decimals, and three capitals: 100.00USD.");
            }

            prizes.Add(new PrizeDeclaration(rank, amount, section.Text("description") ?? ""));
        }

        return [.. prizes.OrderBy(prize => prize.Rank)];
    }

    [GeneratedRegex(@"^\d{1,20}(\.\d{1,2})?[A-Z]{3}\z")]
    private static partial Regex Amount();

    [GeneratedRegex(@"^[^@\s]{1,64}@[^@\s]{1,253}\z")]
    private static partial Regex EmailAddress();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\z")]
    private static partial Regex DomainName();
}
