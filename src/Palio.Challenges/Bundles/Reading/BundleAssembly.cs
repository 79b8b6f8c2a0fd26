using Palio.Challenges.Bundles.Schema;
using Palio.Challenges.Bundles.Yaml;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>Puts a bundle together from its files.</summary>
internal sealed class BundleAssembly(BundleFiles files, BundleLimits limits)
{
    private static readonly string[] ConfigNames = ["challenge_config.yaml", "challenge_config.yml"];

    public BundleReading Read()
    {
        var problems = new ProblemList(limits.MaxProblems);
        if (FindConfig(problems) is not { } configPath || !files.TryGet(configPath, out var content))
        {
            return new BundleReading(null, problems.ToArray());
        }

        var context = new BundleContext(files, limits, configPath);
        if (YamlDocument.Read(configPath, content, limits, context.Problems) is not { } map)
        {
            return new BundleReading(null, context.Problems.ToArray());
        }

        var bundle = Assemble(new Section(context, map, ChallengeKeys.Table, ""));
        return new BundleReading(context.Problems.HasErrors ? null : bundle, context.Problems.ToArray());
    }

    private static ChallengeBundle Assemble(Section root)
    {
        var context = root.Context;
        var challenge = ChallengePart.Read(root);
        var parts = new BundleParts(
            root,
            challenge,
            [.. root.Children("leaderboard").Select(LeaderboardPart.Read)],
            [.. root.Children("challenge_phases").Select(section => PhasePart.Read(section, challenge))],
            [.. root.Children("dataset_splits").Select(SplitPart.ReadDatasetSplit)],
            [.. root.Children("challenge_phase_splits").Select(SplitPart.ReadPhaseSplit)]);
        parts = parts.Judged();
        ReferenceChecks.Check(parts);
        MeaningChecks.Check(parts);
        ScriptChecks.Check(parts);
        EvaluationChecks.Check(parts);
        ReportUnused(root);
        return new ChallengeBundle
        {
            ConfigPath = context.ConfigPath,
            Digest = context.Files.Digest(),
            Places = new BundlePlaces(context.ConfigPath, root.Map),
            Challenge = parts.CodeUpload,
            Leaderboards = parts.Leaderboards.Values(),
            Phases = parts.Phases.Values(),
            DatasetSplits = parts.DatasetSplits.Values(),
            PhaseSplits = [.. parts.PhaseSplits.Values().Distinct()],
        };
    }

    private static void ReportUnused(Section root)
    {
        if (root.Context.Unused is { Count: > 0 } unused)
        {
            root.Warning(
                unused[0],
                $"Settings of EvalAI's AWS workers are not used: {string.Join(", ", unused)}.",
                "Remove them. What a phase's containers may use stands in its evaluation block, under resources.");
        }
    }

    /// <summary>The configuration at the bundle's root, else the only one in a folder, else the only YAML file at the root.</summary>
    private string? FindConfig(ProblemList problems)
    {
        string[] named = [.. files.Paths.Where(path => ConfigNames.Contains(path[(path.LastIndexOf('/') + 1)..]))];
        var depth = named.Length == 0 ? 0 : named.Min(path => path.Count(c => c == '/'));
        named = [.. named.Where(path => path.Count(c => c == '/') == depth)];
        string[] candidates = named.Length > 0 ? named : [.. files.Paths.Where(path =>
            !path.Contains('/', StringComparison.Ordinal) && (path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal)))];
        switch (candidates.Length)
        {
            case 1:
                return candidates[0];
            case 0:
                problems.Error("", "There is no challenge_config.yaml in the bundle.", "Put it at the top of the folder or archive.");
                return null;
            default:
                problems.Error("", $"There is more than one configuration: {string.Join(", ", candidates.Take(5))}.", "Keep one challenge_config.yaml.");
                return null;
        }
    }
}

/// <summary>A declaration and the section it was read from, to report at.</summary>
internal readonly record struct Read<T>(Section Section, T Value);

/// <summary>All that was read, before it is known to fit together.</summary>
internal sealed record BundleParts(
    Section Root,
    ChallengeDeclaration Challenge,
    IReadOnlyList<Read<LeaderboardDeclaration>> Leaderboards,
    IReadOnlyList<Read<PhaseDeclaration>> Phases,
    IReadOnlyList<Read<DatasetSplitDeclaration>> DatasetSplits,
    IReadOnlyList<Read<PhaseSplitDeclaration>> PhaseSplits)
{
    /// <summary>Whether the file asks for something that only play has.</summary>
    public bool MeansCodeUpload => Phases.Any(phase => phase.Section.Has("environment_image") || ScriptChecks.PlayKeys(phase.Section).Count > 0);

    /// <summary>The challenge, as code upload when the file means that.</summary>
    public ChallengeDeclaration CodeUpload => MeansCodeUpload && !Challenge.IsCodeUpload ? Challenge with { IsDockerBased = true } : Challenge;

    /// <summary>The same with each phase's way of judging, which only all parts together tell.</summary>
    public BundleParts Judged()
    {
        var challenge = CodeUpload;
        return this with
        {
            Phases = [.. Phases.Select(phase => phase with { Value = Judged(phase.Value, JudgingOf(phase.Value, challenge), challenge) })],
        };
    }

    private static PhaseDeclaration Judged(PhaseDeclaration phase, Judging judging, ChallengeDeclaration challenge) => phase with
    {
        Judging = judging,
        TakesFiles = !challenge.IsCodeUpload,
        Evaluation = phase.Evaluation ?? EvaluationPart.Defaults(challenge),
        EnvironmentImage = judging is Judging.Script or Judging.StaticCode ? phase.Evaluation?.Image ?? phase.EnvironmentImage : phase.EnvironmentImage,
    };

    private static Judging JudgingOf(PhaseDeclaration phase, ChallengeDeclaration challenge) =>
        challenge.IsStaticDatasetCodeUpload ? JudgingOfStaticCode(phase, challenge)
        : challenge.IsCodeUpload ? JudgingOfImages(phase, challenge)
        : challenge.RemoteEvaluation ? Judging.Remote
        : Judging.Script;

    // A host with workers of their own, and nothing here to score with, runs the images there.
    private static Judging JudgingOfStaticCode(PhaseDeclaration phase, ChallengeDeclaration challenge) =>
        challenge is { RemoteEvaluation: true, EvaluationScript: null } && phase is { EnvironmentImage: null, Evaluation: null or { Image: null } }
            ? Judging.Remote : Judging.StaticCode;

    // As on EvalAI an environment scores itself, unless the phase says how Palio does. EvalAI's guide for code upload has hosts write
    // remote_evaluation too: a phase that brings an environment is played here all the same.
    private static Judging JudgingOfImages(PhaseDeclaration phase, ChallengeDeclaration challenge) => phase switch
    {
        { EnvironmentImage: null, Evaluation: null } when challenge.RemoteEvaluation => Judging.Remote,
        { Evaluation.IsScoredByEnvironment: false } => Judging.Play,
        _ => Judging.Environment,
    };
}

/// <summary>Taking declarations out of what was read.</summary>
internal static class ReadLists
{
    public static T[] Values<T>(this IEnumerable<Read<T>> reads) => [.. reads.Select(read => read.Value)];
}
