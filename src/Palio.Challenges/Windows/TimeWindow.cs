namespace Palio.Challenges.Windows;

/// <summary>From a start to an end; the start is inside, the end is not.</summary>
/// <param name="Start">First moment inside.</param>
/// <param name="End">First moment after it.</param>
public readonly record struct TimeWindow(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Where a moment lies.</summary>
    public WindowState At(DateTimeOffset now) =>
        now < Start ? WindowState.Upcoming : now < End ? WindowState.Open : WindowState.Closed;

    /// <summary>Whether the moment lies inside.</summary>
    public bool Contains(DateTimeOffset now) => At(now) == WindowState.Open;
}

/// <summary>Where a moment lies relative to a window.</summary>
public enum WindowState
{
    /// <summary>Before its start.</summary>
    Upcoming,

    /// <summary>Inside.</summary>
    Open,

    /// <summary>At its end or later.</summary>
    Closed,
}
