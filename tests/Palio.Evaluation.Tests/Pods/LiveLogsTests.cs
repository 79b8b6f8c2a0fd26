using Palio.Evaluation.Pods;
using Palio.Evaluation.Tests.Engine;
using Palio.Evaluation.Tests.Support;

namespace Palio.Evaluation.Tests.Pods;

public sealed class LiveLogsTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);

    private readonly WatchedClock _clock = new();
    private readonly FakePart _agent = new(PodRole.Agent);
    private readonly FakePart _environment = new(PodRole.Environment);

    [Fact]
    public async Task Run_WhatTheSidesPrint_IsToldWhenItHasChanged()
    {
        var observer = new RecordingObserver { LogPace = Pace };
        using var over = new CancellationTokenSource();
        var run = new LiveLogs(_agent, _environment, observer, _clock).RunAsync(over.Token);

        await _clock.PassAsync(Pace);
        _agent.Printed = "one";
        await _clock.PassAsync(Pace);
        Assert.Equal(("one", ""), await observer.Logs.Reader.ReadAsync(TestContext.Current.CancellationToken));
        await _clock.PassAsync(Pace);
        _environment.Printed = "two";
        await _clock.PassAsync(Pace);
        Assert.Equal(("one", "two"), await observer.Logs.Reader.ReadAsync(TestContext.Current.CancellationToken));

        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(0, observer.Logs.Reader.Count);
    }

    [Fact]
    public async Task Run_WhereNobodyFollows_DoesNothing() =>
        await new LiveLogs(_agent, _environment, new RecordingObserver(), _clock).RunAsync(TestContext.Current.CancellationToken);
}
