using Palio.Challenges.Bundles;
using Palio.Challenges.Seeds;
using Palio.Evaluation.Plans;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;
using PlannedEpisode = Palio.Challenges.Seeds.PlannedEpisode;

namespace Palio.Evaluation.Local;

/// <summary>What is played at home: two programs, and a phase's declaration as the server reads it.</summary>
public sealed record LocalGame
{
    /// <summary>Plays the agent's side.</summary>
    public required LocalProgram Agent { get; init; }

    /// <summary>Plays the environment's side.</summary>
    public required LocalProgram Environment { get; init; }

    /// <summary>Episodes, limits and metrics.</summary>
    public required EvaluationDeclaration Declaration { get; init; }

    /// <summary>The episodes, all of <see cref="EpisodePlan"/> for the declaration, if with other seeds.</summary>
    public required IReadOnlyList<PlannedEpisode> Episodes { get; init; }

    /// <summary>The images are EvalAI's, and the environment scores itself. Both sides must be images then.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>The phase's boards, against which the result of such an environment is held; none takes any.</summary>
    public IReadOnlyList<LegacyBoard> Boards { get; init; } = [];

    /// <summary>The same plan as the server's for these images; a command's part of it has no image.</summary>
    internal PodPlan Plan(string instance, string name) => LocalSweep.Own(PodPlanner.Plan(
        new EvaluationJob
        {
            Lease = new EvaluationLease(0, 0, 0, 0),
            Agent = ImageOf(Agent),
            Environment = ImageOf(Environment),
            AgentLimits = PlayPlan.Limits(Declaration.AgentResources),
            EnvironmentLimits = PlayPlan.Limits(Declaration.EnvironmentResources),
            Plan = IsLegacy ? PlayPlan.NoEpisodes("local") : PlayPlan.Referee("local", Declaration, Episodes),
            Legacy = IsLegacy ? PlayPlan.Legacy(Declaration, (1, 1, 1), ImageOf(Agent).Reference, Boards) : null,
            Runtime = Declaration.Runtime,
            PullSeconds = (int)Declaration.TimeLimits.Pull.TotalSeconds,
            StartSeconds = (int)Declaration.TimeLimits.Start.TotalSeconds,
            DeadlineSeconds = PlayPlan.DeadlineSeconds(Declaration),
        },
        instance,
        name,
        CpuPlacement.Anywhere));

    private static JobImage ImageOf(LocalProgram program) => new(program is ImageProgram image ? image.Reference : "");
}
