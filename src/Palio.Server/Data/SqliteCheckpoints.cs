using Microsoft.Data.Sqlite;
using Palio.Server.Hosting;

namespace Palio.Server.Data;

/// <summary>
/// Carries what was written from SQLite's log into its file, beside the requests. By default the one that fills the log does it, and waits
/// for the disk while it holds the only turn to write: so all others wait with it.
/// </summary>
internal sealed partial class SqliteCheckpoints(string connection, TimeProvider time, ILogger<SqliteCheckpoints> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _log = new SqliteConnectionStringBuilder(connection).DataSource + "-wal";
    private DateTime _carried;

    /// <summary>Carries over what no reader still needs in its place; neither readers nor writers wait for it.</summary>
    public Task LookAsync(CancellationToken cancellationToken)
    {
        var written = File.GetLastWriteTimeUtc(_log);
        return written == _carried ? Task.CompletedTask

            // It waits for the disk, and the pool has no more threads than there are cores.
            : Task.Factory.StartNew(() => Carry(written), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Carry(DateTime written)
    {
        using var sqlite = new SqliteConnection(connection);
        sqlite.Open();
        using var command = sqlite.CreateCommand();
        command.CommandText = "PRAGMA synchronous=NORMAL; PRAGMA wal_checkpoint(PASSIVE)";
        using var answer = command.ExecuteReader();

        // Busy or not, pages in the log, pages of them that are in the file.
        if (answer.Read() && answer.GetInt32(0) == 0 && answer.GetInt32(1) == answer.GetInt32(2))
        {
            _carried = written;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Periodic.RunAsync(Interval, time, LookAsync, LogFailed, stoppingToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "SQLite's log could not be carried into its file; it is tried again")]
    private partial void LogFailed(Exception exception);
}
