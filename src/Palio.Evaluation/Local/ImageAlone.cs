using Palio.Challenges.Bundles;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;
using DockerEngine = Palio.Evaluation.Docker.Engine;

namespace Palio.Evaluation.Local;

/// <summary>One side's image, started by itself in an evaluation's sandbox, beside somebody else's socket: for trying its manners.</summary>
/// <param name="options">Where the engine is.</param>
/// <param name="time">Clock of limits and waits.</param>
public sealed class ImageAlone(WorkerOptions options, TimeProvider time)
{
    private const int LogBytes = 64 * 1024;

    /// <summary>Starts the image, waits for its end and removes the container. Throws <see cref="EngineUnavailableException"/>.</summary>
    /// <param name="side">Which of the two it is.</param>
    /// <param name="image">Its name.</param>
    /// <param name="socketPath">A Unix socket of this machine; its folder is shown to the container, read-only.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    public async Task<AloneOutcome> RunAsync(PodRole side, string image, string socketPath, CancellationToken cancellationToken)
    {
        using var engine = await DockerEngine.ConnectAsync(EngineSocket.Find(options.Engine), CancellationToken.None).ConfigureAwait(false);
        await LocalSweep.RunAsync(engine, CancellationToken.None).ConfigureAwait(false);
        var pod = Plan(side, image);
        var plan = (side is PodRole.Agent ? pod.Agent : pod.Environment) with
        {
            Variables = new Dictionary<string, string>(PodPlanner.SideVariables) { ["PALIO_SOCKET"] = $"{PodPlanner.SideDirectory}/{Path.GetFileName(socketPath)}" },
        };
        var container = new MountedContainer(engine, pod, plan, Path.GetDirectoryName(socketPath)!, time);
        await using (container.ConfigureAwait(false))
        {
            try
            {
                var part = await container.CreateAsync(new Nobody(), cancellationToken).ConfigureAwait(false);
                return await RunAsync(part, cancellationToken).ConfigureAwait(false);
            }
            catch (PodFaultException exception)
            {
                return new AloneOutcome(null, "", exception.Fault);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return new AloneOutcome(null, "", null);
            }
        }
    }

    private static async Task<AloneOutcome> RunAsync(ContainerPart part, CancellationToken cancellationToken)
    {
        await part.StartAsync(cancellationToken).ConfigureAwait(false);
        var killed = false;
        try
        {
            await part.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            killed = true;
            await part.KillAsync(CancellationToken.None).ConfigureAwait(false);
            await part.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        var ending = await part.EndingAsync(killed, CancellationToken.None).ConfigureAwait(false);
        return new AloneOutcome(ending.ExitCode, await part.LogAsync(LogBytes, CancellationToken.None).ConfigureAwait(false), null);
    }

    // The limits are those of a phase that says nothing.
    private static PodPlan Plan(PodRole side, string image)
    {
        var unused = new CommandProgram("", "/");
        var game = new LocalGame
        {
            Agent = side is PodRole.Agent ? new ImageProgram(image) : unused,
            Environment = side is PodRole.Environment ? new ImageProgram(image) : unused,
            Declaration = new EvaluationDeclaration { Scenarios = [], Metrics = [] },
            Episodes = [],
        };
        return game.Plan(LocalSweep.Instance, DockerRuntime.NewName(0));
    }

    private sealed class Nobody : IPodObserver
    {
        public ValueTask PreparingAsync(string detail, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask EventAsync(RefereeEvent refereeEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}

/// <summary>How an image by itself ended.</summary>
/// <param name="ExitCode">The program's exit code; null when it never ran.</param>
/// <param name="Log">Its output, the last bytes of it, safe to show.</param>
/// <param name="Fault">Why it could not be started.</param>
public sealed record AloneOutcome(int? ExitCode, string Log, Fault? Fault);
