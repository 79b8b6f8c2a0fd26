using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Palio.Server.Data;

/// <summary>For <c>dotnet ef migrations add</c>, which needs the model and no database.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqlitePalioDbContext>
{
    public SqlitePalioDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlitePalioDbContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>For <c>dotnet ef migrations add</c>, which needs the model and no database.</summary>
internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresPalioDbContext>
{
    public PostgresPalioDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresPalioDbContext>().UseNpgsql("Host=localhost").Options);
}
