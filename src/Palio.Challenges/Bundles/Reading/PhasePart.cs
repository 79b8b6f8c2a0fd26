using System.Text.RegularExpressions;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>Reads phases.</summary>
internal static partial class PhasePart
{
    private static readonly string[] DefaultAttributes = ["method_name", "method_description", "project_url", "publication_url"];

    public static Read<PhaseDeclaration> Read(Section section, ChallengeDeclaration challenge)
    {
        var (start, end) = (section.Date("start_date"), section.Date("end_date"));
        ChallengePart.CheckDates(section, start, end);
        var annotations = section.Asset("test_annotation_file");
        var phase = new PhaseDeclaration
        {
            Id = section.IntegerOrNull("id") ?? SplitPart.NoId,
            Name = section.Text("name") ?? "",
            Description = section.Page("description") ?? ChallengePart.NoPage,
            Codename = section.Text("codename") ?? "",
            StartDate = start ?? default,
            EndDate = end ?? default,
            EnvironmentImage = Image(section, "environment_image"),
            LeaderboardPublic = section.Flag("leaderboard_public"),
            IsPublic = section.Flag("is_public"),
            IsSubmissionPublic = section.Flag("is_submission_public"),
            IsRestrictedToSelectOneSubmission = section.Flag("is_restricted_to_select_one_submission"),
            IsPartialSubmissionEvaluationEnabled = section.Flag("is_partial_submission_evaluation_enabled"),
            IsSubmissionPaused = section.Flag("is_submission_paused"),
            DisableLogs = section.Flag("disable_logs"),
            TestAnnotationFile = annotations?.Written,
            AnnotationPath = annotations?.Path,
            AllowedEmailIds = ChallengePart.Emails(section, "allowed_email_ids"),
            AllowedSubmissionFileTypes = section.Text("allowed_submission_file_types") ?? "",
            SubmissionArtifactRetentionPolicy = section.Text("submission_artifact_retention_policy") ?? "keep_forever",
            SubmissionMetaAttributes = Attributes(section),
            DefaultSubmissionMetaAttributes = DefaultQuestions(section),
            Slug = section.Text("slug"),
            Evaluation = section.Child("evaluation") is { } block ? EvaluationPart.Read(block, challenge) : null,
        };
        if (phase is { IsSubmissionPublic: true, IsRestrictedToSelectOneSubmission: true })
        {
            section.Error(
                "is_restricted_to_select_one_submission",
                "is_submission_public and is_restricted_to_select_one_submission cannot both be true.",
                "Set one of them to false.");
        }

        return new(section, WithLimits(phase, section));
    }

    private static PhaseDeclaration WithLimits(PhaseDeclaration phase, Section section)
    {
        var total = section.Integer("max_submissions");
        var perMonth = section.IntegerOrNull("max_submissions_per_month");
        var perDay = section.Integer("max_submissions_per_day");
        if (!section.Has("max_submissions") && perMonth is null)
        {
            section.Warning("max_submissions", $"The phase has no max_submissions; {total} is taken.", "Write how many submissions a team may make.");
        }

        if (section.Has("max_submissions") && perMonth > total)
        {
            section.Warning("max_submissions_per_month", $"max_submissions_per_month {perMonth} is more than max_submissions {total}.", "The smaller one counts; make them fit.");
        }

        if (section.Has("max_submissions_per_day") && perDay > Math.Min(total, perMonth ?? total))
        {
            section.Warning("max_submissions_per_day", $"max_submissions_per_day {perDay} is more than a team may submit in all or in a month.", "The smaller one counts; make them fit.");
        }

        return phase with
        {
            MaxSubmissions = total,
            MaxSubmissionsPerDay = perDay,
            MaxSubmissionsPerMonth = perMonth ?? total,
            MaxConcurrentSubmissionsAllowed = Math.Min(section.Integer("max_concurrent_submissions_allowed"), perDay),
        };
    }

    /// <summary>An image's name; what is none is reported.</summary>
    public static string? Image(Section section, string key)
    {
        var image = section.Text(key);
        if (image is null || ImageReference().IsMatch(image))
        {
            return image;
        }

        var remedy = ImageReference().IsMatch(image.ToLowerInvariant())
            ? "Write the repository in lower case."
            : "Write registry/repository:tag or registry/repository@sha256:digest.";
        section.Error(key, $"'{BundlePath.Printable(image)}' is not an image's name.", remedy);
        return null;
    }

    private static SubmissionAttribute[] Attributes(Section section)
    {
        var attributes = new List<SubmissionAttribute>();
        foreach (var child in section.Children("submission_meta_attributes"))
        {
            var (name, type, options) = (child.Text("name") ?? "", child.Text("type"), child.Texts("options"));
            if (type is "radio" or "checkbox" && options.Count == 0)
            {
                child.Error("options", $"Attribute '{BundlePath.Printable(name)}': type '{type}' needs a list of options.", "Add options: [\"A\", \"B\"].");
            }

            if (name.Length > 0 && attributes.Any(other => other.Name == name))
            {
                child.Error("name", $"Attribute '{BundlePath.Printable(name)}' is there twice.", "Give each attribute its own name.");
            }

            attributes.Add(new SubmissionAttribute(name, TypeOf(type), child.Text("description") ?? "", child.Flag("required"), options));
        }

        return [.. attributes];
    }

    private static SubmissionAttributeType TypeOf(string? type) => type switch
    {
        "boolean" => SubmissionAttributeType.Boolean,
        "radio" => SubmissionAttributeType.Radio,
        "checkbox" => SubmissionAttributeType.Checkbox,
        _ => SubmissionAttributeType.Text,
    };

    private static Dictionary<string, bool> DefaultQuestions(Section section)
    {
        var (visible, others) = (new Dictionary<string, bool>(), 0);
        foreach (var child in section.Children("default_submission_meta_attributes"))
        {
            var name = child.Text("name") ?? "";
            if (DefaultAttributes.Contains(name))
            {
                visible[name] = child.Flag("is_visible");
                if (!child.Has("is_visible"))
                {
                    child.Warning("is_visible", $"'{name}' says nothing about is_visible; it is asked.", "Write is_visible: True or is_visible: False.");
                }
            }
            else
            {
                others++;
            }
        }

        if (others > 0)
        {
            section.Warning(
                "default_submission_meta_attributes",
                $"{others} entries have names of their own; they are not asked, here as on EvalAI.",
                $"Put own questions in submission_meta_attributes. The names here are {string.Join(", ", DefaultAttributes)}.");
        }

        return visible;
    }

    [GeneratedRegex(
        @"^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*" +
        @"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?\z")]
    private static partial Regex ImageReference();
}
