using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;
using Palio.Server.Features.Accounts;
using Palio.Server.Hosting;

namespace Palio.Server.Auth;

/// <summary>When tokens were last used. Written every now and then, so that no request waits for a write because it carries a token.</summary>
internal sealed partial class TokenUses(IServiceScopeFactory scopes, TimeProvider time, ILogger<TokenUses> logger) : BackgroundService
{
    // Once a minute is enough for a person.
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<int, DateTimeOffset> _uses = [];

    public void Note(AccessToken token)
    {
        var now = time.GetUtcNow();
        if (token.LastUsed is null || now - token.LastUsed >= Precision)
        {
            _uses[token.Id] = now;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Periodic.RunAsync(Interval, time, WriteAsync, LogFailed, stoppingToken);

    /// <summary>Writes what was noted since the last time.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_uses.IsEmpty)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PalioDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var uses = _uses.ToArray();
        foreach (var (token, used) in uses)
        {
            await db.AccessTokens.Where(t => t.Id == token).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsed, used), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        foreach (var use in uses)
        {
            _uses.TryRemove(use); // unless it was used again meanwhile
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When tokens were last used could not be written; it is tried again")]
    private partial void LogFailed(Exception exception);
}
