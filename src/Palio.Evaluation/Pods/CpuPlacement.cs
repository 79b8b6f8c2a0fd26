namespace Palio.Evaluation.Pods;

/// <summary>Where on the machine a pod runs.</summary>
/// <param name="Cpuset">Cores of its own ("2-3"), or null for wherever the kernel puts it.</param>
public sealed record CpuPlacement(string? Cpuset)
{
    /// <summary>Not bound to cores.</summary>
    public static CpuPlacement Anywhere { get; } = new((string?)null);
}
