using Docker.DotNet;
using Microsoft.Extensions.Logging;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Docker;

/// <summary>One pod's life on the engine: images, volumes, containers, play, removal.</summary>
internal sealed partial class DockerPod(
    Engine engine, string refereeImage, PodPlan plan, IPodObserver observer, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(120);
    private readonly Lock _lock = new();
    private readonly List<(string Name, bool SharesNetwork)> _containers = [];
    private double _pullMs;

    /// <summary>Plays; whatever happens, nothing is left on the engine.</summary>
    public async Task<PodOutcome> PlayAsync(CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await OutcomeAsync(cancellationToken).ConfigureAwait(false);
            outcome = outcome with { Timings = outcome.Timings with { PullMs = _pullMs } };
            await observer.EndedAsync(outcome).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            await RemoveAsync().ConfigureAwait(false);
        }
    }

    private async Task<PodOutcome> OutcomeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PodFaultException exception)
        {
            return Ended(exception.Fault, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Ended(null, PodStop.Cancelled);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            return Ended(Fault.Of(FaultCode.PlatformEngine, $"The container engine failed: {EngineFaults.MessageOf(exception)}"), null);
        }
    }

    private async Task<PodOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var (agent, environment) = await PrepareImagesAsync(cancellationToken).ConfigureAwait(false);
        await observer.PreparingAsync("starting the containers", cancellationToken).ConfigureAwait(false);
        var begun = time.GetTimestamp();
        var (parts, policy) = await CreateAsync(agent, environment, cancellationToken).ConfigureAwait(false);
        using var referee = parts.Referee;
        var created = time.GetElapsedTime(begun).TotalMilliseconds;
        var outcome = await new PodSession(plan, referee, parts.Agent, parts.Environment, observer, time, parts.Gate).RunAsync(cancellationToken).ConfigureAwait(false);
        return outcome with { Policy = policy, Timings = outcome.Timings with { StartMs = outcome.Timings.StartMs + created } };
    }

    private async Task<(ImageFacts Agent, ImageFacts Environment)> PrepareImagesAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        using var limit = new TimeLimit(plan.PullLimit, time, cancellationToken);
        var preparation = new ImagePreparation(engine);
        var environment = preparation.PrepareAsync(PodRole.Environment, plan.Environment.Image, Tell, limit.Token);
        var agent = preparation.PrepareAsync(PodRole.Agent, plan.Agent.Image, Tell, limit.Token);
        try
        {
            await Task.WhenAll(environment, agent).ConfigureAwait(false);
            return (await agent.ConfigureAwait(false), await environment.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PodFaultException(Fault.Of(
                FaultCode.PlatformPullFailed, $"The images were not pulled within {plan.PullLimit.TotalSeconds:0} s."));
        }
        finally
        {
            _pullMs = time.GetElapsedTime(begun).TotalMilliseconds;
        }

        void Tell(string detail) => _ = TellAsync(detail);

        async Task TellAsync(string detail)
        {
            try
            {
                await observer.PreparingAsync(detail, limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                // Progress of a pull that is over.
            }
        }
    }

    private async Task<(Parts Parts, PodPolicy Policy)> CreateAsync(ImageFacts agentImage, ImageFacts environmentImage, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(plan.StartLimit, time, cancellationToken);
        try
        {
            await Task.WhenAll(ContainerRequests.Volumes(plan).Select(volume => engine.Client.Volumes.CreateAsync(volume, limit.Token))).ConfigureAwait(false);
            var ours = new ImageFacts(refereeImage, null, []);
            var referee = CreateAsync(plan.Referee, ours, limit.Token);
            var gate = plan.Gate is null ? null : CreateAsync(plan.Gate, ours, limit.Token);
            if (gate is not null)
            {
                // The other two share their namespaces.
                await Task.WhenAll(referee, gate).ConfigureAwait(false);
            }

            var agent = CreateAsync(plan.Agent, agentImage, limit.Token);
            var environment = CreateAsync(plan.Environment, environmentImage, limit.Token);
            await Task.WhenAll(referee, environment, agent).ConfigureAwait(false);
            var policy = PolicyReader.Read(
                engine, plan, (await agent.ConfigureAwait(false)).Inspected, (await environment.ConfigureAwait(false)).Inspected);
            return (new Parts(
                new RefereeContainer(engine, (await referee.ConfigureAwait(false)).Id),
                new ContainerPart(engine, PodRole.Agent, (await agent.ConfigureAwait(false)).Id),
                new ContainerPart(engine, PodRole.Environment, (await environment.ConfigureAwait(false)).Id),
                gate is null ? null : new ContainerPart(engine, PodRole.Gate, (await gate.ConfigureAwait(false)).Id)), policy);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PodFaultException(Fault.Of(
                FaultCode.PlatformEngine, $"The containers were not created within {plan.StartLimit.TotalSeconds:0} s."));
        }
    }

    private async Task<(string Id, global::Docker.DotNet.Models.ContainerInspectResponse Inspected)> CreateAsync(
        ContainerPlan container, ImageFacts image, CancellationToken cancellationToken)
    {
        try
        {
            var request = ContainerRequests.Container(plan, container, image, engine.IsPodman);
            lock (_lock)
            {
                // Before the answer: a request that is cut off may still be carried out.
                _containers.Add((request.Name!, container.Network is not null));
            }

            // Only the time limit cuts it off: the engine would carry it out all the same, and perhaps after the removal.
            using var limit = new TimeLimit(plan.StartLimit, time, CancellationToken.None);
            var created = await engine.Client.Containers.CreateContainerAsync(request, limit.Token).ConfigureAwait(false);
            var inspected = await engine.Client.Containers.InspectContainerAsync(created.ID, cancellationToken).ConfigureAwait(false);
            return PolicyReader.FaultOf(container, inspected) is { } fault ? throw new PodFaultException(fault) : (created.ID, inspected);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException)
        {
            throw new PodFaultException(EngineFaults.OfStart(container.Role, EngineFaults.MessageOf(exception)), exception);
        }
    }

    private async Task RemoveAsync()
    {
        using var limit = new CancellationTokenSource(RemovalLimit, time);
        try
        {
            foreach (var round in _containers.ToLookup(container => container.SharesNetwork).OrderByDescending(round => round.Key))
            {
                // Podman removes no container whose network another one shares.
                await Task.WhenAll(round.Select(container => OrphanSweep.RemoveContainerAsync(engine, container.Name, limit.Token))).ConfigureAwait(false);
            }

            await Task.WhenAll(plan.Referee.Sockets.Select(socket => OrphanSweep.RemoveVolumeAsync(engine, socket.Volume, limit.Token))).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The next start's sweep finds it by its label.
            LogNotRemoved(exception, plan.Name);
        }
    }

    private static PodOutcome Ended(Fault? fault, PodStop? stop) => new()
    {
        NotStarted = fault,
        Stopped = stop,
        Said = RefereeSummary.Nothing,
        Timings = PodTimings.None,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pod {Pod} could not be removed wholly")]
    private partial void LogNotRemoved(Exception exception, string pod);

    private sealed record Parts(RefereeContainer Referee, ContainerPart Agent, ContainerPart Environment, ContainerPart? Gate);
}
