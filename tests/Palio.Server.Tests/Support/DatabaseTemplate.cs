using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;

namespace Palio.Server.Tests.Support;

/// <summary>A migrated database with nothing in it: made once and copied, so that not every test runs all migrations.</summary>
internal static class DatabaseTemplate
{
    private static readonly Lazy<Task<byte[]>> Content = new(MakeAsync);

    public static async Task CopyToAsync(string folder)
    {
        var path = Path.Combine(folder, "palio.db");
        await File.WriteAllBytesAsync(path, await Content.Value, TestContext.Current.CancellationToken);
    }

    // For all tests: not to be cancelled with the one that happens to come first.
    private static async Task<byte[]> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("palio-test-");
        try
        {
            var path = Path.Combine(folder.FullName, "palio.db");
            var options = new DbContextOptionsBuilder<SqlitePalioDbContext>().UseSqlite($"Data Source={path};Pooling=False").Options;
            await using (var db = new SqlitePalioDbContext(options))
            {
                await db.Database.MigrateAsync(CancellationToken.None);
            }

            return await File.ReadAllBytesAsync(path, CancellationToken.None);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
