using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Palio.Server.Data;

/// <summary>The embedded database.</summary>
internal sealed class SqlitePalioDbContext(DbContextOptions<SqlitePalioDbContext> options) : PalioDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
    }

    /// <summary>SQLite has no time with offset that could be compared or ordered; ticks can.</summary>
    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}

/// <summary>Settings of every connection. Transactions begin IMMEDIATE (the provider's default), so that readers never upgrade and fail.</summary>
internal sealed class SqliteConnectionSettings : DbConnectionInterceptor
{
    // As a rule the log is carried over by SqliteCheckpoints; 64 MiB of it are a sign that it cannot keep up.
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=16384;";

    // A connection is opened for each query, but SQLite's own stays open in the provider's pool and keeps its settings.
    private readonly ConditionalWeakTable<object, object> _set = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        var sqlite = (SqliteConnection)connection;
        if (sqlite.Handle is not { } handle || !_set.TryAdd(handle, handle))
        {
            return;
        }

        using var command = sqlite.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    // The provider knows no other way than to wait.
    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
