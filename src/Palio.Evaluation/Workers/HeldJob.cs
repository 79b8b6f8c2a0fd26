using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Workers;

/// <summary>A leased job while it is worked on: its standing, and the word that ends its play.</summary>
internal sealed class HeldJob(EvaluationJob job) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private int _lost;

    /// <summary>The job.</summary>
    public EvaluationJob Job => job;

    /// <summary>How long the lease lasts without a heartbeat.</summary>
    public TimeSpan LeaseTime => TimeSpan.FromSeconds(job.Lease.ExpiresSeconds);

    /// <summary>Ends the play: a person cancelled, the lease is lost, or the worker stops.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>The lease is lost: nothing more is reported.</summary>
    public bool IsLost => Volatile.Read(ref _lost) != 0;

    /// <summary>Takes the source's answer.</summary>
    public void Take(LeaseStanding standing)
    {
        if (standing is LeaseStanding.Held)
        {
            return;
        }

        if (standing is LeaseStanding.Lost)
        {
            Volatile.Write(ref _lost, 1);
        }

        _stop.Cancel();
    }

    /// <summary>Ends the play because the worker stops.</summary>
    public void End() => _stop.Cancel();

    /// <summary>Has the standing asked for now.</summary>
    public void Nudge()
    {
        try
        {
            _nudge.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to be asked for anyway.
        }
    }

    /// <summary>Waits for the next heartbeat's time, or for a nudge.</summary>
    public async Task NextHeartbeatAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_nudge.WaitAsync(waiting.Token), Task.Delay(LeaseTime / 3, time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _nudge.Dispose();
    }
}
