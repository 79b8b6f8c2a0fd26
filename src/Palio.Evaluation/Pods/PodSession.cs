using Palio.Evaluation.Transcripts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Pods;

/// <summary>
/// One play of three prepared parts: starts them together, reads the referee, watches for a side that ends, keeps the deadline from
/// outside, ends what is left. The same for containers and processes; removal is the runtime's.
/// </summary>
internal sealed class PodSession(PodPlan plan, IRefereePart referee, IPodPart agent, IPodPart environment, IPodObserver observer, TimeProvider time, IPodPart? gate = null)
{
    // A side that ends before its hello will never say it, once the events on their way have arrived.
    private static readonly TimeSpan SilentGrace = TimeSpan.FromMilliseconds(500);

    // How often an environment that says nothing is looked at.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // How long an agent that has ended is not blamed while the environment has not shown what it is made for.
    private static readonly TimeSpan EnvironmentGrace = TimeSpan.FromSeconds(15);

    // A side that ends later is the referee's to judge; this is for a referee that does not.
    private static readonly TimeSpan RefereeGrace = TimeSpan.FromSeconds(10);

    // What the referee's Finish grants the sides to end by themselves.
    private static readonly TimeSpan FinishGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EngineLimit = TimeSpan.FromSeconds(60);

    // An environment that scores itself may still be counting when its agent has gone.
    private static readonly TimeSpan LegacyGrace = TimeSpan.FromSeconds(60);

    private readonly RefereeTranscript _transcript = new(plan.Play, plan.IsLegacy);
    private readonly LineSplitter _lines = new(RefereeTranscript.LongestLine, RefereeTranscript.MostBytes);
    private readonly TaskCompletionSource<PodStop> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IPodPart[] _parts = gate is null ? [referee, environment, agent] : [referee, environment, agent, gate];
    private volatile bool _deaf;
    private long _lastEvent;
    private long _started;
    private long _hello;

    /// <summary>Plays. Does not throw for what the parts do.</summary>
    public async Task<PodOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None);
        using var cancelled = cancellationToken.Register(() => _stop.TrySetResult(PodStop.Cancelled));
        var begun = time.GetTimestamp();
        var notStarted = await StartAsync(cancellationToken).ConfigureAwait(false);
        _started = _hello = _lastEvent = time.GetTimestamp();
        if (notStarted is not null || _stop.Task.IsCompleted)
        {
            await KillAsync(_parts).ConfigureAwait(false);
            return new PodOutcome
            {
                IsLegacy = plan.IsLegacy,
                NotStarted = _stop.Task.IsCompleted ? null : notStarted,
                Stopped = _stop.Task.IsCompleted ? PodStop.Cancelled : null,
                Said = _transcript.Summary,
                Timings = Timings(begun, _started, _started),
            };
        }

        var ends = _parts.ToDictionary(part => part, part => part.WaitAsync(over.Token));
        var output = ReadAsync(over.Token);
        Task[] watches =
        [
            WatchAsync(agent, ends[agent], over.Token), WatchAsync(environment, ends[environment], over.Token), DeadlineAsync(over.Token),
            WatchPortAsync(over.Token), new LiveLogs(agent, environment, observer, time).RunAsync(over.Token),
        ];
        await Task.WhenAny(output, _stop.Task).ConfigureAwait(false);
        var ended = time.GetTimestamp();
        var stopped = _stop.Task.IsCompleted ? await _stop.Task.ConfigureAwait(false) : (PodStop?)null;
        if (stopped is null or PodStop.SideEnded or PodStop.Scored)
        {
            var grace = stopped is PodStop.Scored ? SilentGrace : FinishGrace;
            await Settle(stopped is null ? [.. ends.Values] : [ends[agent], ends[environment]], grace, cancellationToken).ConfigureAwait(false);
        }

        // What the referee says of a side that we kill is no news of that side.
        _deaf = true;
        var running = _parts.Where(part => !ends[part].IsCompletedSuccessfully).ToHashSet();
        if (gate is not null)
        {
            // The sides first: an agent whose gate goes before it prints an error that is none.
            await KillAsync(running.Where(part => part == agent || part == environment)).ConfigureAwait(false);
        }

        await KillAsync(running.Where(part => gate is null || part == referee || part == gate)).ConfigureAwait(false);
        var outcome = await GatherAsync(running, stopped).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll([.. watches, .. ends.Values]).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        await output.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        return outcome with { Said = _transcript.Summary, Timings = Timings(begun, _started, ended) };
    }

    private async Task<Fault?> StartAsync(CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(plan.StartLimit, time, cancellationToken);
        var starts = Array.Empty<Task>();
        try
        {
            await referee.AttachAsync(limit.Token).ConfigureAwait(false);
            if (gate is not null)
            {
                // The sides share these two's namespaces, and dial at once what listens there.
                starts = [referee.StartAsync(limit.Token), gate.StartAsync(limit.Token)];
                await Task.WhenAll(starts).ConfigureAwait(false);
            }

            starts = [.. _parts.Skip(gate is null ? 0 : 1).Where(part => part != gate).Select(part => part.StartAsync(limit.Token))];
            await Task.WhenAll(starts).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is PodFaultException or OperationCanceledException)
        {
            // In the order referee, environment, agent: an agent is not blamed for what happened beside a broken environment.
            var faults = starts.Select(start => start.Exception?.InnerException).Append(exception).OfType<PodFaultException>();
            return faults.FirstOrDefault()?.Fault
                ?? Fault.Of(FaultCode.PlatformEngine, $"The containers were not started within {plan.StartLimit.TotalSeconds:0} s.");
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var events = new List<RefereeEvent>();
        try
        {
            await referee.ReadOutputAsync(async bytes =>
            {
                var whole = _lines.Add(bytes.Span, line => Take(line, events));
                foreach (var said in events)
                {
                    await observer.EventAsync(said, cancellationToken).ConfigureAwait(false);
                }

                events.Clear();
                if (!whole)
                {
                    _transcript.Break("a line, or all lines together, longer than agreed");
                    _stop.TrySetResult(PodStop.RefereeBroke);
                }

                return whole;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException) when (cancellationToken.IsCancellationRequested || _stop.Task.IsCompleted)
        {
            // The connection goes with the container.
        }
    }

    private bool Take(ReadOnlyMemory<byte> line, List<RefereeEvent> events)
    {
        if (_deaf)
        {
            return true;
        }

        var said = _transcript.Read(line.Span);
        Volatile.Write(ref _lastEvent, time.GetTimestamp());
        if (said is null)
        {
            return false;
        }

        if (said is SideReady && _transcript.Summary is { AgentHello: true, EnvironmentHello: true } && _hello == _started)
        {
            _hello = time.GetTimestamp();
        }

        if (said is EnvironmentScored)
        {
            // A starter's programs wait for each other after their result, for ever.
            _stop.TrySetResult(PodStop.Scored);
        }

        events.Add(said);
        return true;
    }

    private async Task WatchAsync(IPodPart side, Task end, CancellationToken cancellationToken)
    {
        await end.ConfigureAwait(false);
        var ended = time.GetTimestamp();
        await Task.Delay(SilentGrace, time, cancellationToken).ConfigureAwait(false);
        if (side.Role is PodRole.Agent && !plan.IsLegacy)
        {
            await EnvironmentShownAsync(cancellationToken).ConfigureAwait(false);
        }

        var isDone = plan.IsLegacy && side.Role is PodRole.Agent && SaidHello(side)
            && (await side.EndingAsync(false, cancellationToken).ConfigureAwait(false)).ExitCode == 0;
        var grace = isDone ? LegacyGrace : RefereeGrace;
        while (SaidHello(side) && Silence(ended) is var silence && silence < grace)
        {
            await Task.Delay(grace - silence, time, cancellationToken).ConfigureAwait(false);
        }

        _stop.TrySetResult(isDone ? PodStop.NoResult : PodStop.SideEnded);
    }

    // An environment made for EvalAI waits on its port for ever; its host should hear that at once, not of a hello that did not come.
    private async Task WatchPortAsync(CancellationToken cancellationToken)
    {
        while (!plan.IsLegacy && !_transcript.Summary.EnvironmentHello)
        {
            await Task.Delay(LookAgain, time, cancellationToken).ConfigureAwait(false);
            if (!_transcript.Summary.EnvironmentHello && await environment.ListensAsync(LegacyPorts.Environment, cancellationToken).ConfigureAwait(false))
            {
                _stop.TrySetResult(PodStop.EnvironmentIsLegacy);
                return;
            }
        }
    }

    // An agent made for EvalAI ends at once where nothing listens on its port. The port is watched for meanwhile.
    private async Task EnvironmentShownAsync(CancellationToken cancellationToken)
    {
        for (var since = time.GetTimestamp(); !_transcript.Summary.EnvironmentHello && time.GetElapsedTime(since) < EnvironmentGrace;)
        {
            await Task.Delay(SilentGrace, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool SaidHello(IPodPart side) => side.Role is PodRole.Agent ? _transcript.Summary.AgentHello : _transcript.Summary.EnvironmentHello;

    private TimeSpan Silence(long since) => time.GetElapsedTime(Math.Max(since, Volatile.Read(ref _lastEvent)));

    private async Task DeadlineAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(plan.Deadline, time, cancellationToken).ConfigureAwait(false);
        _stop.TrySetResult(PodStop.Deadline);
    }

    // Lets what is ending by itself end, so that its own exit code is told and its last words are heard.
    private async Task Settle(Task[] ends, TimeSpan grace, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(ends).WaitAsync(grace, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or PodFaultException)
        {
            // What is left is killed next.
        }
    }

    private async Task KillAsync(IEnumerable<IPodPart> parts)
    {
        using var limit = new CancellationTokenSource(EngineLimit, time);
        foreach (var kill in parts.Select(part => part.KillAsync(limit.Token)).ToArray())
        {
            try
            {
                await kill.ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is PodFaultException or OperationCanceledException)
            {
                // Removal by force follows, and the sweep after it.
            }
        }
    }

    private async Task<PodOutcome> GatherAsync(HashSet<IPodPart> killed, PodStop? stopped)
    {
        using var limit = new CancellationTokenSource(EngineLimit, time);
        var endings = _parts.Select(part => OrNull(part.EndingAsync(killed.Contains(part), limit.Token))).ToArray();
        var logs = _parts.Select(part => OrNull(part.LogAsync(plan.LogBytes, limit.Token))).ToArray();
        return new PodOutcome
        {
            IsLegacy = plan.IsLegacy,
            Stopped = stopped,
            Referee = await endings[0].ConfigureAwait(false),
            Environment = await endings[1].ConfigureAwait(false),
            Agent = await endings[2].ConfigureAwait(false),
            RefereeLog = await logs[0].ConfigureAwait(false) ?? "",
            EnvironmentLog = await logs[1].ConfigureAwait(false) ?? "",
            AgentLog = await logs[2].ConfigureAwait(false) ?? "",
            Said = _transcript.Summary,
            Timings = PodTimings.None,
        };
    }

    private static async Task<T?> OrNull<T>(Task<T> task)
        where T : class
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PodFaultException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private PodTimings Timings(long begun, long started, long ended) => new(
        PullMs: 0,
        StartMs: time.GetElapsedTime(begun, started).TotalMilliseconds,
        HelloMs: time.GetElapsedTime(started, _hello).TotalMilliseconds,
        PlayMs: time.GetElapsedTime(_hello, ended).TotalMilliseconds);
}
