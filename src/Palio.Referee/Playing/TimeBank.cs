namespace Palio.Referee.Playing;

/// <summary>The time an agent may use beyond the step limits in one episode.</summary>
internal struct TimeBank(double milliseconds)
{
    /// <summary>Milliseconds left.</summary>
    public double Left { get; private set; } = milliseconds;

    /// <summary>What an Observe says is left.</summary>
    public readonly uint Told => (uint)Math.Max(Left, 0);

    /// <summary>How long an answer may take in all.</summary>
    public readonly double Allowed(double limit) => limit + Left;

    /// <summary>Books an answer. False when the bank could not pay for it.</summary>
    public bool Pay(double took, double limit)
    {
        Left -= Math.Max(took - limit, 0);
        return Left >= 0;
    }
}
