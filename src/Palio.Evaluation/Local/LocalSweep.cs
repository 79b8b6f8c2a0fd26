using Docker.DotNet;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using DockerEngine = Palio.Evaluation.Docker.Engine;

namespace Palio.Evaluation.Local;

/// <summary>What plays at home leave on the engine when they are killed: the next play removes it.</summary>
internal static class LocalSweep
{
    /// <summary>Instance label of plays at home; no server sweeps them.</summary>
    public const string Instance = "local";

    /// <summary>Label with the process that made the object.</summary>
    public const string OwnerLabel = "palio.owner";

    /// <summary>The plan with its objects labelled as this process's.</summary>
    public static PodPlan Own(PodPlan plan) => plan with
    {
        Agent = Own(plan.Agent),
        Environment = Own(plan.Environment),
        Referee = Own(plan.Referee),
        Gate = plan.Gate is null ? null : Own(plan.Gate),
    };

    /// <summary>Removes what belongs to processes that have ended. An engine that does not let us keeps it: play does not depend on it.</summary>
    public static async Task RunAsync(DockerEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            await OrphanSweep.RunAsync(engine, Instance, labels => !IsOrphan(labels), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            // Tried again by the next play.
        }
    }

    private static bool IsOrphan(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(OwnerLabel, out var text) && ProcessOwner.Parse(text) is { } owner && owner.IsGone();

    private static ContainerPlan Own(ContainerPlan plan) =>
        plan with { Labels = new Dictionary<string, string>(plan.Labels) { [OwnerLabel] = ProcessOwner.Current.ToString() } };
}
