using System.Diagnostics;
using System.Text.Json;
using Docker.DotNet;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;
using DockerEngine = Palio.Evaluation.Docker.Engine;

namespace Palio.Evaluation.Local;

/// <summary>
/// A pod with a command in it: the referee and each command are processes, an image is a container. What referee and session do is
/// what they do for three containers; what no process has is the sandbox and its limits of memory, processors and processes.
/// </summary>
internal sealed class LocalPod(LocalGame game, PodPlan plan, WorkerOptions options, IPodObserver observer, TimeProvider time)
{
    private const string Shell = "/bin/sh";
    private readonly List<ProcessPart> _processes = [];
    private readonly List<MountedContainer> _containers = [];

    /// <summary>Plays; whatever happens, no process, container or socket is left.</summary>
    public async Task<PodOutcome> PlayAsync(CancellationToken cancellationToken)
    {
        var program = RefereeImage.FindProgram(options.RefereePath);
        using var sockets = new SocketFolder();
        using var engine = game.Agent is ImageProgram || game.Environment is ImageProgram
            ? await DockerEngine.ConnectAsync(EngineSocket.Find(options.Engine), cancellationToken).ConfigureAwait(false)
            : null;
        if (engine is not null)
        {
            await LocalSweep.RunAsync(engine, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var agent = await CreateAsync(plan.Agent, game.Agent, sockets, engine, cancellationToken).ConfigureAwait(false);
            var environment = await CreateAsync(plan.Environment, game.Environment, sockets, engine, cancellationToken).ConfigureAwait(false);
            var referee = new RefereeProcess(RefereeStart(program, sockets), plan.LogBytes, time);
            _processes.Add(referee);
            await observer.PreparingAsync("starting", cancellationToken).ConfigureAwait(false);
            return await new PodSession(plan, referee, agent, environment, observer, time).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PodFaultException exception)
        {
            return Ended(exception.Fault, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Ended(null, PodStop.Cancelled);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException)
        {
            return Ended(Fault.Of(FaultCode.PlatformEngine, $"The container engine failed: {EngineFaults.MessageOf(exception)}"), null);
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    private async Task<IPodPart> CreateAsync(
        ContainerPlan side, LocalProgram program, SocketFolder sockets, DockerEngine? engine, CancellationToken cancellationToken)
    {
        if (program is CommandProgram command)
        {
            var process = new ProcessPart(side.Role, CommandStart(command, sockets.Socket(side.Role)), plan.LogBytes, time);
            _processes.Add(process);
            return process;
        }

        // There is an engine as soon as one side is an image.
        var container = new MountedContainer(engine!, plan, side, sockets.Of(side.Role), time);
        _containers.Add(container);
        return await container.CreateAsync(observer, cancellationToken).ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        _processes.ForEach(process => process.Dispose());
        foreach (var container in _containers)
        {
            await container.DisposeAsync().ConfigureAwait(false);
        }
    }

    private ProcessStartInfo RefereeStart(string program, SocketFolder sockets)
    {
        // A file, since one environment variable may hold 128 KiB.
        File.WriteAllBytes(sockets.Plan, JsonSerializer.SerializeToUtf8Bytes(plan.Play, EvaluationJsonContext.Default.RefereePlan));
        var start = ProcessGroup.Start(program, ["play", "--plan", sockets.Plan], sockets.Of(PodRole.Agent));
        start.Environment.Clear();
        start.Environment["PALIO_AGENT_SOCKET"] = sockets.Socket(PodRole.Agent);
        start.Environment["PALIO_ENVIRONMENT_SOCKET"] = sockets.Socket(PodRole.Environment);
        return start;
    }

    private static ProcessStartInfo CommandStart(CommandProgram command, string socket)
    {
        var start = ProcessGroup.Start(Shell, ["-c", command.Line], command.Folder);
        start.Environment["PALIO_SOCKET"] = socket;
        start.Environment["PYTHONUNBUFFERED"] = "1";
        return start;
    }

    private static PodOutcome Ended(Fault? fault, PodStop? stop) => new()
    {
        NotStarted = fault,
        Stopped = stop,
        Said = RefereeSummary.Nothing,
        Timings = PodTimings.None,
    };
}
