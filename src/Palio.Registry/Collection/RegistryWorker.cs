using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Takes up the unfinished uploads before the first request, then runs the collector and the check of what is stored.</summary>
internal sealed partial class RegistryWorker(
    UploadSessions sessions, RegistryCollector collector, BlobCheck check, IOptions<RegistryOptions> options, TimeProvider time, ILogger<RegistryWorker> logger)
    : BackgroundService
{
    // Counts from the start, not from the moment the loop gets its turn.
    private readonly PeriodicTimer _timer = new(options.Value.CollectionInterval, time);

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
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await collector.CollectAsync(stoppingToken);
                await check.RunAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogFailed(exception); // the next round tries again
            }
        }
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The registry's collection or check failed")]
    private partial void LogFailed(Exception exception);
}
