namespace Palio.Evaluation.Workers;

/// <summary>How many evaluations a machine takes at once when nobody has said.</summary>
public static class Capacity
{
    private const long MemoryOfOne = 2L << 30;

    /// <summary>
    /// An evaluation of default size keeps about one core busy (the sides take turns) and may use 2 GiB: the smaller of one for each
    /// core and one for each 2 GiB of four fifths of the memory; at least 1.
    /// </summary>
    public static int Of(int cpus, long memoryBytes) =>
        (int)Math.Clamp(Math.Min(cpus, memoryBytes / 5 * 4 / MemoryOfOne), 1, 1024);
}
