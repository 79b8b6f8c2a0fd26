using Palio.Challenges.Bundles.Yaml;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>Checks what only a host's script uses: the script itself, the annotations, and settings that mean nothing to it.</summary>
internal static class ScriptChecks
{
    /// <summary>Keys of an evaluation block that only the referee's play has.</summary>
    public static IReadOnlyList<string> KeysOfPlay { get; } =
    [
        "episodes", "seeds", "max_steps", "step_time_limit", "time_bank", "slots", "invalid_action", "on_failure", "metrics", "record_steps", "agent_sees",
    ];

    private static readonly string[] KeysOfScripts = ["image", "max_file_size", "dataset"];

    /// <summary>Keys of the phase's evaluation block that only play has.</summary>
    public static IReadOnlyList<string> PlayKeys(Section phase) => Keys(phase, KeysOfPlay);

    public static void Check(BundleParts parts)
    {
        // Without a script a phase's own image scores.
        var runsScript = parts.Phases.Any(phase => IsScored(phase.Value) && (parts.Challenge.EvaluationScript is not null || phase.Value.EnvironmentImage is null));
        Script(parts, runsScript);
        foreach (var phase in parts.Phases)
        {
            if (phase.Value.TestAnnotationFile is { } written && phase.Value.AnnotationPath is null)
            {
                phase.Section.ReportMissing("test_annotation_file", written, IsScored(phase.Value));
            }

            Dataset(phase);
            Unused(phase);
        }
    }

    private static bool IsScored(PhaseDeclaration phase) => phase.Judging is Judging.Script or Judging.StaticCode;

    private static void Script(BundleParts parts, bool isRun)
    {
        var (root, written) = (parts.Root, parts.Challenge.EvaluationScript);
        if (written is not null && parts.Challenge.ScriptPath is { } path)
        {
            const string Remedy = "Give a folder with __init__.py or main.py in it, or a .zip of one, with a function evaluate.";
            if (isRun && !path.EndsWith('/') && !path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            {
                root.Error("evaluation_script", $"{BundlePath.Printable(written)} is a single file.", Remedy);
            }
            else if (isRun && ScriptFiles.Find(root.Context.Files, path, root.Context.Limits).Problem is { } problem)
            {
                root.Error("evaluation_script", problem, Remedy);
            }
        }
        else if (written is not null)
        {
            root.ReportMissing("evaluation_script", written, isRun);
        }
        else if (isRun)
        {
            root.Error(
                "evaluation_script", "There is no evaluation_script, and nothing else scores what teams submit.",
                "Add a folder with a function evaluate and write evaluation_script: folder/; or write evaluation: {image: …} into each phase, an image that scores by itself. To have images play instead, write is_docker_based: True.");
        }
    }

    private static void Dataset(Read<PhaseDeclaration> phase)
    {
        if (phase.Value is not { Judging: Judging.StaticCode, Evaluation.Dataset: { } written } || phase.Section.Child("evaluation") is not { } block)
        {
            return;
        }

        if (phase.Value.Evaluation.DatasetPath is not { } path)
        {
            block.ReportMissing("dataset", written, isError: true);
        }
        else if (DatasetFiles.Find(block.Context.Files, path, block.Context.Limits).Problem is { } problem)
        {
            block.Error("dataset", problem, "Give a folder, a .zip or a file of the bundle.");
        }
    }

    private static void Unused(Read<PhaseDeclaration> phase)
    {
        var (wrong, remedy) = phase.Value.Judging switch
        {
            Judging.Play => (Keys(phase.Section, KeysOfScripts), "Remove it; what the phase plays against is its environment_image."),
            Judging.Environment => (Keys(phase.Section, [.. KeysOfPlay, .. KeysOfScripts]), "Remove it: the environment scores itself, as on EvalAI, with episodes and metrics of its own."),
            Judging.Remote => (Keys(phase.Section, [.. KeysOfPlay, "image", "dataset"]), "Remove it: the host's own workers evaluate, as remote_evaluation says."),
            Judging.Script => (Keys(phase.Section, [.. KeysOfPlay, "dataset"]), "Remove it: submitted files are scored, no image runs."),
            _ => (PlayKeys(phase.Section), "Remove it: the evaluation script scores, nothing is played."),
        };
        if (wrong.Count > 0)
        {
            phase.Section.Warning(
                "evaluation", $"phase {phase.Value.Id} ({BundlePath.Printable(phase.Value.Codename)}): not used here: {string.Join(", ", wrong)}.", remedy);
        }
    }

    private static IReadOnlyList<string> Keys(Section phase, IReadOnlyList<string> names) =>
        phase.Node("evaluation") is YamlMap map ? [.. names.Where(name => map.Find(name) is not null)] : [];
}
