using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet.Models;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Docker;

/// <summary>Reads back from the engine what restrictions are in force, and refuses a container that lacks one.</summary>
internal static class PolicyReader
{
    private static readonly string SeccompName =
        "palio-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SeccompProfile.Json)))[..12];

    /// <summary>The policy of both sides; where they differ a restriction is named for each.</summary>
    public static PodPolicy Read(Engine engine, PodPlan plan, ContainerInspectResponse agent, ContainerInspectResponse environment)
    {
        var (ofAgent, ofEnvironment) = (Restrictions(agent), Restrictions(environment));
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ofAgent)
        {
            if (ofEnvironment[name] == value)
            {
                all[name] = value;
                continue;
            }

            all[$"{name}.agent"] = value;
            all[$"{name}.environment"] = ofEnvironment[name];
        }

        return new PodPolicy
        {
            Version = PodPlan.PolicyVersion,
            Engine = engine.Description.Name,
            Runtime = agent.HostConfig?.Runtime is { Length: > 0 } runtime ? runtime : "default",
            Restrictions = all,
            Cpuset = plan.Agent.Cpuset,
        };
    }

    /// <summary>What is missing of the plan in a created container; empty when all is in force.</summary>
    public static IReadOnlyList<string> Missing(ContainerPlan plan, ContainerInspectResponse container)
    {
        if (container.HostConfig is not { } host || container.Config is not { } config)
        {
            return ["everything: the engine tells nothing"];
        }

        var missing = new List<string>();
        void Want(bool holds, string name)
        {
            if (!holds)
            {
                missing.Add(name);
            }
        }

        Want(plan.Network is null ? host.NetworkMode is "none" : host.NetworkMode?.StartsWith("container:", StringComparison.Ordinal) is true, "network");
        Want(plan.Runtime is null || host.Runtime == plan.Runtime, Runtime); // Podman's socket takes any name, and uses its own
        Want(host.ReadonlyRootfs, "read-only root");
        Want(!host.Privileged, "no privilege");
        Want(IsNonRoot(config.User), "non-root user");
        Want(host.CapDrop?.Any(cap => cap is "ALL" or "all") is true || host.CapDrop?.Count > 5, "dropped capabilities");
        Want(host.SecurityOpt?.Any(option => option.StartsWith("no-new-privileges", StringComparison.Ordinal)) is true, "no-new-privileges");
        Want(host.SecurityOpt?.Any(option => option.EndsWith("unconfined", StringComparison.Ordinal)) is not true, "seccomp");
        Want(host.Memory == plan.Limits.MemoryBytes && host.MemorySwap == plan.Limits.MemoryBytes, "memory");
        Want(host.PidsLimit == plan.Limits.Pids, "pids");
        Want(host.PidMode is not "host" && host.UTSMode is not "host" && host.IpcMode is "private" or "shareable" or "none", "own namespaces");
        Want(plan.Cpuset is null || host.CpusetCpus == plan.Cpuset, "cores");
        Want(host.Devices is not { Count: > 0 }, "no devices");
        return missing;
    }

    /// <summary>The fault of a container that lacks something; null when nothing is missing.</summary>
    public static Fault? FaultOf(ContainerPlan plan, ContainerInspectResponse container) => Missing(plan, container) switch
    {
        [] => null,
        [Runtime] => Fault.Of(FaultCode.HostUnplayable, $"The engine does not run containers under the runtime '{plan.Runtime}' when it is asked to. Nothing was started."),
        var missing => Fault.Of(FaultCode.PlatformEngine, $"The engine did not take these restrictions: {string.Join(", ", missing)}. Nothing was started."),
    };

    private const string Runtime = "runtime";

    private static bool IsNonRoot(string? user) => user is { Length: > 0 } && user.Split(':')[0] is not ("0" or "root" or "");

    private static SortedDictionary<string, string> Restrictions(ContainerInspectResponse container)
    {
        var host = container.HostConfig!;
        var seccomp = host.SecurityOpt?.FirstOrDefault(option => option.StartsWith("seccomp=", StringComparison.Ordinal));
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["network"] = host.NetworkMode?.StartsWith("container:", StringComparison.Ordinal) is true ? "loopback only, shared with a part of Palio's" : host.NetworkMode ?? "",
            ["root"] = host.ReadonlyRootfs ? "read-only" : "writable",
            ["user"] = container.Config?.User ?? "",
            ["capabilities"] = host.CapDrop is { Count: > 0 } drop ? "dropped " + string.Join(',', drop) : "kept",
            ["no-new-privileges"] = Yes(host.SecurityOpt?.Any(option => option.StartsWith("no-new-privileges", StringComparison.Ordinal)) is true),
            ["seccomp"] = seccomp is null ? "engine default" : seccomp == "seccomp=" + SeccompProfile.Json ? SeccompName : "other",
            ["memory"] = Number(host.Memory),
            ["memory+swap"] = Number(host.MemorySwap),
            ["cpus"] = (host.NanoCPUs / 1e9).ToString("0.###", CultureInfo.InvariantCulture),
            ["pids"] = Number(host.PidsLimit ?? 0),
            ["ipc"] = host.IpcMode ?? "",
            ["shm"] = Number(host.ShmSize),
            ["init"] = Yes(host.Init is true),
            ["tmpfs"] = string.Join("; ", (host.Tmpfs ?? new Dictionary<string, string>()).Select(mount => $"{mount.Key} {mount.Value}").Order(StringComparer.Ordinal)),
            ["ulimits"] = string.Join(',', (host.Ulimits ?? []).Select(limit => $"{limit.Name}={limit.Hard}").Order(StringComparer.Ordinal)),
            ["mounts"] = string.Join(',', (container.Mounts ?? []).Select(mount => $"{mount.Destination} {(mount.RW ? "writable" : "read-only")}").Order(StringComparer.Ordinal)),
            ["privileged"] = Yes(host.Privileged),
        };
    }

    private static string Yes(bool value) => value ? "true" : "false";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
