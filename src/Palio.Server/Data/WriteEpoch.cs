using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Palio.Server.Data;

/// <summary>
/// Moves on whenever this process has written to the database, whatever it was. An answer made from rows and kept under the epoch
/// that was read before them is never older than this process's last write; what other processes write it does not see.
/// </summary>
internal sealed class WriteEpoch : ISaveChangesInterceptor, IDbCommandInterceptor, IDbTransactionInterceptor
{
    private long _epoch;

    public long Current => Volatile.Read(ref _epoch);

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result) => Move(result);

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) => new(Move(result));

    // Updates and deletions that bypass the change tracker.
    public int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result) => Move(result);

    public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        new(Move(result));

    // What was written within a transaction is seen by others only now.
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Move(0);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Move(0);
        return Task.CompletedTask;
    }

    private int Move(int result)
    {
        Interlocked.Increment(ref _epoch);
        return result;
    }
}
