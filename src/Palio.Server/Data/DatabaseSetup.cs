using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Storage;

namespace Palio.Server.Data;

internal static class DatabaseSetup
{
    public static void AddPalioDatabase(this IServiceCollection services, DatabaseOptions options, DataFolder data)
    {
        if (options.IsPostgres)
        {
            services.AddDbContext<PalioDbContext, PostgresPalioDbContext>(builder => builder.UseNpgsql(options.ConnectionString));
            return;
        }

        var connection = new SqliteConnectionStringBuilder { DataSource = data["palio.db"], DefaultTimeout = 30 }.ToString();
        var settings = new SqliteConnectionSettings();
        services.AddDbContext<PalioDbContext, SqlitePalioDbContext>(builder => builder.UseSqlite(connection).AddInterceptors(settings));
    }
}
