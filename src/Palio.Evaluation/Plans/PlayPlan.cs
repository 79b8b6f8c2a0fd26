using System.Security.Cryptography;
using System.Text.Json;
using Palio.Challenges.Bundles;
using Palio.Protocol.Evaluations;
using PlannedEpisode = Palio.Protocol.Evaluations.PlannedEpisode;

namespace Palio.Evaluation.Plans;

/// <summary>What a phase's declaration means for referee and containers: the one translation, for the server and for local play alike.</summary>
public static class PlayPlan
{
    // Room for what the referee does beside its budgets: writing its last lines, closing.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    /// <summary>The referee's plan.</summary>
    /// <param name="evaluation">Only echoed.</param>
    /// <param name="declaration">The phase's declaration.</param>
    /// <param name="episodes">What is played: all of <see cref="Challenges.Seeds.EpisodePlan"/>, or what is left of it.</param>
    public static RefereePlan Referee(
        string evaluation, EvaluationDeclaration declaration, IEnumerable<Challenges.Seeds.PlannedEpisode> episodes) => new()
    {
        Evaluation = evaluation,
        Episodes = [.. episodes.Select(Episode)],
        MaxSteps = declaration.MaxSteps > 0 ? Math.Min(declaration.MaxSteps, MostSteps) : MostSteps,
        Slots = declaration.Slots,
        Budgets = Budgets(declaration),
        ActionPolicy = declaration.InvalidAction == InvalidActionPolicy.Clip ? ActionPolicy.Clip : ActionPolicy.Forfeit,
        Metrics = [.. declaration.Metrics.Where(metric => metric.IsReportedByEnvironment).Select(metric => metric.From).Distinct()],
        Record = declaration.RecordSteps,
        RevealReturns = declaration.AgentSees.EpisodeReturn,
    };

    /// <summary>The referee's plan where the environment scores itself: no episodes of ours.</summary>
    public static RefereePlan NoEpisodes(string evaluation) => new() { Evaluation = evaluation, Episodes = [], MaxSteps = 1, Budgets = new RefereeBudgets() };

    /// <summary>What an environment made for EvalAI is told, and what its result is held against.</summary>
    /// <param name="declaration">The phase's declaration, or the default one: limits only.</param>
    /// <param name="submission">Numbers of challenge, phase and submission.</param>
    /// <param name="image">The agent's image by name.</param>
    /// <param name="boards">The phase's boards; none takes any result.</param>
    public static LegacyPlan Legacy(
        EvaluationDeclaration declaration, (long Challenge, long Phase, long Submission) submission, string image, IReadOnlyList<LegacyBoard> boards) => new()
    {
        Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)),
        Challenge = submission.Challenge,
        Phase = submission.Phase,
        Submission = submission.Submission,
        Image = image,
        Boards = boards,
        StartMs = Milliseconds(declaration.TimeLimits.Hello + declaration.TimeLimits.Ready),
        TotalMs = Milliseconds(declaration.TimeLimits.Hello + declaration.TimeLimits.Ready + declaration.TimeLimits.Total),
    };

    /// <summary>A container's limits.</summary>
    public static ContainerLimits Limits(ResourceDeclaration resources) => new()
    {
        Cpus = resources.Cpus,
        MemoryBytes = resources.MemoryBytes,
        TmpBytes = resources.TmpBytes,
        Pids = resources.Pids,
        Gpus = resources.Gpus,
    };

    /// <summary>Seconds after which the pod is killed from outside: all of the referee's budgets and some more.</summary>
    public static int DeadlineSeconds(EvaluationDeclaration declaration)
    {
        var limits = declaration.TimeLimits;
        return (int)Math.Ceiling((limits.Hello + limits.Ready + limits.Total + Slack).TotalSeconds);
    }

    // What the protocol can count to; an environment that never ends is cut off there.
    private const int MostSteps = 10_000_000;

    private static PlannedEpisode Episode(Challenges.Seeds.PlannedEpisode episode) => new(
        episode.Ordinal, episode.Seed, episode.Scenario,
        episode.OptionsJson is null ? null : JsonDocument.Parse(episode.OptionsJson).RootElement);

    private static RefereeBudgets Budgets(EvaluationDeclaration declaration)
    {
        var limits = declaration.TimeLimits;
        return new RefereeBudgets
        {
            HelloMs = Milliseconds(limits.Hello),
            ReadyMs = Milliseconds(limits.Ready),
            FirstActionMs = Milliseconds(limits.FirstAction),
            StepMs = Milliseconds(declaration.StepTimeLimit),
            BankMs = Milliseconds(declaration.TimeBank),
            EnvironmentStepMs = Milliseconds(limits.EnvironmentStep > limits.EnvironmentReset ? limits.EnvironmentStep : limits.EnvironmentReset),
            TotalMs = Milliseconds(limits.Total),
        };
    }

    private static int Milliseconds(TimeSpan time) => (int)Math.Min(time.TotalMilliseconds, int.MaxValue);
}
