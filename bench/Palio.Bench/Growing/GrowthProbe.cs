namespace Palio.Bench.Growing;

/// <summary>Something timed at each size of an axis.</summary>
/// <param name="Name">What it is, in the row.</param>
/// <param name="MeasureAsync">Does it once where there are so many; gives what is timed of it, in milliseconds.</param>
internal sealed record GrowthProbe(string Name, Func<int, CancellationToken, Task<double>> MeasureAsync)
{
    // Noise is some 0.1 in the slope over two decades.
    private const double Constant = 0.15;

    /// <summary>The slope it may have at most.</summary>
    public double Most { get; private init; } = Constant;

    /// <summary>The aim in words.</summary>
    public string Aim { get; private init; } = $"at most {Constant}";

    /// <summary>What cannot but grow with the axis.</summary>
    /// <param name="because">Why, in few words.</param>
    public GrowthProbe MayBeLinear(string because) => this with { Most = 1, Aim = $"at most 1: {because}" };
}
