namespace Palio.Bench.Plays;

/// <summary>What a play tells of one round.</summary>
/// <param name="Steps">Steps played.</param>
/// <param name="P50">Median of a step in microseconds.</param>
/// <param name="P99">99th percentile of a step in microseconds.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="CpuMicroseconds">CPU time of all processes for one step.</param>
internal sealed record Round(int Steps, double P50, double P99, double Seconds = 0, double CpuMicroseconds = 0)
{
    /// <summary>Steps a second.</summary>
    public double Rate => Steps / Seconds;
}
