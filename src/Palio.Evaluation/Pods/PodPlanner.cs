using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Pods;

/// <summary>Makes the plan of a pod from a job. Pure: what is not in its arguments is not in the plan.</summary>
public static class PodPlanner
{
    /// <summary>Label with the evaluation's id.</summary>
    public const string EvaluationLabel = "palio.evaluation";

    /// <summary>Label with the instance that made the object and may sweep it.</summary>
    public const string InstanceLabel = "palio.instance";

    /// <summary>Label with the part a container plays: agent, environment, referee.</summary>
    public const string RoleLabel = "palio.role";

    /// <summary>Where a side finds its socket.</summary>
    public const string SideDirectory = "/palio";

    /// <summary>Where the referee makes the agent's socket.</summary>
    public const string AgentDirectory = "/run/agent";

    /// <summary>Where the referee makes the environment's socket.</summary>
    public const string EnvironmentDirectory = "/run/environment";

    /// <summary>Name of the socket in each directory.</summary>
    public const string SocketName = "palio.sock";

    /// <summary>User and group of the referee; the socket directories are theirs.</summary>
    public const int RefereeUser = 65532;

    /// <summary>User and group of a side whose image names none that will do.</summary>
    public const int SideUser = 65534;

    /// <summary>Most characters of <see cref="Encode"/>: the kernel gives one variable 128 KiB, of which some is left for its name and other seeds.</summary>
    public const int LongestPlan = 124 * 1024;

    // Above this the plan is compressed.
    private const int PlainPlanLimit = 32 * 1024;

    // What the referee needs is buffers for one message of each side and the record's compressor.
    internal static ContainerLimits RefereeLimits { get; } = new() { MemoryBytes = 512L << 20, TmpBytes = 0, Pids = 64 };

    /// <summary>The pod of a job.</summary>
    /// <param name="job">What to judge.</param>
    /// <param name="instance">Label of the Palio instance.</param>
    /// <param name="name">Name unique on the engine.</param>
    /// <param name="placement">Cores to use.</param>
    public static PodPlan Plan(EvaluationJob job, string instance, string name, CpuPlacement placement)
    {
        ContainerPlan Container(PodRole role, JobImage image, ContainerLimits limits) => new()
        {
            Role = role,
            Image = image,
            Limits = limits,
            Sockets = Sockets(role, name),
            Variables = role is PodRole.Referee ? RefereeVariables(job.Plan)
                : role is PodRole.Environment && image.Reference.Length > 0 ? new Dictionary<string, string>(SideVariables.Concat(LegacyPods.ToBeRecognised))
                : SideVariables,
            Labels = Labels(job.Lease.Evaluation, instance, role),
            User = role is PodRole.Referee ? $"{RefereeUser}:{RefereeUser}" : null,
            Runtime = role is PodRole.Referee ? null : job.Runtime,
            Cpuset = placement.Cpuset,
        };

        if (job.Legacy is { } legacy)
        {
            return LegacyPods.Plan(job, legacy, instance, name, placement);
        }

        return new PodPlan
        {
            Evaluation = job.Lease.Evaluation,
            Instance = instance,
            Name = name,
            Agent = Container(PodRole.Agent, job.Agent, job.AgentLimits),
            Environment = Container(PodRole.Environment, job.Environment, job.EnvironmentLimits),
            Referee = Container(PodRole.Referee, new JobImage(""), RefereeLimits),
            Play = job.Plan,
            PullLimit = TimeSpan.FromSeconds(job.PullSeconds),
            StartLimit = TimeSpan.FromSeconds(job.StartSeconds),
            Deadline = TimeSpan.FromSeconds(job.DeadlineSeconds),
            LogBytes = job.LogBytes,
        };
    }

    /// <summary>Environment variables of agent and environment. Python's output is unbuffered so that a killed program's last words are kept.</summary>
    public static IReadOnlyDictionary<string, string> SideVariables { get; } = new Dictionary<string, string>
    {
        ["PALIO_SOCKET"] = $"{SideDirectory}/{SocketName}",
        ["HOME"] = "/tmp",
        ["PYTHONUNBUFFERED"] = "1",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    /// <summary>The plan as the referee reads it: JSON, or base64 of Brotli-compressed JSON when long.</summary>
    public static string Encode(RefereePlan plan)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(plan, EvaluationJsonContext.Default.RefereePlan);
        if (json.Length <= PlainPlanLimit)
        {
            return System.Text.Encoding.UTF8.GetString(json);
        }

        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(json);
        }

        return Convert.ToBase64String(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }

    private static Dictionary<string, string> RefereeVariables(RefereePlan plan) => new()
    {
        ["PALIO_PLAN"] = Encode(plan),
        ["PALIO_AGENT_SOCKET"] = $"{AgentDirectory}/{SocketName}",
        ["PALIO_ENVIRONMENT_SOCKET"] = $"{EnvironmentDirectory}/{SocketName}",
    };

    private static SocketMount[] Sockets(PodRole role, string name) => role switch
    {
        PodRole.Agent => [new SocketMount($"{name}-agent", SideDirectory, ReadOnly: true)],
        PodRole.Environment => [new SocketMount($"{name}-environment", SideDirectory, ReadOnly: true)],
        _ =>
        [
            new SocketMount($"{name}-agent", AgentDirectory, ReadOnly: false),
            new SocketMount($"{name}-environment", EnvironmentDirectory, ReadOnly: false),
        ],
    };

    /// <summary>Labels of a container.</summary>
    internal static Dictionary<string, string> Labels(long evaluation, string instance, PodRole role) => new()
    {
        [EvaluationLabel] = evaluation.ToString(CultureInfo.InvariantCulture),
        [InstanceLabel] = instance,
        [RoleLabel] = NameOf(role),
    };

    /// <summary>The role in labels and host names.</summary>
    public static string NameOf(PodRole role) => role switch
    {
        PodRole.Agent => "agent",
        PodRole.Environment => "environment",
        PodRole.Gate => "gate",
        PodRole.Script => "script",
        _ => "referee",
    };
}
