using System.Globalization;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Workers;

/// <summary>
/// Gives each evaluation cores of its own where there are enough. A step is strictly serial, so both sides and the referee share them:
/// waking a sleeping core costs more than the step itself (see docs/performance.md).
/// </summary>
internal sealed class CorePlacement(int cores)
{
    private readonly Lock _lock = new();
    private readonly bool[] _taken = new bool[Math.Max(cores, 0)];

    /// <summary>Cores for a job, or <see cref="CpuPlacement.Anywhere"/> when too few are free.</summary>
    public CpuPlacement Take(EvaluationJob job)
    {
        var needed = Math.Max(1, (int)Math.Ceiling(Math.Max(job.AgentLimits.Cpus, job.EnvironmentLimits.Cpus)));
        lock (_lock)
        {
            int[] free = [.. Enumerable.Range(0, _taken.Length).Where(core => !_taken[core]).Take(needed)];
            if (free.Length < needed)
            {
                return CpuPlacement.Anywhere;
            }

            foreach (var core in free)
            {
                _taken[core] = true;
            }

            return new CpuPlacement(string.Join(',', free.Select(core => core.ToString(CultureInfo.InvariantCulture))));
        }
    }

    /// <summary>Gives them back.</summary>
    public void Return(CpuPlacement placement)
    {
        if (placement.Cpuset is not { } cpuset)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var core in cpuset.Split(','))
            {
                _taken[int.Parse(core, CultureInfo.InvariantCulture)] = false;
            }
        }
    }
}
