using Microsoft.Extensions.Options;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Workers;
using Palio.Server.Storage;

namespace Palio.Server.Features.Evaluations;

/// <summary>Runs the worker inside the server. Without an engine the server serves, says why nothing is judged, and tries again.</summary>
internal sealed partial class LocalWorker(
    EvaluationWorker worker, EvaluationWatchdog watchdog, WorkerOptions identity, IOptions<WorkerSettings> settings, TimeProvider time, ILogger<LocalWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan EngineRetry = TimeSpan.FromSeconds(10);

    /// <summary>Why it does not work; null while it does.</summary>
    public string? Trouble { get; private set; } = "The worker has not started yet.";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Value.Enabled)
        {
            Trouble = null;
            return;
        }

        await watchdog.TakeBackFromAsync(identity.Name, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Trouble = null;
                await worker.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (EngineUnavailableException exception)
            {
                Trouble = exception.Message;
                LogNoEngine(exception.Message);
            }
            catch (Exception exception)
            {
                Trouble = "The worker failed; see the server's log.";
                LogFailed(exception);
            }

            await Task.Delay(EngineRetry, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No container engine, nothing is judged: {Reason}")]
    private partial void LogNoEngine(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The worker failed and is started again")]
    private partial void LogFailed(Exception exception);
}

/// <summary>Has a cancelled evaluation looked at now rather than at the next heartbeat.</summary>
internal sealed class WorkerNudge(IServiceProvider services)
{
    // Asked for late: the worker needs the queue, and those who cancel must not need the worker.
    public void Nudge(long evaluation) => services.GetService<EvaluationWorker>()?.Nudge(evaluation);
}

internal static class LocalWorkerSetup
{
    public static void AddLocalWorker(this IServiceCollection services, WorkerSettings settings)
    {
        services.AddSingleton(provider => new WorkerOptions
        {
            Name = $"{Environment.MachineName}-{provider.GetRequiredService<InstanceIdentity>().Id}",
            Instance = provider.GetRequiredService<InstanceIdentity>().Id,
            Capacity = settings.Capacity,
            Engine = settings.Engine,
            RefereePath = settings.RefereePath,
            PlaceOnCores = settings.PlaceOnCores,
        });
        services.AddSingleton<IPodRuntime, Palio.Evaluation.Docker.DockerRuntime>();
        services.AddSingleton<EvaluationWorker>();
        services.AddSingleton<LocalWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<LocalWorker>());
    }
}
