using System.Text.RegularExpressions;
using Palio.Challenges.Bundles.Schema;
using Palio.Challenges.Bundles.Yaml;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>Reads a phase's <c>evaluation</c> block.</summary>
internal static partial class EvaluationPart
{
    public static EvaluationDeclaration Read(Section block, ChallengeDeclaration challenge)
    {
        var resources = block.Child("resources");
        var sees = block.Child("agent_sees");
        var dataset = block.Asset("dataset");
        var declaration = new EvaluationDeclaration
        {
            Scenarios = ScenarioPart.Read(block),
            Seeds = block.Text("seeds") == "public" ? SeedVisibility.Public : SeedVisibility.Hidden,
            MaxSteps = block.Integer("max_steps"),
            StepTimeLimit = block.Duration("step_time_limit"),
            TimeBank = block.Duration("time_bank"),
            TimeLimits = TimeLimits(block.Child("time_limits"), challenge),
            Slots = block.Integer("slots"),
            InvalidAction = block.Text("invalid_action") == "clip" ? InvalidActionPolicy.Clip : InvalidActionPolicy.Forfeit,
            AgentResources = Resources(resources?.Child("agent")),
            EnvironmentResources = Resources(resources?.Child("environment")),
            IsScoredByEnvironment = block.Text("scored_by") == "environment",
            IsScoringOpen = !block.Has("scored_by") && !ScriptChecks.KeysOfPlay.Any(block.Has),
            Image = PhasePart.Image(block, "image"),
            Dataset = dataset?.Written,
            DatasetPath = dataset?.Path,
            MaxFileBytes = block.Size("max_file_size"),
            Runtime = Runtime(block),
            Metrics = MetricPart.Read(block),
            RecordSteps = block.Flag("record_steps"),
            AgentSees = sees is null
                ? new AgentVisibility()
                : new AgentVisibility { Reward = sees.Flag("reward"), EpisodeReturn = sees.Flag("return"), Info = sees.Flag("info") },
        };
        CheckSense(block, declaration);
        return declaration;
    }

    /// <summary>What holds where a script scores and the phase says nothing.</summary>
    public static EvaluationDeclaration Defaults(ChallengeDeclaration challenge) =>
        EvaluationDeclaration.Default with { TimeLimits = TimeLimits(null, challenge) };

    private static void CheckSense(Section block, EvaluationDeclaration declaration)
    {
        if (declaration.Slots > declaration.EpisodeCount)
        {
            block.Warning("slots", $"{declaration.Slots} slots play {declaration.EpisodeCount} episodes; the others stay empty.", "Write no more slots than episodes.");
        }

        if (declaration.StepTimeLimit > declaration.TimeLimits.Total)
        {
            block.Warning(
                "step_time_limit",
                $"One step may take {DurationText.Format(declaration.StepTimeLimit)}, the whole evaluation {DurationText.Format(declaration.TimeLimits.Total)}.",
                "Make time_limits.total longer, or steps shorter.");
        }
    }

    private static TimeLimitDeclaration TimeLimits(Section? section, ChallengeDeclaration challenge)
    {
        var total = challenge.SubmissionTimeLimit ?? EvaluationLimits.DefaultTotalTime;
        return section is null ? new TimeLimitDeclaration { Total = total } : new TimeLimitDeclaration
        {
            Pull = section.Duration("pull"),
            Start = section.Duration("start"),
            Hello = section.Duration("hello"),
            Ready = section.Duration("ready"),
            FirstAction = section.Duration("first_action"),
            EnvironmentReset = section.Duration("environment_reset"),
            EnvironmentStep = section.Duration("environment_step"),
            Total = section.DurationOrNull("total") ?? total,
        };
    }

    private static ResourceDeclaration Resources(Section? section)
    {
        if (section is null)
        {
            return new ResourceDeclaration();
        }

        var resources = new ResourceDeclaration
        {
            Cpus = section.Number("cpus"),
            MemoryBytes = section.Size("memory"),
            TmpBytes = section.Size("tmp_size"),
            Pids = section.Integer("pids"),
            Gpus = section.Integer("gpus"),
        };

        // A /tmp that was not asked for shrinks with the memory it is part of.
        if (resources.TmpBytes > resources.MemoryBytes && !section.Has("tmp_size"))
        {
            return resources with { TmpBytes = resources.MemoryBytes / 2 };
        }

        if (resources.TmpBytes > resources.MemoryBytes)
        {
            section.Error("tmp_size", "tmp_size is larger than memory, which it is part of.", "Make it smaller, or memory larger.");
        }

        return resources;
    }

    private static string? Runtime(Section block)
    {
        var runtime = block.Text("runtime");
        if (runtime is null || RuntimeName().IsMatch(runtime))
        {
            return runtime;
        }

        block.Error("runtime", $"'{BundlePath.Printable(runtime)}' is not a runtime's name.", "Write a name that the workers' engine knows, such as runsc.");
        return null;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]*\z")]
    private static partial Regex RuntimeName();
}

/// <summary>Reads <c>episodes</c>.</summary>
internal static partial class ScenarioPart
{
    public static IReadOnlyList<ScenarioDeclaration> Read(Section block)
    {
        var spec = EvaluationKeys.Table["episodes"];
        switch (block.Node("episodes"))
        {
            case null:
                return Plain(EvaluationLimits.DefaultEpisodes);
            case YamlText text:
                return Plain(block.Whole(text, block.PathOf("episodes"), spec) ?? EvaluationLimits.DefaultEpisodes);
            case YamlList { Items.Count: > 0 and <= EvaluationLimits.MaxScenarios } list:
                return Scenarios(block, list, spec);
            case YamlList list:
                block.Error("episodes", $"There are {list.Items.Count} scenarios.", $"Write 1 to {EvaluationLimits.MaxScenarios} of them.");
                return Plain(EvaluationLimits.DefaultEpisodes);
            default:
                block.Error("episodes", "Expected a number or a list of scenarios, found keys and values.", "Write episodes: 100, or a list of '- name: …'.");
                return Plain(EvaluationLimits.DefaultEpisodes);
        }
    }

    private static ScenarioDeclaration[] Plain(int episodes) => [new() { Name = ScenarioDeclaration.DefaultName, Episodes = episodes }];

    private static IReadOnlyList<ScenarioDeclaration> Scenarios(Section block, YamlList list, Key spec)
    {
        var scenarios = new List<ScenarioDeclaration>();
        foreach (var section in block.SectionsOf(list, spec.Children!, block.PathOf("episodes")))
        {
            var name = section.Text("name") ?? "";
            if (name.Length > 0 && !ScenarioName().IsMatch(name))
            {
                section.Error("name", $"'{BundlePath.Printable(name)}' cannot be a scenario's name.", "Write letters, digits, '_', '-' and '.'.");
            }
            else if (name.Length > 0 && scenarios.Any(other => other.Name == name))
            {
                section.Error("name", $"Scenario '{name}' is there twice.", "Give each scenario its own name; 'repeats' plays it several times.");
            }

            scenarios.Add(new ScenarioDeclaration
            {
                Name = name,
                Episodes = section.Integer("repeats"),
                OptionsJson = Options(section),
                Seed = section.IntegerOrNull("seed"),
                Weight = section.Number("weight"),
            });
        }

        var episodes = scenarios.Sum(scenario => (long)scenario.Episodes);
        if (episodes > EvaluationLimits.MaxEpisodes)
        {
            block.Error("episodes", $"The scenarios have {episodes} episodes together.", $"At most {EvaluationLimits.MaxEpisodes} are allowed.");
        }

        if (scenarios.Count > 0 && scenarios.All(scenario => scenario.Weight == 0))
        {
            block.Error("episodes", "All weights are 0, so nothing counts.", "Give at least one scenario a weight above 0.");
        }

        return scenarios.Count > 0 && episodes <= EvaluationLimits.MaxEpisodes ? scenarios : Plain(EvaluationLimits.DefaultEpisodes);
    }

    private static string? Options(Section section)
    {
        if (section.Node("options") is not { } node)
        {
            return null;
        }

        if (node is not YamlMap)
        {
            section.Error("options", "Expected keys and values: the options of Gymnasium's reset are a dictionary.", "Write options: {key: value}.");
            return null;
        }

        var json = YamlJson.Write(node);
        if (json.Length > EvaluationLimits.MaxOptionsLength)
        {
            section.Error("options", $"The options have {json.Length} characters as JSON; at most {EvaluationLimits.MaxOptionsLength} are allowed.", "Put large data into the image.");
            return null;
        }

        return json;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]*\z")]
    private static partial Regex ScenarioName();
}
