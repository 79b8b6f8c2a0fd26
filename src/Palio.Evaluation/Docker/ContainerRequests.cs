using System.Globalization;
using Docker.DotNet.Models;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Docker;

/// <summary>What the image says of itself, as far as a container's request depends on it.</summary>
/// <param name="Id">Id in the engine.</param>
/// <param name="User">Its USER.</param>
/// <param name="Volumes">Its VOLUMEs; each becomes a small tmpfs, so that none lands on the machine's disk.</param>
internal sealed record ImageFacts(string Id, string? User, IReadOnlyList<string> Volumes);

/// <summary>A plan as requests to the Engine API. Pure; every restriction of the sandbox is in this file.</summary>
internal static class ContainerRequests
{
    private const long SocketVolumeBytes = 64L << 10;
    private const long SharedMemoryBytes = 64L << 20;
    private const long ImageVolumeBytes = 16L << 20;
    private const int MostImageVolumes = 16;
    private const long BytesPerFile = 4096;
    private const long FewestFiles = 4096;

    // .NET reserves a 2 GiB memory file for code it compiles: a smaller limit would keep it from starting. Disk is bounded by the
    // read-only root and sized tmpfs, not by this.
    private const long LargestFile = 4L << 30;
    private const long OpenFiles = 8192;

    // Counted over all containers of a user id, so it must not be what stops one of them: the pids limit does that.
    private const long ProcessesOfUser = 32768;

    /// <summary>The two volumes for the sockets: in memory, small, the referee's.</summary>
    public static IEnumerable<VolumesCreateParameters> Volumes(PodPlan plan) => plan.Referee.Sockets.Select(socket => new VolumesCreateParameters
    {
        Name = socket.Volume,
        Driver = "local",
        DriverOpts = new Dictionary<string, string>
        {
            ["type"] = "tmpfs",
            ["device"] = "tmpfs",
            ["o"] = $"{VolumeSize(SocketVolumeBytes)},nr_inodes=16,mode=0755,uid={PodPlanner.RefereeUser},gid={PodPlanner.RefereeUser},nosuid,nodev,noexec",
        },
        Labels = plan.Referee.Labels.Where(label => label.Key != PodPlanner.RoleLabel).ToDictionary(),
    });

    /// <summary>
    /// Size of a volume in memory, as the kernel takes it. Not by "size=": Podman takes that for a quota on its own disk and refuses it
    /// where there are none.
    /// </summary>
    public static string VolumeSize(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"nr_blocks={(bytes + Environment.SystemPageSize - 1) / Environment.SystemPageSize}");

    /// <summary>A container's request.</summary>
    public static CreateContainerParameters Container(
        PodPlan pod, ContainerPlan plan, ImageFacts image, bool podman = false, SocketPlacement sockets = SocketPlacement.Volumes) => new()
    {
        Name = $"{pod.Name}-{PodPlanner.NameOf(plan.Role)}",
        Image = image.Id,
        Hostname = plan.Network is null ? PodPlanner.NameOf(plan.Role) : "",
        Entrypoint = plan.Command is null ? null! : [.. plan.Command], // null is left out of the request: the image's own
        User = plan.User ?? UserOf(image.User),
        Env = [.. plan.Variables.Select(variable => $"{variable.Key}={variable.Value}")],
        Labels = plan.Labels.ToDictionary(),
        // The engine's own "none" network costs a start of the engine's program as a hook. The referee does not need what it gives beyond
        // a namespace of its own: names in /etc/hosts, which an agent's or environment's own servers on localhost do.
        NetworkDisabled = plan is { Role: PodRole.Referee, HasLoopback: false },
        Healthcheck = new HealthcheckConfig { Test = ["NONE"] },
        AttachStdout = plan.Role is PodRole.Referee,
        AttachStderr = plan.Role is PodRole.Referee,
        HostConfig = Host(pod, plan, image, podman, sockets),
    };

    /// <summary>The image's own user when it is a number and not root (the group goes along when it is one too), else nobody.</summary>
    public static string UserOf(string? imageUser)
    {
        var parts = (imageUser ?? "").Split(':');
        if (parts.Length > 2 || !IsPlainId(parts[0]))
        {
            return $"{PodPlanner.SideUser}:{PodPlanner.SideUser}";
        }

        return parts.Length is 2 && IsPlainId(parts[1]) ? $"{parts[0]}:{parts[1]}" : $"{parts[0]}:{parts[0]}";
    }

    // The referee's number is no side's: it could write the sockets' directory.
    private static bool IsPlainId(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id is > 0 and < 65536 and not PodPlanner.RefereeUser;

    private static HostConfig Host(PodPlan pod, ContainerPlan plan, ImageFacts image, bool podman, SocketPlacement sockets)
    {
        var side = plan.Role is PodRole.Agent or PodRole.Environment or PodRole.Script;
        return new HostConfig
        {
            NetworkMode = plan.Network is { } owner ? $"container:{pod.Name}-{PodPlanner.NameOf(owner)}" : "none",
            ExtraHosts = plan.HasLoopback ? ["environment:127.0.0.1"] : [],
            ReadonlyRootfs = true,
            CapDrop = ["ALL"],
            // Podman takes the path of a profile, not the profile: there its default is in force.
            SecurityOpt = podman ? ["no-new-privileges"] : ["no-new-privileges", $"seccomp={SeccompProfile.Json}"],
            Memory = plan.Limits.MemoryBytes,
            MemorySwap = plan.Limits.MemoryBytes,
            NanoCPUs = (long)(plan.Limits.Cpus * 1e9),
            CpusetCpus = plan.Cpuset ?? "",
            PidsLimit = plan.Limits.Pids,
            Ulimits =
            [
                Limit("nofile", OpenFiles), Limit("nproc", ProcessesOfUser), Limit("fsize", LargestFile), Limit("core", 0),
            ],
            IpcMode = "private",
            ShmSize = SharedMemoryBytes,
            Init = side,
            // The kernel should take an untrusted program before anything else of the machine.
            OomScoreAdj = side ? 500 : 0,
            Runtime = plan.Runtime ?? "",
            Tmpfs = TmpfsOf(plan, image, podman),
            Mounts = [.. plan.Sockets.Select(socket => MountOf(socket, sockets))],
            RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
            LogConfig = side ? SideLog(pod.LogBytes) : plan.Role is PodRole.Gate ? SideLog(0) : new LogConfig { Type = "none" },
            DeviceRequests = plan.Limits.Gpus > 0
                ? [new DeviceRequest { Count = plan.Limits.Gpus, Capabilities = [["gpu"]] }]
                : [],
        };
    }

    // /tmp allows execution: what compiles at run time (numba, torch, .NET) maps code from there, and an image may bring any program anyway.
    private static Dictionary<string, string> TmpfsOf(ContainerPlan plan, ImageFacts image, bool podman)
    {
        // Without a cap of its own a file system of empty files is paid from the memory limit, and the program killed for it.
        string Options(long bytes) => $"rw,exec,nosuid,nodev,mode=1777,size={bytes}{(podman ? "" : $",nr_inodes={Math.Max(bytes / BytesPerFile, FewestFiles)}")}";

        var tmpfs = new Dictionary<string, string>();
        if (plan.Limits.TmpBytes > 0)
        {
            tmpfs["/tmp"] = Options(plan.Limits.TmpBytes);
        }

        foreach (var path in image.Volumes.Where(path => IsOwnPath(path) && plan.Sockets.All(mount => mount.Path != path)).Take(MostImageVolumes))
        {
            tmpfs.TryAdd(path, Options(ImageVolumeBytes));
        }

        return tmpfs;
    }

    // A VOLUME is data from an untrusted image: it must not cover what the engine or we mount.
    internal static bool IsOwnPath(string path) =>
        path.Length is > 1 and < 256 && path[0] is '/' && !path.Contains("..", StringComparison.Ordinal) && !path.Contains(',', StringComparison.Ordinal)
        && !path.Contains("//", StringComparison.Ordinal) && path[^1] is not '/'
        && !ReservedPaths.Any(reserved => path == reserved || path.StartsWith(reserved + "/", StringComparison.Ordinal));

    private static readonly string[] ReservedPaths =
        [PodPlanner.SideDirectory, "/proc", "/sys", "/dev", "/run", "/sbin", "/bin", "/usr", "/lib", "/lib64", "/etc"];

    // Two files, so that the turn from one to the next does not lose the last words.
    private static LogConfig SideLog(int bytes) => new()
    {
        Type = "json-file",
        Config = new Dictionary<string, string>
        {
            ["max-file"] = "2",
            ["max-size"] = Math.Max(bytes, 64 * 1024).ToString(CultureInfo.InvariantCulture),
        },
    };

    private static Mount MountOf(SocketMount socket, SocketPlacement placement) => placement is SocketPlacement.Volumes
        ? new Mount
        {
            Type = "volume",
            Source = socket.Volume,
            Target = socket.Path,
            ReadOnly = socket.ReadOnly,
            VolumeOptions = new VolumeOptions { NoCopy = true },
        }
        : new Mount { Type = "bind", Source = socket.Volume, Target = socket.Path, ReadOnly = socket.ReadOnly };

    private static Ulimit Limit(string name, long value) => new() { Name = name, Soft = value, Hard = value };
}

/// <summary>What <see cref="SocketMount.Volume"/> names.</summary>
internal enum SocketPlacement
{
    /// <summary>A volume in memory.</summary>
    Volumes,

    /// <summary>A directory of this machine; only for local play beside a program that is no container.</summary>
    Directories,
}
