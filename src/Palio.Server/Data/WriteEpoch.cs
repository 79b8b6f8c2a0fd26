using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Data;

/// <summary>
/// Moves on whenever this process has written something that a board may show. An answer made from rows and kept under the epoch that
/// was read before them is never older than this process's last write; what other processes write it does not see.
/// </summary>
internal sealed partial class WriteEpoch : ISaveChangesInterceptor, IDbCommandInterceptor, IDbTransactionInterceptor
{
    // Written all the time while evaluations run. What boards show of them stands in the boards' own rows and version.
    private static readonly HashSet<string> NotShown =
        ["Submissions", "Evaluations", "Episodes", "Scores", "Workers", "QueueMessages", "IdempotencyRecords", "AccessTokens"];

    // Contexts with writes that others do not see yet.
    private readonly ConditionalWeakTable<DbContext, object> _unseen = [];
    private TaskCompletionSource _next = New();
    private long _epoch;

    public long Current => Volatile.Read(ref _epoch);

    /// <summary>Take it before looking: what is written after that completes it.</summary>
    public Task NextAsync() => Volatile.Read(ref _next).Task;

    public void Move()
    {
        Interlocked.Increment(ref _epoch);
        Interlocked.Exchange(ref _next, New()).TrySetResult();
    }

    public DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        Note(command, eventData.Context);
        return result;
    }

    public ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        Note(command, eventData.Context);
        return new(result);
    }

    // Updates and deletions that bypass the change tracker; also some of what it saves.
    public int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        Note(command, eventData.Context);
        Show(eventData.Context);
        return result;
    }

    public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        new(NonQueryExecuted(command, eventData, result));

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Show(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        new(SavedChanges(eventData, result));

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Show(eventData.Context, isCommitted: true);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Show(eventData.Context, isCommitted: true);
        return Task.CompletedTask;
    }

    private void Note(DbCommand command, DbContext? context)
    {
        if (context is not null && IsShown(command.CommandText))
        {
            _unseen.AddOrUpdate(context, context);
        }
    }

    // What was written within a transaction is seen by others only when that is over.
    private void Show(DbContext? context, bool isCommitted = false)
    {
        if (context is not null && (isCommitted || context.Database.CurrentTransaction is null) && _unseen.Remove(context))
        {
            Move();
        }
    }

    internal static bool IsShown(string sql) =>
        !sql.StartsWith("SELECT", StringComparison.Ordinal) && !sql.StartsWith(SubmissionIntake.LockSql, StringComparison.Ordinal) && Written().Matches(sql).Any(match => !NotShown.Contains(match.Groups[1].Value));

    /// <summary>Whether a command of EF's changes anything.</summary>
    internal static bool IsWrite(string sql) => !sql.StartsWith("SELECT", StringComparison.Ordinal) && Written().IsMatch(sql);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [GeneratedRegex("(?:INSERT INTO|UPDATE|DELETE FROM) \"(\\w+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
