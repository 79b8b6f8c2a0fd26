using System.Globalization;
using Palio.Protocol.Evaluations;
using Palio.Referee.Events;

namespace Palio.Referee.Legacy;

/// <summary>
/// One evaluation of images made for EvalAI: carries the agent's calls to the environment, answers the environment as EvalAI's API, and
/// ends with the result that the environment sends, or with a fault.
/// </summary>
internal sealed class LegacyReferee : IAsyncDisposable
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(500);

    private readonly LegacyPlan _plan;
    private readonly EventLog _events;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<LegacyEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EnvironmentCaller _environment;
    private readonly LegacyServer _server;
    private readonly HashSet<string> _ready = [];
    private long _lastProgress;
    private volatile Fault? _refused;

    public LegacyReferee(LegacyPlan plan, LegacyAddresses addresses, EventLog events, TimeProvider time)
    {
        (_plan, _events, _time, _lastProgress) = (plan, events, time, time.GetTimestamp());
        _environment = new EnvironmentCaller(addresses.EnvironmentPort, plan, time);
        _server = new LegacyServer(addresses, new AgentCalls(plan, _environment, this), new SubmissionApi(plan, this), plan.MaxMessageBytes);
    }

    /// <summary>Calls that the environment answered.</summary>
    public long Calls => _environment.Calls;

    /// <summary>Port of the API, once it listens.</summary>
    public int ApiPort => _server.ApiPort;

    /// <summary>Listens on both sides.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        Write(sequence => new RefereeStarted { Sequence = sequence, Version = RefereeProgram.Version });
    }

    /// <summary>Plays to the result or the fault.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var total = TotalAsync(over.Token);
        var coming = EnvironmentAsync(over.Token);
        var end = await _end.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(total, coming).ConfigureAwait(false);
        if (end.Fault is { } fault)
        {
            Write(sequence => new FaultRaised { Sequence = sequence, Fault = fault, Fatal = true });
            return RefereeProgram.Faulted;
        }

        Write(sequence => new EnvironmentScored { Sequence = sequence, Result = end.Result!, Calls = Calls });
        return RefereeProgram.Played;
    }

    /// <summary>The first end stays.</summary>
    public bool TryEnd(LegacyEnd end) => _end.TrySetResult(end);

    public void TryEnd(FaultCode code, string message) => TryEnd(new LegacyEnd(null, new FaultException(code, message).Fault with { Step = Calls }));

    /// <summary>Tells of a refused result; the environment may send a better one.</summary>
    public void TellRefused(string why)
    {
        var fault = new FaultException(FaultCode.EnvironmentSpecViolation, $"the environment's result was refused: {why}").Fault with { Step = Calls };
        _refused = fault;
        Write(sequence => new FaultRaised { Sequence = sequence, Fault = fault, Fatal = false });
    }

    /// <summary>A side is there: hello and ready are one in the starter's protocol.</summary>
    public void TellReady(string side)
    {
        lock (_lock)
        {
            if (!_ready.Add(side))
            {
                return;
            }

            foreach (var stage in (string[])["hello", "ready"])
            {
                _events.Write(new SideReady { Sequence = _events.Next(), Side = side, Stage = stage, Sdk = stage == "hello" ? "EvalAI-Starters" : null });
            }
        }
    }

    /// <summary>A call was answered.</summary>
    public void TellProgress()
    {
        if (_time.GetElapsedTime(_lastProgress) < ProgressEvery)
        {
            return;
        }

        _lastProgress = _time.GetTimestamp();
        Write(sequence => new PlayProgress { Sequence = sequence, Done = 0, Total = 0, Steps = Calls });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _environment.Dispose();
    }

    private async Task TotalAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_plan.TotalMs), _time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        var limit = string.Create(CultureInfo.InvariantCulture, $"within the evaluation's {_plan.TotalMs / 1000.0:0.#} s");
        if (_refused is { } refused)
        {
            TryEnd(new LegacyEnd(null, refused)); // all waited for a better one
        }
        else if (_environment.Owes)
        {
            TryEnd(FaultCode.EnvironmentStepTimeout, $"the environment did not answer call {Calls + 1} and sent no result {limit}");
        }
        else if (!_ready.Contains("agent"))
        {
            TryEnd(FaultCode.AgentStartTimeout, $"the agent did not connect to localhost:{LegacyPorts.Environment} {limit}");
        }
        else
        {
            TryEnd(FaultCode.AgentTotalTimeout, $"the agent made {Calls} calls and no more, and the environment sent no result {limit}");
        }
    }

    private async Task EnvironmentAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _environment.WaitUntilListeningAsync(TimeSpan.FromMilliseconds(_plan.StartMs), cancellationToken).ConfigureAwait(false))
            {
                TellReady("environment");
            }
            else
            {
                TryEnd(FaultCode.EnvironmentStartTimeout, $"the environment did not listen on port {LegacyPorts.Environment} within {_plan.StartMs} ms");
            }
        }
        catch (OperationCanceledException)
        {
            // The evaluation is over.
        }
    }

    private void Write(Func<long, RefereeEvent> line)
    {
        lock (_lock)
        {
            _events.Write(line(_events.Next()));
        }
    }
}

/// <summary>How the evaluation ended: one of the two is set.</summary>
/// <param name="Result">The environment's scores, checked, as JSON.</param>
/// <param name="Fault">Why there are none.</param>
internal sealed record LegacyEnd(string? Result, Fault? Fault);

/// <summary>Where the referee listens, and where the environment does.</summary>
/// <param name="AgentSocket">Unix socket to which the gate carries the agent's connections.</param>
/// <param name="ApiPort">Port on the environment's loopback for EvalAI's API.</param>
/// <param name="EnvironmentPort">Port of the environment on the same loopback.</param>
internal sealed record LegacyAddresses(string AgentSocket, int ApiPort = LegacyPorts.Api, int EnvironmentPort = LegacyPorts.Environment);
