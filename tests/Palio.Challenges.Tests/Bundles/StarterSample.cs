using System.Text;
using Palio.Challenges.Bundles;

namespace Palio.Challenges.Tests.Bundles;

/// <summary>
/// A prediction-upload challenge in the shape that hosts' files have: CRLF, mappings in flow style over many lines with a comma at their
/// end, a script's folder where a zip is named, no word on docker. Without a single problem, and with ways to break it.
/// </summary>
internal static class StarterSample
{
    public const string Config = """
        # A comment before everything
        title: Count the Berries
        short_description: "Counting: how many are there?"
        description: templates/about.html
        evaluation_details: templates/about.html
        terms_and_conditions: templates/about.html
        image : logo.png
        submission_guidelines: templates/about.html
        leaderboard_description:
        evaluation_script: evaluation_script.zip
        remote_evaluation: False
        start_date: 2026-1-1 0:00:00
        end_date: "2027-01-01 23:59:59"
        published: True
        tags: [counting]
        category: [Other]

        leaderboard:
          - id: 1
            schema:
              {
                "labels": ["Error", "Recall (%)"],
                "default_order_by": "Recall (%)",
        # in the middle, at the edge
                "metadata": {
                  "Recall (%)": {
                    "sort_ascending": False,
                    "description": "Found of all",
                  },
                }
              }

        dataset_splits:
          - id: 4
            name: Berries
            codename: berries

        challenge_phases:
          - id: 2
            name: Season @ 2026
            description: templates/about.html
            leaderboard_public: True
            is_public: True
            challenge: 1
            is_active: True
            start_date: 2026-02-01 00:00:00
            end_date: 2026-12-01 00:00:00
            test_annotation_file: annotations/berries.json # not public
            codename: season
            max_submissions_per_day: 5
            max_submissions_per_month: 50
            max_submissions: 50
            allowed_email_ids: []
            submission_meta_attributes:
            default_submission_meta_attributes:
              - name: method_name
                is_visible: True
            allowed_submission_file_types: ".json, .csv"

        challenge_phase_splits:
          - challenge_phase_id: 2
            leaderboard_id: 1
            dataset_split_id: 4
            visibility: 3
            leaderboard_decimal_precision: 2
            is_leaderboard_order_descending: True
        """;

    public static BundleReading Read(string config, Action<Dictionary<string, ReadOnlyMemory<byte>>>? change = null)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>>
        {
            ["challenge_config.yaml"] = Encoding.UTF8.GetBytes(config.ReplaceLineEndings("\r\n")),
            ["logo.png"] = Sample.Png,
            ["templates/about.html"] = "<p>Berries</p>"u8.ToArray(),
            ["annotations/berries.json"] = "[]"u8.ToArray(),
            ["evaluation_script/__init__.py"] = "from .main import evaluate"u8.ToArray(),
            ["evaluation_script/main.py"] = "def evaluate(*a, **k): pass"u8.ToArray(),
        };
        change?.Invoke(files);
        var made = BundleFiles.Create(files);
        Assert.Empty(made.Problems);
        return BundleReader.Read(made.Files!);
    }

    /// <summary>The sample with one text replaced, which must be there.</summary>
    public static string With(string old, string replacement)
    {
        var config = Config.ReplaceLineEndings("\n");
        Assert.Contains(old, config, StringComparison.Ordinal);
        return config.Replace(old, replacement, StringComparison.Ordinal);
    }
}
