using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Palio.Protocol.Api;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Tests.Submissions;

public sealed class SubmissionFeedTests : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly SubmissionFeed.Listeners _audience = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private int _reads;

    [Fact]
    public async Task Read_ThousandListenersWithTheSameRight_ShareOneRead()
    {
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Read((false, true))));

        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task Read_OtherRight_IsAnotherRead()
    {
        await Read((false, false));
        await Read((true, true));

        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Read_AfterAChange_ReadsAgain()
    {
        await Read((false, true));
        _audience.Tell();
        await Read((false, true));

        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Read_ThatIsOld_ReadsAgain()
    {
        await Read((false, true));
        _time.Advance(Fresh);
        await Read((false, true));

        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Read_AfterAFailure_TriesAgain()
    {
        await Assert.ThrowsAsync<IOException>(() => _audience.Read((false, true), _time, Fresh, () => throw new IOException()));
        await Read((false, true));

        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task Next_ChangeBeforeTheWait_CompletesAtOnce()
    {
        var feed = Feed();
        using var listener = feed.Listen(7);
        feed.Publish(8);
        feed.Publish(7);
        feed.Publish(7);

        await listener.NextAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
        var second = listener.NextAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(15));
        await second;
    }

    [Fact]
    public async Task Listen_AfterTheLastHasLeft_HearsAgain()
    {
        var feed = Feed();
        feed.Listen(7).Dispose();
        using var listener = feed.Listen(7);

        feed.Publish(7);

        await listener.NextAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Join_AudienceThatIsOver_GetsNoSeat()
    {
        var seat = _audience.Join();
        Assert.True(_audience.Leave(seat!));

        Assert.Null(_audience.Join());
    }

    public void Dispose() => _services.Dispose();

    private SubmissionFeed Feed() => new(_services.GetRequiredService<IServiceScopeFactory>(), new EvaluationFiles(null!), _time); // no log is read here

    private Task<SubmissionEvent?> Read((bool, bool) right) => _audience.Read(right, _time, Fresh, () =>
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult<SubmissionEvent?>(null);
    });
}
