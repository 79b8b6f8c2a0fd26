using Palio.Challenges.Bundles;
using Palio.Challenges.Seeds;
using Palio.Cli.Publishing;
using Palio.Cli.Session;
using Palio.Protocol.Evaluations;
using PlannedEpisode = Palio.Challenges.Seeds.PlannedEpisode;

namespace Palio.Cli.Playing;

/// <summary>What is played at home: a phase of the challenge this folder is part of; without a challenge, some episodes of anything.</summary>
/// <param name="Folder">The challenge's folder; without a challenge the working folder.</param>
/// <param name="Challenge">The challenge's title; null without a challenge.</param>
/// <param name="Phase">The phase's codename; null without a challenge.</param>
/// <param name="HiddenSeeds">The server plays other seeds than these.</param>
/// <param name="EnvironmentImage">The environment's image as the phase names it.</param>
/// <param name="Declaration">How it is played and scored.</param>
/// <param name="Episodes">The episodes.</param>
internal sealed record LocalPhase(
    string Folder, string? Challenge, string? Phase, bool HiddenSeeds, string? EnvironmentImage, EvaluationDeclaration Declaration, IReadOnlyList<PlannedEpisode> Episodes)
{
    /// <summary>The images are EvalAI's: the environment scores itself.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>The boards that then take its result; none takes any.</summary>
    public IReadOnlyList<LegacyBoard> Boards { get; init; } = [];

    /// <summary>The same for images that turned out to be EvalAI's; null where the phase says how the referee scores.</summary>
    public LocalPhase? AsEvalAis => Declaration.IsScoringOpen && !IsLegacy ? this with { IsLegacy = true, HiddenSeeds = false, Episodes = [] } : null;

    private const string BundleFile = "challenge_config.yaml";
    private const int DefaultEpisodes = 10;
    private const int DefaultMaxSteps = 10_000;
    private const int MostEpisodes = 100_000;

    /// <param name="folder">The working folder; the challenge is looked for here and above.</param>
    /// <param name="phase">Codename; null for the first that is played.</param>
    /// <param name="episodes">How many to play; null for what the phase declares.</param>
    /// <param name="seed">Seed of the first episode, the others count up from it; null for the phase's own.</param>
    /// <param name="legacy">Without a challenge: the images are EvalAI's.</param>
    public static LocalPhase Find(string folder, string? phase, int? episodes, int? seed, bool legacy = false)
    {
        if (episodes is < 1 or > MostEpisodes || seed < 0)
        {
            throw CliException.Usage(seed < 0 ? "--seed cannot be negative." : $"--episodes is from 1 to {MostEpisodes}.");
        }

        if (RootOf(folder) is { } root)
        {
            return OfBundle(root, phase, episodes, seed);
        }

        if (legacy)
        {
            return new LocalPhase(folder, null, phase, false, null, Plain(), []) { IsLegacy = true };
        }

        return phase is null ? Plan(folder, null, null, Plain(), null, episodes, seed)
            : throw CliException.NotFound($"There is no {BundleFile} in {folder} or above it, so there is no phase '{phase}'.", "run it in the challenge's folder, or leave --phase out");
    }

    private static LocalPhase OfBundle(string root, string? phase, int? episodes, int? seed)
    {
        var read = BundleFolder.Read(root);
        var bundle = read.Bundle ?? throw CliException.Invalid($"The challenge in {root} has mistakes: {ProblemListing.Count(read.Problems)}.", $"run: palio challenge validate {root}");
        var chosen = phase is null
            ? bundle.Phases.FirstOrDefault(one => one.Judging is Judging.Play or Judging.Environment)
            : bundle.Phases.FirstOrDefault(one => one.Codename.Equals(phase, StringComparison.OrdinalIgnoreCase));
        if (chosen is { Judging: Judging.Environment, Evaluation: { } limits })
        {
            return OfEvalAi(root, bundle, chosen, limits);
        }

        if (chosen is not { Judging: Judging.Play, Evaluation: { } declaration })
        {
            throw CliException.NotFound(phase is null ? "No phase of the challenge is played." : $"The challenge has no phase '{phase}' that is played.",
                $"phases: {string.Join(", ", bundle.Phases.Select(one => one.Codename))}");
        }

        return Plan(root, bundle.Challenge.Title, chosen.Codename, declaration, chosen.EnvironmentImage, episodes, seed) with { Boards = BoardsOf(bundle, chosen) };
    }

    // Without an evaluation block the environment scores itself, as on EvalAI; episodes and seeds are its own.
    private static LocalPhase OfEvalAi(string root, ChallengeBundle bundle, PhaseDeclaration phase, EvaluationDeclaration limits) =>
        new(root, bundle.Challenge.Title, phase.Codename, false, phase.EnvironmentImage, limits, []) { IsLegacy = true, Boards = BoardsOf(bundle, phase) };

    private static IReadOnlyList<LegacyBoard> BoardsOf(ChallengeBundle bundle, PhaseDeclaration phase) =>
    [
        .. bundle.PhaseSplits.Where(split => split.ChallengePhaseId == phase.Id).GroupBy(split => split.DatasetSplitId).Select(splits => new LegacyBoard(
            bundle.DatasetSplits.First(split => split.Id == splits.Key).Codename,
            [.. splits.SelectMany(split => bundle.Leaderboard(split.LeaderboardId).Labels).Distinct()])),
    ];

    private static LocalPhase Plan(string folder, string? challenge, string? phase, EvaluationDeclaration declared, string? image, int? episodes, int? seed)
    {
        var declaration = episodes is { } count ? declared with { Scenarios = First(declared.Scenarios, count) } : declared;

        // Hidden seeds stay on the server; at home even such a phase is played with the public ones.
        var planned = EpisodePlan.Create(declaration, phase ?? "local", PhaseSecret.Public);
        var hidden = declaration.Seeds is SeedVisibility.Hidden && declaration.Scenarios.Any(scenario => scenario.Seed is null);
        return new LocalPhase(folder, challenge, phase, hidden, image, declaration,
            seed is { } first ? [.. planned.Select(one => one with { Seed = (int)(((long)first + one.Ordinal) & int.MaxValue) })] : planned);
    }

    // The first of the phase's episodes; when more are asked for than there are, its last scenario goes on.
    private static List<ScenarioDeclaration> First(IReadOnlyList<ScenarioDeclaration> scenarios, int count)
    {
        var taken = new List<ScenarioDeclaration>();
        foreach (var scenario in scenarios)
        {
            var part = ReferenceEquals(scenario, scenarios[^1]) ? count : Math.Min(scenario.Episodes, count);
            if (part > 0)
            {
                taken.Add(scenario with { Episodes = part });
            }

            count -= part;
        }

        return taken;
    }

    /// <summary>The challenge's folder that a folder is in; null when it is in none.</summary>
    public static string? RootOf(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, BundleFile)))
            {
                return at.FullName;
            }
        }

        return null;
    }

    private static EvaluationDeclaration Plain() => new()
    {
        Scenarios = [new ScenarioDeclaration { Name = ScenarioDeclaration.DefaultName, Episodes = DefaultEpisodes, Seed = 0 }],
        Seeds = SeedVisibility.Public,
        MaxSteps = DefaultMaxSteps,
        Metrics = [new MetricDeclaration { Name = "score" }],
        IsScoringOpen = true,
    };
}
