using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Palio.Server.Data;

namespace Palio.Server.Tests.Data;

public sealed class SqliteCheckpointsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palio-test-");

    [Fact]
    public async Task Look_CarriesTheLogIntoTheFile_AlsoWhileSomebodyWrites()
    {
        var path = Path.Combine(_folder.FullName, "x.db");
        var connection = $"Data Source={path};Pooling=False";
        using var writer = new SqliteConnection(connection);
        writer.Open();
        Execute(writer, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(1000000))");
        var before = new FileInfo(path).Length;
        Execute(writer, "BEGIN IMMEDIATE; INSERT INTO t VALUES (1)");

        await new SqliteCheckpoints(connection, TimeProvider.System, NullLogger<SqliteCheckpoints>.Instance).LookAsync(TestContext.Current.CancellationToken);

        Assert.True(before < 1_000_000, $"{before} bytes were there before");
        Assert.True(new FileInfo(path).Length > 1_000_000);
        Execute(writer, "COMMIT");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
