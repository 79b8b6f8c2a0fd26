namespace Palio.Referee.Playing;

/// <summary>Runs only while the agent owes an answer; stands still while the environment works.</summary>
internal sealed class AgentClock(TimeProvider time)
{
    private double _spent;
    private long _since;
    private bool _runs;

    /// <summary>Milliseconds the agent has had.</summary>
    public double Milliseconds => _runs ? _spent + time.GetElapsedTime(_since).TotalMilliseconds : _spent;

    public void Resume()
    {
        if (!_runs)
        {
            (_runs, _since) = (true, time.GetTimestamp());
        }
    }

    /// <summary>Stops, and gives the reading.</summary>
    public double Pause()
    {
        (_spent, _runs) = (Milliseconds, false);
        return _spent;
    }
}
