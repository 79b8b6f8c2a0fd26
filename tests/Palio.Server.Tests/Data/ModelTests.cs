using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;

namespace Palio.Server.Tests.Data;

public sealed class ModelTests
{
    [Fact]
    public void Migrations_OfBothDatabases_AreUpToDate()
    {
        using var sqlite = new SqliteDesignTimeFactory().CreateDbContext([]);
        using var postgres = new PostgresDesignTimeFactory().CreateDbContext([]);
        Assert.False(sqlite.Database.HasPendingModelChanges());
        Assert.False(postgres.Database.HasPendingModelChanges());
    }
}
