using System.Text;
using Palio.Challenges.Bundles;

namespace Palio.Challenges.Tests.Bundles;

/// <summary>A small bundle without a single problem, and ways to break it.</summary>
internal static class Sample
{
    public const string Config = """
        title: CartPole
        short_description: Keep the pole up
        description: templates/description.html
        evaluation_details: templates/evaluation.md
        terms_and_conditions: templates/terms.html
        submission_guidelines: templates/guidelines.html
        image: logo.png
        is_docker_based: True
        start_date: 2026-01-01 00:00:00
        end_date: 2027-01-01 00:00:00
        published: True

        leaderboard:
          - id: 1
            schema:
              labels: [score, length]
              default_order_by: score

        challenge_phases:
          - id: 1
            name: Dev
            description: templates/phase.html
            codename: dev
            is_public: True
            start_date: 2026-02-01 00:00:00
            end_date: 2026-12-01 00:00:00
            max_submissions: 100
            max_submissions_per_day: 10
            environment_image: cartpole/host/environment:1
            evaluation:
              episodes: 100
              seeds: hidden
              max_steps: 500
              step_time_limit: 100ms
              time_bank: 10s
              slots: 1
              on_failure: {score: 0}
              resources: {agent: {cpus: 1, memory: 1GiB}, environment: {cpus: 1, memory: 1GiB}}
              metrics:
                score: {from: return, aggregate: mean}
                length: {from: steps, aggregate: median}

        dataset_splits:
          - id: 1
            name: Seeds
            codename: seeds

        challenge_phase_splits:
          - challenge_phase_id: 1
            leaderboard_id: 1
            dataset_split_id: 1
            visibility: 3
            leaderboard_decimal_precision: 2
            is_leaderboard_order_descending: True
        """;

    // Signature, chunk length and type, then 9 by 9 pixels.
    public static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 9, 0, 0, 0, 9];

    public static Dictionary<string, ReadOnlyMemory<byte>> Files(string config) => new()
    {
        ["challenge_config.yaml"] = Encoding.UTF8.GetBytes(config),
        ["logo.png"] = Png,
        ["templates/description.html"] = "<p>CartPole</p>"u8.ToArray(),
        ["templates/evaluation.md"] = "# Evaluation"u8.ToArray(),
        ["templates/terms.html"] = "<p>Terms</p>"u8.ToArray(),
        ["templates/guidelines.html"] = "<p>Push</p>"u8.ToArray(),
        ["templates/phase.html"] = "<p>Dev</p>"u8.ToArray(),
    };

    public static BundleReading Read(string config) => Read(Files(config));

    public static BundleReading Read(Dictionary<string, ReadOnlyMemory<byte>> files)
    {
        var reading = BundleFiles.Create(files);
        Assert.Empty(reading.Problems);
        return BundleReader.Read(reading.Files!);
    }

    /// <summary>The sample with one text replaced, which must be there.</summary>
    public static string With(string old, string replacement)
    {
        var config = Config.ReplaceLineEndings("\n");
        Assert.Contains(old, config, StringComparison.Ordinal);
        return config.Replace(old, replacement, StringComparison.Ordinal);
    }

    public static BundleReading ReadWith(string old, string replacement) => Read(With(old, replacement));

    /// <summary>The declaration of the sample's phase, with one text replaced.</summary>
    public static EvaluationDeclaration EvaluationWith(string old, string replacement)
    {
        var reading = ReadWith(old, replacement);
        Assert.False(reading.HasErrors, string.Join('\n', reading.Problems));
        return reading.Bundle!.Phases[0].Evaluation!;
    }

    /// <summary>The declaration of the sample's phase with another block, and a board of <c>score</c> alone.</summary>
    public static EvaluationDeclaration EvaluationOf(string block)
    {
        var config = With("labels: [score, length]", "labels: [score]");
        var (from, to) = (config.IndexOf("    evaluation:\n", StringComparison.Ordinal), config.IndexOf("dataset_splits:", StringComparison.Ordinal));
        var reading = Read($"{config[..from]}    evaluation:\n      {block}\n\n{config[to..]}");
        Assert.False(reading.HasErrors, string.Join('\n', reading.Problems));
        return reading.Bundle!.Phases[0].Evaluation!;
    }
}
