using System.Text;
using Palio.Challenges.Bundles;

namespace Palio.Challenges.Tests.Bundles;

public sealed class BundleReaderTests
{
    [Fact]
    public void Read_SoundBundle_HasNoProblemAtAll()
    {
        var reading = Sample.Read(Sample.Config);

        Assert.Empty(reading.Problems);
        Assert.Equal("CartPole", reading.Bundle!.Challenge.Title);
    }

    [Fact]
    public void Read_SoundBundle_FillsInEverything()
    {
        var bundle = Sample.Read(Sample.Config).Bundle!;

        Assert.Equal(new BundlePage("templates/evaluation.md", PageFormat.Markdown, "# Evaluation"), bundle.Challenge.EvaluationDetails);
        Assert.Equal(new BundleImage("logo.png", "image/png"), bundle.Challenge.Image);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), bundle.Challenge.StartDate);
        Assert.True(bundle.Challenge is { IsDockerBased: true, Published: true, IsRegistrationOpen: true, EnableForum: true });
        Assert.Equal(40L << 30, bundle.Challenge.MaxDockerImageSize);
        var phase = Assert.Single(bundle.Phases);
        Assert.Equal((100, 100, 10, 3), (phase.MaxSubmissions, phase.MaxSubmissionsPerMonth, phase.MaxSubmissionsPerDay, phase.MaxConcurrentSubmissionsAllowed));
        Assert.Equal("cartpole/host/environment:1", phase.EnvironmentImage);
        Assert.Equal([1], bundle.Leaderboards.Select(board => board.Id));
        Assert.Equal(["score", "length"], bundle.Leaderboard(1).Labels);
        Assert.Equal(BoardVisibility.Public, Assert.Single(bundle.PhaseSplits).Visibility);
        Assert.Equal("seeds", Assert.Single(bundle.DatasetSplits).Codename);
        Assert.Same(phase, bundle.Phase(1));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Read_AnyLineEnding_IsAccepted(string ending) => Assert.Empty(Sample.Read(Sample.Config.ReplaceLineEndings(ending)).Problems);

    [Fact]
    public void Read_ByteOrderMark_IsAccepted()
    {
        var files = Sample.Files(Sample.Config);
        files["challenge_config.yaml"] = (byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Sample.Config)];

        Assert.Empty(Sample.Read(files).Problems);
    }

    /// <summary>What real hosts write and EvalAI takes.</summary>
    [Theory]
    [InlineData("image: logo.png", "image : logo.png")]
    [InlineData("title: CartPole", "title: 倒立摆 вызов 🎯")]
    [InlineData("title: CartPole", "title: \"CartPole: again\"")]
    [InlineData("title: CartPole", "# Übersicht 🎯\ntitle: CartPole   # name")]
    [InlineData("published: True", "published: true")]
    [InlineData("published: True", "published: yes")]
    [InlineData("published: True", "published: \"True\"")]
    [InlineData("published: True", "published:")]
    [InlineData("published: True", "tags: []")]
    [InlineData("published: True", "leaderboard_description:")]
    [InlineData("published: True", "category: [rl]")]
    [InlineData("published: True", "remote_evaluation: True\ntags: [rl, control]\ndomain: RL")]
    [InlineData("start_date: 2026-01-01 00:00:00", "start_date: 2026-1-1 0:00:00")]
    [InlineData("start_date: 2026-01-01 00:00:00", "start_date: '2026-01-01 00:00:00'")]
    [InlineData("codename: seeds", "codename: seeds   ")]
    [InlineData("      labels: [score, length]\n      default_order_by: score", "      {\n        \"labels\": [\"score\", \"length\"],\n# here\n        \"default_order_by\": \"score\",\n      }")]
    [InlineData("    max_submissions: 100", "    max_submissions: 100\n    allowed_email_ids: []\n    submission_meta_attributes:\n    is_active: True\n    challenge: 1")]
    [InlineData("    max_submissions: 100", "    max_submissions: 100\n    submission_meta_attributes:\n      - name: Is it \"new\" & good?\n        description:\n        type: text")]
    public void Read_HarmlessForms_GiveNoProblem(string old, string replacement) => Assert.Empty(Sample.ReadWith(old, replacement).Problems);

    [Theory]
    [InlineData("title: CartPole\n", "", "title", "missing")]
    [InlineData("title: CartPole", "title:", "title", "no value")]
    [InlineData("title: CartPole", "title: ''", "title", "empty")]
    [InlineData("title: CartPole", "title: [a]", "title", "found a list")]
    [InlineData("codename: dev", "codename: {a: 1}", "challenge_phases[0].codename", "found keys and values")]
    [InlineData("  - id: 1\n    name: Dev", "  - id: main\n    name: Dev", "challenge_phases[0].id", "found 'main'")]
    [InlineData("max_submissions: 100", "max_submissions: 0x10", "challenge_phases[0].max_submissions", "found '0x10'")]
    [InlineData("max_submissions: 100", "max_submissions: 1e3", "challenge_phases[0].max_submissions", "found '1e3'")]
    [InlineData("max_submissions: 100", "max_submissions: 010", "challenge_phases[0].max_submissions", "found '010'")]
    [InlineData("max_submissions: 100", "max_submissions: -5", "challenge_phases[0].max_submissions", "out of range")]
    [InlineData("max_submissions: 100", "max_submissions: 99999999999999999999999999999999", "challenge_phases[0].max_submissions", "out of range")]
    [InlineData("published: True", "published: maybe", "published", "true or false")]
    [InlineData("published: True", "published: 1", "published", "true or false")]
    [InlineData("end_date: 2027-01-01 00:00:00", "end_date: 2026-02-30 00:00:00", "end_date", "February 2026 has 28 days")]
    [InlineData("end_date: 2027-01-01 00:00:00", "end_date: 1 May 2024 noon", "end_date", "Cannot read")]
    [InlineData("end_date: 2027-01-01 00:00:00", "end_date: 2025-01-01 00:00:00", "end_date", "not after start_date")]
    [InlineData("end_date: 2026-12-01 00:00:00", "end_date: 2026-01-15 00:00:00", "challenge_phases[0].end_date", "not after start_date")]
    [InlineData("description: templates/description.html", "description: https://example.org/x.html", "description", "found a web address")]
    [InlineData("description: templates/description.html", "description: All about it", "description", "expected a path")]
    [InlineData("description: templates/description.html", "description: templates/descripton.html", "description", "not in the bundle")]
    [InlineData("description: templates/description.html", "description: ../secret.html", "description", "leads out of the bundle")]
    [InlineData("description: templates/description.html", "description: /etc/secret.html", "description", "leads out of the bundle")]
    [InlineData("default_order_by: score", "default_order_by: Scores", "leaderboard[0].schema.default_order_by", "not one of its labels")]
    [InlineData("labels: [score, length]", "labels: []", "leaderboard[0].schema.labels", "no columns")]
    [InlineData("labels: [score, length]", "labels: [score, score]", "leaderboard[0].schema.labels", "there twice")]
    [InlineData("labels: [score, length]", "labels: [score, lenght]", "leaderboard[0].schema.labels", "no metric of phase 1 (dev)")]
    [InlineData("challenge_phase_id: 1", "challenge_phase_id: 7", "challenge_phase_splits[0].challenge_phase_id", "does not exist")]
    [InlineData("leaderboard_id: 1", "leaderboard_id: 7", "challenge_phase_splits[0].leaderboard_id", "does not exist")]
    [InlineData("dataset_split_id: 1", "dataset_split_id: 7", "challenge_phase_splits[0].dataset_split_id", "does not exist")]
    [InlineData("visibility: 3", "visibility: 4", "challenge_phase_splits[0].visibility", "out of range")]
    [InlineData("environment_image: cartpole/host/environment:1", "environment_image: CartPole/Host:1", "challenge_phases[0].environment_image", "not an image's name")]
    [InlineData("environment_image: cartpole/host/environment:1", "environment_image: <image>", "challenge_phases[0].environment_image", "not an image's name")]
    [InlineData("published: True", "forum_url: javascript:alert(1)", "forum_url", "not a web address")]
    [InlineData("published: True", "allowed_email_domains: ['not a domain']", "allowed_email_domains", "not a mail domain")]
    [InlineData("published: True", "banned_email_ids: [nobody]", "banned_email_ids", "not an e-mail address")]
    [InlineData("published: True", "prizes: [{rank: 1, amount: 10 EUR}]", "prizes[0].amount", "not an amount")]
    [InlineData("published: True", "prizes: [{rank: 1, amount: 10EUR}, {rank: 1, amount: 5EUR}]", "prizes[1].rank", "two prizes")]
    [InlineData("published: True", "prizes: [{rank: 0, amount: 10EUR}]", "prizes[0].rank", "out of range")]
    [InlineData("published: True", "sponsors: [{name: A}]", "sponsors[0].website", "missing")]
    [InlineData("published: True", "challenge_usage_type: piad", "challenge_usage_type", "did you mean 'paid'")]
    public void Read_WrongValue_IsAnErrorWithItsPath(string old, string replacement, string path, string message)
    {
        var reading = Sample.ReadWith(old, replacement);

        Assert.Null(reading.Bundle);
        Assert.Contains(reading.Problems, problem =>
            problem.Severity == BundleSeverity.Error
            && problem.Path == path
            && problem.Message.Contains(message, StringComparison.OrdinalIgnoreCase)
            && problem is { Line: > 0, Column: > 0, File: "challenge_config.yaml", Remedy.Length: > 0 });
    }

    [Theory]
    [InlineData("published: True", "publishd: True", "publishd", "did you mean 'published'")]
    [InlineData("max_submissions: 100", "max_submisions: 100", "challenge_phases[0].max_submisions", "did you mean 'max_submissions'")]
    [InlineData("published: True", "blocked_emails_domains: [example.org]", "blocked_emails_domains", "did you mean 'blocked_email_domains'")]
    [InlineData("visibility: 3", "visibility: 3\n    showeceution_time: True", "challenge_phase_splits[0].showeceution_time", "did you mean 'show_execution_time'")]
    [InlineData("codename: dev", "codename: dev\n    is_docker_based: True", "challenge_phases[0].is_docker_based", "setting of the challenge")]
    [InlineData("codename: dev", "codename: dev\n    leaderboard_id: 1", "challenge_phases[0].leaderboard_id", "not used")]
    [InlineData("codename: dev", "codename: dev\n    max_team_members: 1", "challenge_phases[0].max_team_members", "but of the challenge")]
    [InlineData("published: True", "vidio: x.mp4", "vidio", "Unknown key")]
    [InlineData("published: True", "tags: [a, b, c, d, e]", "tags", "5 tags")]
    [InlineData("published: True", "domain: Robotics", "domain", "left out")]
    [InlineData("published: True", "worker_instance_type: g4dn.xlarge\nvpc_cidr: x", "worker_instance_type", "worker_instance_type, vpc_cidr")]
    [InlineData("image: logo.png", "image: logo.jpg", "image", "not in the bundle")]
    [InlineData("image: logo.png", "image: templates/terms.html", "image", "not a picture")]
    [InlineData("image: logo.png", "evaluation_script: evaluation_script.zip", "evaluation_script", "not in the bundle")]
    [InlineData("is_docker_based: True\n", "", "is_docker_based", "taken as code upload")]
    [InlineData("    environment_image: cartpole/host/environment:1\n", "", "challenge_phases[0].environment_image", "no environment_image")]
    [InlineData("end_date: 2026-12-01 00:00:00", "end_date: 2028-12-01 00:00:00", "challenge_phases[0].end_date", "not inside")]
    [InlineData("end_date: 2027-01-01 00:00:00", "end_date: 2027-01-01", "end_date", "no time of day")]
    [InlineData("    max_submissions: 100\n", "", "challenge_phases[0].max_submissions", "no max_submissions")]
    [InlineData("max_submissions_per_day: 10", "max_submissions_per_day: 1000", "challenge_phases[0].max_submissions_per_day", "more than")]
    [InlineData("    leaderboard_decimal_precision: 2\n", "", "challenge_phase_splits[0].leaderboard_decimal_precision", "2 is taken")]
    [InlineData("dataset_splits:\n", "dataset_splits:\n  - {id: 2, name: Other, codename: other}\n", "dataset_splits[0]", "not used")]
    [InlineData("default_order_by: score", "default_order_by: score\n      metadata: {Score: {sort_ascending: False}}", "leaderboard[0].schema.metadata.Score", "no such label")]
    [InlineData("default_order_by: score", "default_order_by: score\n      metadata: {score: {sort_ascending: False, descripton: x}}", "leaderboard[0].schema.metadata.score.descripton", "did you mean 'description'")]
    [InlineData("codename: dev", "codename: dev\n    default_submission_meta_attributes: [{name: Age, is_visible: True}]", "challenge_phases[0].default_submission_meta_attributes", "names of their own")]
    [InlineData("codename: dev", "codename: dev\n    submission_meta_attributes: [{name: A, type: text, is_visible: True}]", "challenge_phases[0].submission_meta_attributes[0].is_visible", "only default_submission_meta_attributes")]
    public void Read_DoubtfulValue_IsAWarning(string old, string replacement, string path, string message)
    {
        var reading = Sample.ReadWith(old, replacement);

        Assert.NotNull(reading.Bundle);
        Assert.Contains(reading.Problems, problem =>
            problem.Severity == BundleSeverity.Warning && problem.Path == path && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ManyMistakes_ReportsAllOfThemInOrder()
    {
        var config = Sample.With("title: CartPole\n", "")
            .Replace("id: 1\n    name: Dev", "id: x\n    name: Dev", StringComparison.Ordinal)
            .Replace("visibility: 3", "visibility: 9", StringComparison.Ordinal)
            .Replace("step_time_limit: 100ms", "step_time_limit: fast", StringComparison.Ordinal);

        var problems = Sample.Read(config).Problems;

        Assert.Equal(
            ["title", "challenge_phases[0].id", "challenge_phases[0].evaluation.step_time_limit", "challenge_phase_splits[0].visibility"],
            problems.Where(problem => problem.Severity == BundleSeverity.Error).Select(problem => problem.Path));
        Assert.Equal(problems.OrderBy(problem => problem.Line).Select(problem => problem.Line), problems.Select(problem => problem.Line));
    }

    [Fact]
    public void Read_Problem_PointsAtTheValue()
    {
        var problem = Assert.Single(Sample.ReadWith("published: True", "published: maybe").Problems);

        Assert.Equal((11, 12), (problem.Line, problem.Column));
        Assert.Equal("challenge_config.yaml:11:12: error: published: Expected true or false, found 'maybe'. Write true or false.", problem.ToString());
    }

    [Fact]
    public void Read_MisspeltListOfBlockedDomains_IsInForce() =>
        Assert.Equal(["example.org"], Sample.ReadWith("published: True", "blocked_emails_domains: ['@example.org']").Bundle!.Challenge.BlockedEmailDomains);

    [Fact]
    public void Read_MissingFile_SuggestsTheNearest()
    {
        var problem = Assert.Single(Sample.ReadWith("templates/terms.html", "templates/Terms.html").Problems);

        Assert.Equal("Did you mean 'templates/terms.html'?", problem.Remedy);
    }

    [Fact]
    public void Read_ContradictingDirections_RanksByMetadataAndWarns()
    {
        var reading = Sample.ReadWith("default_order_by: score", "default_order_by: score\n      metadata: {score: {sort_ascending: True, description: x}}");

        var problem = Assert.Single(reading.Problems);
        Assert.Equal("challenge_phase_splits[0].is_leaderboard_order_descending", problem.Path);
        Assert.StartsWith("Lowest first is used", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DuplicatePhaseSplit_IsDroppedWhenIdenticalAndRefusedWhenNot()
    {
        const string copy = """


              - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 3, leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
            """;

        var same = Sample.Read(Sample.Config + copy);
        var other = Sample.Read(Sample.Config + copy.Replace("visibility: 3", "visibility: 1", StringComparison.Ordinal));

        Assert.Single(same.Bundle!.PhaseSplits);
        Assert.Equal(BundleSeverity.Warning, Assert.Single(same.Problems).Severity);
        Assert.True(other.HasErrors);
    }

    [Fact]
    public void Read_DuplicateIdsAndCodenames_AreErrors()
    {
        var config = Sample.With("dataset_splits:\n", "dataset_splits:\n  - {id: 1, name: Other, codename: seeds}\n");

        Assert.Equal(
            ["dataset_splits[1].id", "dataset_splits[1].codename"],
            Sample.Read(config).Problems.Where(problem => problem.Severity == BundleSeverity.Error).Select(problem => problem.Path));
    }

    [Theory]
    [InlineData("leaderboard:\n  - id: 1\n    schema:\n      labels: [score, length]\n      default_order_by: score\n", "leaderboard: []\n", "leaderboard")]
    [InlineData("dataset_splits:\n  - id: 1\n    name: Seeds\n    codename: seeds\n", "", "dataset_splits")]
    public void Read_PartMissingOrEmpty_IsAnError(string old, string replacement, string path) =>
        Assert.Contains(Sample.ReadWith(old, replacement).Problems, problem => problem.Path == path && problem.Severity == BundleSeverity.Error);

    [Fact]
    public void Read_PublicAndRestricted_IsAnError() => Assert.True(Sample.ReadWith(
        "codename: dev", "codename: dev\n    is_submission_public: True\n    is_restricted_to_select_one_submission: True").HasErrors);

    [Fact]
    public void Read_ConcurrentLimitAboveDailyLimit_IsCut() =>
        Assert.Equal(2, Sample.ReadWith("max_submissions_per_day: 10", "max_submissions_per_day: 2").Bundle!.Phases[0].MaxConcurrentSubmissionsAllowed);

    [Fact]
    public void Read_SubmissionAttributes_AreTyped()
    {
        var phase = Sample.ReadWith(
            "codename: dev",
            """
            codename: dev
                default_submission_meta_attributes: [{name: method_name, is_visible: False}, {name: project_url}]
                submission_meta_attributes:
                  - {name: Track, type: radio, description: which, options: [A, B], required: True}
                  - {name: Notes, type: text, description: more}
            """).Bundle!.Phases[0];

        Assert.Equal(SubmissionAttributeType.Radio, phase.SubmissionMetaAttributes[0].Type);
        Assert.Equal(["A", "B"], phase.SubmissionMetaAttributes[0].Options);
        Assert.True(phase.SubmissionMetaAttributes[0].IsRequired);
        Assert.False(phase.SubmissionMetaAttributes[1].IsRequired);
        Assert.False(phase.DefaultSubmissionMetaAttributes["method_name"]);
        Assert.True(phase.DefaultSubmissionMetaAttributes["project_url"]);
    }

    [Theory]
    [InlineData("radio")]
    [InlineData("checkbox")]
    public void Read_ChoiceWithoutOptions_IsAnError(string type)
    {
        var reading = Sample.ReadWith("codename: dev", $"codename: dev\n    submission_meta_attributes: [{{name: Track, type: {type}, description: x}}]");

        Assert.Contains("needs a list of options", Assert.Single(reading.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ScriptFolderInsteadOfZip_IsAccepted()
    {
        var files = Sample.Files(Sample.With("image: logo.png", "image: logo.png\nevaluation_script: evaluation_script.zip"));
        files["evaluation_script/__init__.py"] = "pass"u8.ToArray();

        Assert.Empty(Sample.Read(files).Problems);
    }

    [Fact]
    public void Read_ConfigInAFolder_ResolvesPathsFromThere()
    {
        var files = Sample.Files(Sample.Config).ToDictionary(file => "challenge/" + file.Key, file => file.Value);

        var reading = Sample.Read(files);

        Assert.Empty(reading.Problems);
        Assert.Equal("challenge/templates/terms.html", reading.Bundle!.Challenge.TermsAndConditions.Path);
    }

    [Fact]
    public void Read_NoConfigOrTwo_SaysSo()
    {
        var two = Sample.Files(Sample.Config);
        two["challenge_config.yml"] = two["challenge_config.yaml"];

        Assert.Contains("no challenge_config.yaml", Assert.Single(Sample.Read(new Dictionary<string, ReadOnlyMemory<byte>>()).Problems).Message, StringComparison.Ordinal);
        Assert.Contains("more than one", Assert.Single(Sample.Read(two).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PageThatIsTooLongOrNoText_IsAnError()
    {
        var files = Sample.Files(Sample.Config);
        files["templates/terms.html"] = new byte[BundleLimits.Default.MaxPageBytes + 1];
        files["templates/phase.html"] = (byte[])[0x3C, 0xFF];

        Assert.Equal(
            ["terms_and_conditions", "challenge_phases[0].description"],
            Sample.Read(files).Problems.Select(problem => problem.Path));
    }

    [Fact]
    public void Read_HugePicture_IsLeftOut()
    {
        var files = Sample.Files(Sample.Config);
        files["logo.png"] = (byte[])[.. Sample.Png[..16], 0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50];

        var reading = Sample.Read(files);

        Assert.Null(reading.Bundle!.Challenge.Image);
        Assert.Contains("50000 by 50000", Assert.Single(reading.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ThousandsOfMistakes_AreCountedNotListed()
    {
        var keys = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"nonsense_number_{i}: 1\n"));

        var problems = Sample.Read(keys + Sample.Config).Problems;

        Assert.Equal(BundleLimits.Default.MaxProblems + 1, problems.Count);
        Assert.Contains("800 more", problems[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Digest_DependsOnFilesOnly()
    {
        var first = Sample.Read(Sample.Config).Bundle!.Digest;

        Assert.Equal(first, Sample.Read(Sample.Config).Bundle!.Digest);
        Assert.NotEqual(first, Sample.ReadWith("title: CartPole", "title: CartPole 2").Bundle!.Digest);
        Assert.Matches("^sha256:[0-9a-f]{64}$", first);
    }
}
