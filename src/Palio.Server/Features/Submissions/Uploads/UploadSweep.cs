using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions.Uploads;

/// <summary>Ends uploads that nobody finishes, and removes what is left of those that ended.</summary>
internal sealed partial class UploadSweep(
    IServiceScopeFactory scopes, PartStore parts, ContentStore store, IOptions<ScoringOptions> options, TimeProvider time, ILogger<UploadSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.RemoveStaged();
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Periodic.RunAsync(Interval, time, LookAsync, LogFailed, stoppingToken);

    /// <summary>One look at all uploads.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PalioDbContext>();
        var before = time.GetUtcNow() - options.Value.UploadTime;
        var uploads = parts.Uploads(); // before the rows: the row of each is there by then
        var uploading = await db.Submissions.AsNoTracking().Where(s => s.State == SubmissionState.Uploading).Select(s => new { s.Id, s.Submitted }).ToListAsync(cancellationToken);
        foreach (var late in uploading.Where(s => s.Submitted < before))
        {
            await using var own = scopes.CreateAsyncScope();
            await own.ServiceProvider.GetRequiredService<FileUploads>().AbandonAsync(late.Id, $"The file did not come whole within {options.Value.UploadMinutes} minutes.", cancellationToken);
            LogAbandoned(late.Id);
        }

        var going = uploading.Where(s => s.Submitted >= before).Select(s => s.Id).ToHashSet();
        foreach (var upload in uploads.Where(upload => FileUploads.SubmissionOf(upload) is { } id ? !going.Contains(id) : !(AnnotationUploads.Begun(upload) >= before)))
        {
            parts.Remove(upload);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Submission {Submission} failed: its file did not come whole in time")]
    private partial void LogAbandoned(int submission);

    [LoggerMessage(Level = LogLevel.Error, Message = "Uploads could not be looked at")]
    private partial void LogFailed(Exception exception);
}
