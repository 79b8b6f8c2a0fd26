using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Palio.Server.Features.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Evaluations;

public sealed class RushTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void LetPass_Few_GoesOnAtOnce()
    {
        var rush = new Rush(3, _time);
        Note(rush, 2);
        Assert.True(LetPass(rush).IsCompletedSuccessfully);
    }

    [Fact]
    public void LetPass_ManySlowly_GoesOnAtOnce()
    {
        var rush = new Rush(3, _time);
        for (var i = 0; i < 10; i++)
        {
            Note(rush, 1);
            _time.Advance(Rush.Window / 2);
        }

        Assert.True(LetPass(rush).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task LetPass_Many_GoesOnOnceTheyCountNoLonger()
    {
        var rush = new Rush(3, _time);
        Note(rush, 3);
        var waiting = LetPass(rush);
        _time.Advance(Rush.Window / 2);
        Note(rush, 3);
        _time.Advance(Rush.Window / 2);
        Assert.False(waiting.IsCompleted);
        Assert.False(LetPass(rush).IsCompleted);
        _time.Advance(Rush.Window / 2);
        Assert.True(LetPass(rush).IsCompletedSuccessfully);
        await EndAsync(waiting, _time);
    }

    [Fact]
    public async Task LetPass_ManyWithoutEnd_GoesOnAfterTheLongest()
    {
        var rush = new Rush(3, _time);
        Note(rush, 3);
        var waiting = LetPass(rush);
        for (var passed = TimeSpan.Zero; passed < Longest; passed += Rush.Window / 2)
        {
            Assert.False(waiting.IsCompleted);
            Note(rush, 3);
            _time.Advance(Rush.Window / 2);
        }

        await EndAsync(waiting, _time);
    }

    [Fact]
    public void LetPass_Longest0_NeverWaits()
    {
        var rush = new Rush(3, _time);
        Note(rush, 3);
        Assert.True(rush.LetPassAsync(TimeSpan.Zero, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task LocalWorker_InARush_BeginsNothing_UntilItIsOver()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("agent");
        Note(played.Palio.App.Services.GetRequiredService<EvaluationQueue>().Rush, EvaluationQueue.FewPerCore * Environment.ProcessorCount);
        var leasing = played.LeaseAsync();
        Assert.False(leasing.IsCompleted);
        await EndAsync(leasing, played.Palio.Time);
    }

    private static void Note(Rush rush, int arrivals)
    {
        for (var i = 0; i < arrivals; i++)
        {
            rush.Note();
        }
    }

    // Its next look may be a moment behind the clock.
    private static async Task EndAsync(Task waiting, FakeTimeProvider time)
    {
        while (!waiting.IsCompleted)
        {
            time.Advance(Rush.Window / 2);
            await Task.Yield();
        }

        await waiting;
    }

    private static Task LetPass(Rush rush) => rush.LetPassAsync(Longest, TestContext.Current.CancellationToken);
}
