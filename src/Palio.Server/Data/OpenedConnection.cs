using Microsoft.EntityFrameworkCore;

namespace Palio.Server.Data;

/// <summary>
/// A context's connection, open for several queries. What is written meanwhile is committed in a transaction: the turn to write passes with
/// that, else only at the end.
/// </summary>
internal readonly struct OpenedConnection(PalioDbContext db) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await db.Database.CloseConnectionAsync();
}

internal static class OpenedConnections
{
    /// <summary>Opens the connection until the result is disposed of. To open SQLite's costs as much as a small query.</summary>
    public static async Task<OpenedConnection> OpenAsync(this PalioDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        return new OpenedConnection(db);
    }
}
