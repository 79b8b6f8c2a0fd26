using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Takes up the unfinished uploads before the first request, then runs the collector.</summary>
internal sealed partial class RegistryWorker(
    UploadSessions sessions, RegistryCollector collector, IOptions<RegistryOptions> options, TimeProvider time, ILogger<RegistryWorker> logger)
    : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(options.Value.DataFolder, "tmp");
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        await sessions.RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CollectionInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await collector.CollectAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogFailed(exception); // the next round tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The registry's collection failed")]
    private partial void LogFailed(Exception exception);
}
