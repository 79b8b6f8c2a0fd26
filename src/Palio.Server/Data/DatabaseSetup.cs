using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Palio.Server.Storage;

namespace Palio.Server.Data;

internal static class DatabaseSetup
{
    public static void AddPalioDatabase(this IServiceCollection services, DatabaseOptions options, DataFolder data)
    {
        var epoch = new WriteEpoch();
        services.AddSingleton(epoch);
        if (options.IsPostgres)
        {
            services.AddDbContextPool<PalioDbContext, PostgresPalioDbContext>(builder => Quiet(builder).UseNpgsql(options.ConnectionString).AddInterceptors(epoch));
            return;
        }

        var connection = new SqliteConnectionStringBuilder { DataSource = data["palio.db"], DefaultTimeout = 30 }.ToString();
        var (settings, turns) = (new SqliteConnectionSettings(), new SqliteTurns());
        services.AddSingleton(_ => turns); // by a factory, so that it is disposed of with the others
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<SqliteCheckpoints>(provider, connection));
        services.AddDbContextPool<PalioDbContext, SqlitePalioDbContext>(builder => Quiet(builder).UseSqlite(connection).AddInterceptors(settings, turns, epoch));
    }

    // A challenge has few phases, and a phase few splits: one query for all is the fastest.
    private static DbContextOptionsBuilder Quiet(DbContextOptionsBuilder builder) =>
        builder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.MultipleCollectionIncludeWarning));
}
