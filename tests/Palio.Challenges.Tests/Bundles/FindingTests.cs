using Palio.Challenges.Bundles;

namespace Palio.Challenges.Tests.Bundles;

/// <summary>
/// What is found in hosts' published files, each as the smallest change that brings it about, with the one problem it must give: how
/// much it matters, where, and what is said. The files themselves are other people's work and are not here.
/// </summary>
public sealed class FindingTests
{
    [Fact]
    public void Read_StarterSample_IsScoredByItsScriptWithoutAWord()
    {
        var reading = StarterSample.Read(StarterSample.Config);

        Assert.Empty(reading.Problems);
        var phase = Assert.Single(reading.Bundle!.Phases);
        Assert.Equal((Judging.Script, true, "annotations/berries.json"), (phase.Judging, phase.TakesFiles, phase.AnnotationPath));
        Assert.Equal("evaluation_script/", reading.Bundle.Challenge.ScriptPath);
        Assert.Equal([".json", ".csv"], FileTypes.Parse(phase.AllowedSubmissionFileTypes));
    }

    [Theory]
    [InlineData("SYNTAX", "title: Count the Berries", "title: Berries: Count", 2, "", "a colon inside an unquoted text")]
    [InlineData("SYNTAX", "short_description: \"Counting: how many are there?\"", "short_description: Counting\nhow many are there", 4, "", "continue the text that starts in line 3")]
    [InlineData("SYNTAX", "    codename: berries", "     codename: berries", 36, "", "not valid YAML")]
    [InlineData("SYNTAX", "\"default_order_by\": \"Recall (%)\",", "\"default_order_by\": \"Recall (%)\"", 0, "", "not valid YAML")]
    [InlineData("BAD_DATE", "end_date: \"2027-01-01 23:59:59\"", "end_date: 2026-06-31 23:59:59", 13, "end_date", "June 2026 has 30 days")]
    [InlineData("DATE_TEXT", "start_date: 2026-1-1 0:00:00", "start_date: 1 May 2026 noon", 12, "start_date", "cannot read")]
    [InlineData("DATES_REVERSED", "end_date: 2026-12-01 00:00:00", "end_date: 2026-01-01 00:00:00", 47, "challenge_phases[0].end_date", "not after")]
    [InlineData("DUP_KEY", "published: True", "published: True\ntitle: Again", 15, "title", "second time")]
    [InlineData("MISSING_KEY", "    codename: berries\n", "", 34, "dataset_splits[0].codename", "missing")]
    [InlineData("MISSING_KEY", "dataset_splits:", "splits_of_data:", 2, "dataset_splits", "missing")]
    [InlineData("REF_PHASE", "challenge_phase_id: 2", "challenge_phase_id: 7", 61, "challenge_phase_splits[0].challenge_phase_id", "7 does not exist")]
    [InlineData("REF_LEADERBOARD", "leaderboard_id: 1", "leaderboard_id: 7", 62, "challenge_phase_splits[0].leaderboard_id", "7 does not exist")]
    [InlineData("REF_SPLIT", "dataset_split_id: 4", "dataset_split_id: 7", 63, "challenge_phase_splits[0].dataset_split_id", "7 does not exist")]
    [InlineData("DUP_ID", "    codename: berries", "    codename: berries\n  - {id: 4, name: More, codename: more}", 37, "dataset_splits[1].id", "used twice")]
    [InlineData("DUP_CODENAME", "    codename: berries", "    codename: berries\n  - {id: 5, name: More, codename: berries}", 37, "dataset_splits[1].codename", "'berries' is used by")]
    [InlineData("ORDER_NOT_LABEL", "\"default_order_by\": \"Recall (%)\"", "\"default_order_by\": \"Total\"", 23, "leaderboard[0].schema.default_order_by", "not one of its labels")]
    [InlineData("BAD_ID", "  - id: 1\n    schema", "  - id: main_board\n    schema", 19, "leaderboard[0].id", "found 'main_board'")]
    [InlineData("ATTR_OPTIONS", "submission_meta_attributes:\n    default", "submission_meta_attributes: [{name: Track, type: radio}]\n    default", 54, "challenge_phases[0].submission_meta_attributes[0].options", "needs a list of options")]
    [InlineData("ATTR_TYPE", "submission_meta_attributes:\n    default", "submission_meta_attributes: [{name: Track, type: list}]\n    default", 54, "challenge_phases[0].submission_meta_attributes[0].type", "'list' is not possible")]
    [InlineData("NOT_HTML", "submission_guidelines: templates/about.html", "submission_guidelines: https://example.org/how.html", 8, "submission_guidelines", "found a web address")]
    [InlineData("HTML_MISSING", "submission_guidelines: templates/about.html", "submission_guidelines: templates/abut.html", 8, "submission_guidelines", "not in the bundle")]
    [InlineData("PUBLIC_AND_SINGLE", "is_active: True", "is_submission_public: True\n    is_restricted_to_select_one_submission: True", 46, "challenge_phases[0].is_restricted_to_select_one_submission", "cannot both be true")]
    [InlineData("SCRIPT_NOT_ZIP", "evaluation_script: evaluation_script.zip", "evaluation_script: evaluation_script/main.py", 10, "evaluation_script", "single file")]
    [InlineData("SCRIPT_MISSING", "evaluation_script: evaluation_script.zip", "evaluation_script: script.zip", 10, "evaluation_script", "not in the bundle")]
    [InlineData("SCRIPT_MISSING", "evaluation_script: evaluation_script.zip\n", "", 2, "evaluation_script", "nothing else scores")]
    [InlineData("ANNOTATION_MISSING", "annotations/berries.json", "annotations/bery.json", 48, "challenge_phases[0].test_annotation_file", "not in the bundle")]
    public void Read_AFindingToRefuse_IsRefusedAtItsPlace(string code, string old, string replacement, int line, string path, string message)
    {
        var reading = StarterSample.Read(StarterSample.With(old, replacement));

        Assert.Null(reading.Bundle);
        var problem = Assert.Single(reading.Problems, problem => problem.Severity == BundleSeverity.Error);
        Assert.True(line == 0 || line == problem.Line, $"{code}: {problem}");
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.OrdinalIgnoreCase);
        Assert.True(problem is { Line: > 0, Column: > 0, Remedy.Length: > 0 }, code);
    }

    [Theory]
    [InlineData("MISSING_SPLIT_KEY", "    leaderboard_decimal_precision: 2\n", "", 61, "challenge_phase_splits[0].leaderboard_decimal_precision", "2 is taken")]
    [InlineData("NO_LIMITS", "    max_submissions_per_month: 50\n    max_submissions: 50\n", "", 39, "challenge_phases[0].max_submissions", "no max_submissions")]
    [InlineData("TAGS_OVER_4", "tags: [counting]", "tags: [a, b, c, d, e]", 15, "tags", "5 tags")]
    [InlineData("DOMAIN", "tags: [counting]", "domain: Fruit", 15, "domain", "left out")]
    [InlineData("UNKNOWN_KEY", "is_active: True", "is_docker_based: True", 45, "challenge_phases[0].is_docker_based", "images or files")]
    [InlineData("UNKNOWN_KEY", "tags: [counting]", "blocked_emails_domains: [example.org]", 15, "blocked_emails_domains", "did you mean 'blocked_email_domains'")]
    [InlineData("UNKNOWN_KEY", "tags: [counting]", "is_leaderboard_public: True", 15, "is_leaderboard_public", "Unknown key")]
    [InlineData("UNKNOWN_KEY", "visibility: 3", "visibility: 3\n    showeceution_time: True", 65, "challenge_phase_splits[0].showeceution_time", "did you mean 'show_execution_time'")]
    [InlineData("UNKNOWN_KEY", "is_active: True", "dataset_splits: [4]", 45, "challenge_phases[0].dataset_splits", "not used")]
    [InlineData("ORDER_CONTRADICTION", "\"sort_ascending\": False", "\"sort_ascending\": True", 66, "challenge_phase_splits[0].is_leaderboard_order_descending", "lowest first")]
    [InlineData("PHASE_OUTSIDE", "end_date: 2026-12-01 00:00:00", "end_date: 2099-12-01 00:00:00", 47, "challenge_phases[0].end_date", "not inside")]
    [InlineData("UNUSED", "    codename: berries", "    codename: berries\n  - {id: 5, name: More, codename: more}", 37, "dataset_splits[1]", "not used")]
    [InlineData("LIMITS_INCONSISTENT", "max_submissions_per_day: 5", "max_submissions_per_day: 500", 50, "challenge_phases[0].max_submissions_per_day", "more than")]
    [InlineData("CUSTOM_DEFAULT_ATTR", "- name: method_name", "- name: Age of patients", 56, "challenge_phases[0].default_submission_meta_attributes", "names of their own")]
    [InlineData("ATTR_INCOMPLETE", "\n        is_visible: True", "", 56, "challenge_phases[0].default_submission_meta_attributes[0].is_visible", "it is asked")]
    [InlineData("META_NOT_LABEL", "          \"Recall (%)\": {", "          \"Recall\": {", 26, "leaderboard[0].schema.metadata.Recall", "no such label")]
    [InlineData("IMAGE_MISSING", "image : logo.png", "image : picture.png", 7, "image", "not in the bundle")]
    [InlineData("DUP_PHASE_SPLIT", "challenge_phase_splits:\n", "challenge_phase_splits:\n  - {challenge_phase_id: 2, leaderboard_id: 1, dataset_split_id: 4, visibility: 3, leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}\n", 62, "challenge_phase_splits[1]", "left out")]
    public void Read_AFindingToBear_IsTakenWithAWarningAtItsPlace(string code, string old, string replacement, int line, string path, string message)
    {
        var reading = StarterSample.Read(StarterSample.With(old, replacement));

        Assert.True(reading.Bundle is not null, $"{code}: {string.Join('\n', reading.Problems)}");
        var problem = Assert.Single(reading.Problems);
        Assert.True((line, path) == (problem.Line, problem.Path), $"{code}: {problem}");
        Assert.Contains(message, problem.Message, StringComparison.OrdinalIgnoreCase);
        Assert.True(problem is { Column: > 0, Remedy.Length: > 0 }, code);
    }

    [Theory]
    [InlineData("NULL_LIST", "allowed_email_ids: []", "allowed_email_ids:")]
    [InlineData("NULL_DESCRIPTION", "\"description\": \"Found of all\",", "\"description\": ,")]
    [InlineData("LONG_SUMMARY", "\"Counting: how many are there?\"", "Counting is easy, they say, and then they come back with one berry more or less, and nobody knows which of them it was that was not there before at all")]
    [InlineData("NO_ANNOTATION", "    test_annotation_file: annotations/berries.json # not public\n", "")]
    [InlineData("REMOTE", "evaluation_script: evaluation_script.zip\nremote_evaluation: False", "remote_evaluation: True")]
    public void Read_WhatHostsMayWrite_GivesNoWord(string code, string old, string replacement)
    {
        var reading = StarterSample.Read(StarterSample.With(old, replacement));

        Assert.True(reading.Problems.Count == 0, $"{code}: {string.Join('\n', reading.Problems)}");
    }

    [Fact]
    public void Read_CodeUploadThatNamesItsScriptAndAnnotations_WarnsOfWhatIsNotThere()
    {
        var reading = StarterSample.Read(
            StarterSample.With("remote_evaluation: False", "is_docker_based: True"), files =>
            {
                files.Remove("annotations/berries.json");
                files.Remove("evaluation_script/main.py");
                files.Remove("evaluation_script/__init__.py");
            });

        Assert.NotNull(reading.Bundle);
        Assert.All(reading.Problems, problem => Assert.Equal(BundleSeverity.Warning, problem.Severity));
        Assert.Equal(
            ["evaluation_script", "challenge_phases[0].environment_image", "challenge_phases[0].test_annotation_file"], reading.Problems.Select(problem => problem.Path));
    }

    [Fact]
    public void Read_StaticCodeUpload_IsScoredByTheScriptWhateverItsImage()
    {
        var reading = StarterSample.Read(StarterSample.With("remote_evaluation: False", "is_docker_based: True\nis_static_dataset_code_upload: True"));

        Assert.Empty(reading.Problems);
        Assert.Equal((Judging.StaticCode, false), (reading.Bundle!.Phases[0].Judging, reading.Bundle.Phases[0].TakesFiles));
    }

    [Fact]
    public void Read_EvaluationBlockOfAScoredPhase_GivesItsImageAndSize()
    {
        var scored = StarterSample.Read(StarterSample.With("    codename: season", "    codename: season\n    evaluation: {image: example.org/python:1, max_file_size: 2MiB}"));
        Assert.Empty(scored.Problems);
        Assert.Equal(("example.org/python:1", 2L << 20), (scored.Bundle!.Phases[0].EnvironmentImage, scored.Bundle.Phases[0].Evaluation!.MaxFileBytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_ScriptWithoutEntrance_IsRefusedInFolderAndZip(bool asZip)
    {
        var reading = StarterSample.Read(StarterSample.Config, files =>
        {
            files.Remove("evaluation_script/__init__.py");
            files.Remove("evaluation_script/main.py");
            if (asZip)
            {
                files["evaluation_script.zip"] = Zip("readme.txt");
            }
            else
            {
                files["evaluation_script/readme.txt"] = "x"u8.ToArray();
            }
        });

        var problem = Assert.Single(reading.Problems);
        Assert.Contains("neither __init__.py nor main.py", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main.py")]
    [InlineData("evaluation_script/main.py")]
    public void Read_ScriptAsZip_IsTakenWithOrWithoutItsFolder(string path)
    {
        var files = BundleFiles.Create([KeyValuePair.Create("evaluation_script.zip", (ReadOnlyMemory<byte>)Zip(path))]).Files!;

        var (script, problem) = ScriptFiles.Find(files, "evaluation_script.zip");

        Assert.Null(problem);
        Assert.Equal("main.py", Assert.Single(script!.Files).Key);
    }

    private static byte[] Zip(string path) =>
        BundleArchive.Write(BundleFiles.Create([KeyValuePair.Create(path, (ReadOnlyMemory<byte>)"x"u8.ToArray())]).Files!);

}
