namespace Palio.Server.Features.Evaluations;

/// <summary>
/// Many submissions in a short time, and who lets them pass. To start and to end containers takes a core or two for most of a second, which
/// is when people would wait for their answers; an evaluation that begins a little later costs nobody anything. Those that run go on.
/// </summary>
/// <param name="few">As many within <see cref="Window"/> are no rush.</param>
/// <param name="time">Clock.</param>
internal sealed class Rush(int few, TimeProvider time)
{
    /// <summary>For how long an arrival counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();

    // The last arrivals in turn: the next one takes the place of the oldest.
    private readonly long?[] _arrivals = new long?[few];
    private int _oldest;

    /// <summary>A submission comes in.</summary>
    public void Note()
    {
        lock (_lock)
        {
            _arrivals[_oldest] = time.GetTimestamp();
            _oldest = (_oldest + 1) % few;
        }
    }

    /// <summary>Waits until it is over, but not for longer than that.</summary>
    public async Task LetPassAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (longest - time.GetElapsedTime(begun) is { Ticks: > 0 } left && Left() is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest < left ? rest : left, time, cancellationToken);
        }
    }

    // Until the oldest of them counts no longer; others may have come by then.
    private TimeSpan Left()
    {
        lock (_lock)
        {
            return _arrivals[_oldest] is { } oldest ? Window - time.GetElapsedTime(oldest) : TimeSpan.Zero;
        }
    }
}
