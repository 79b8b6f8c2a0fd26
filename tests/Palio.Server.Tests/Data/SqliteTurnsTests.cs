using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Palio.Server.Data;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Data;

/// <summary>SQLite's own wait would hold the thread that calls, and none of these calls would come back.</summary>
public sealed class SqliteTurnsTests
{
    [Fact]
    public async Task Transactions_WaitForOneAnother_InOrder()
    {
        await using var palio = await PalioInstance.StartAsync();
        await using var scopes = new Scopes(palio);
        var first = await scopes.New().Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var waiting = Enumerable.Range(0, 5).Select(_ => scopes.New().Database.BeginTransactionAsync(TestContext.Current.CancellationToken)).ToList();
        Assert.DoesNotContain(waiting, begun => begun.IsCompleted);
        await first.CommitAsync(TestContext.Current.CancellationToken);
        foreach (var (begun, i) in waiting.Select((begun, i) => (begun, i)))
        {
            await using var transaction = await begun;
            Assert.DoesNotContain(waiting[(i + 1)..], later => later.IsCompleted);
        }
    }

    [Fact]
    public async Task Writes_OutsideTransactions_WaitToo_AndAFailedOnePassesTheTurnOn()
    {
        await using var palio = await PalioInstance.StartAsync();
        await using var scopes = new Scopes(palio);
        var first = await scopes.New().Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var update = scopes.New().PhaseSplits.ExecuteUpdateAsync(set => set.SetProperty(s => s.Name, "x"), TestContext.Current.CancellationToken);
        var broken = scopes.New();
        broken.BoardChanges.Add(new BoardChange { PhaseSplitId = 99, Version = 1, TeamId = 1 });
        var failing = broken.SaveChangesAsync(TestContext.Current.CancellationToken);
        Assert.False(update.IsCompleted || failing.IsCompleted);
        await first.DisposeAsync();
        await update;
        await Assert.ThrowsAsync<DbUpdateException>(() => failing);
        await using var last = await scopes.New().Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Context_ThatIsLeft_PassesTheTurnOn()
    {
        await using var palio = await PalioInstance.StartAsync();
        await using var scopes = new Scopes(palio);
        await palio.InDatabaseAsync(db => db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken));
        await using var next = await scopes.New().Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Committed_WhileItsConnectionStaysOpen_PassesTheTurnOn()
    {
        await using var palio = await PalioInstance.StartAsync();
        await using var scopes = new Scopes(palio);
        var open = scopes.New();
        await using var connection = await open.OpenAsync(TestContext.Current.CancellationToken);
        await using (var first = await open.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await first.CommitAsync(TestContext.Current.CancellationToken);
        }

        await using var next = await scopes.New().Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await next.CommitAsync(TestContext.Current.CancellationToken);
        await using var again = await open.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Scopes(PalioInstance palio) : IAsyncDisposable
    {
        private readonly List<AsyncServiceScope> _scopes = [];

        public PalioDbContext New()
        {
            _scopes.Add(palio.App.Services.CreateAsyncScope());
            return _scopes[^1].ServiceProvider.GetRequiredService<PalioDbContext>();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var scope in _scopes)
            {
                await scope.DisposeAsync();
            }
        }
    }
}
