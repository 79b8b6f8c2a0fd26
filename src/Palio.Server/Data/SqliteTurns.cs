using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Palio.Server.Data;

/// <summary>
/// SQLite has one writer. Whoever finds another one writing sleeps in its library, on a thread, for longer and longer, and may be
/// overtaken for ever: fifty at once leave no thread for anything else. So this process's writers take turns before they ask, in order and
/// without a thread. It is no lock: SQLite's own is what counts, also between processes.
/// </summary>
internal sealed class SqliteTurns : IDbTransactionInterceptor, IDbCommandInterceptor, IDbConnectionInterceptor, IDisposable
{
    // As long as SQLite itself would wait; then whoever waits tries without a turn.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);
    private readonly ConditionalWeakTable<DbConnection, object> _turns = [];

    public void Dispose() => _one.Dispose();

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        await TakeAsync(connection, cancellationToken);
        return result;
    }

    // Also where the connection stays open for more.
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData)
    {
        if (eventData.Context is { } context)
        {
            Pass(context.Database.GetDbConnection());
        }
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionCommitted(transaction, eventData);
        return Task.CompletedTask;
    }

    // The end of a transaction closes the connection that its beginning opened, as the end of a command does; the end of a context closes all.
    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Pass(connection);

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Pass(connection);
        return Task.CompletedTask;
    }

    public void ConnectionDisposed(DbConnection connection, ConnectionEndEventData eventData) => Pass(connection);

    public Task ConnectionDisposedAsync(DbConnection connection, ConnectionEndEventData eventData) => ConnectionClosedAsync(connection, eventData);

    public async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await TakeToWriteAsync(command, cancellationToken);
        return result;
    }

    public async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await TakeToWriteAsync(command, cancellationToken);
        return result;
    }

    private async ValueTask TakeToWriteAsync(DbCommand command, CancellationToken cancellationToken)
    {
        if (command is { Transaction: null, Connection: { } connection } && WriteEpoch.IsWrite(command.CommandText))
        {
            await TakeAsync(connection, cancellationToken);
        }
    }

    private async Task TakeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (!_turns.TryGetValue(connection, out _) && await _one.WaitAsync(Longest, cancellationToken))
        {
            _turns.Add(connection, connection);
        }
    }

    private void Pass(DbConnection connection)
    {
        if (_turns.Remove(connection))
        {
            _one.Release();
        }
    }
}
