using System.Globalization;
using Docker.DotNet.Models;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Scoring;

namespace Palio.Evaluation.Docker;

/// <summary>A scoring pod's plan as requests to the Engine API: the usual restrictions, with other commands and mounts.</summary>
internal static class ScoringRequests
{
    // Beside the file itself: what a program writes before it renames, and the file system's own.
    private const long RoomBeside = 4L << 20;
    private const int MostFiles = 1024;

    /// <summary>
    /// Where the script finds its input: on the machine's disk, filled by us before anything runs, read-only for the script; annotations
    /// may be larger than memory.
    /// </summary>
    public static VolumesCreateParameters InputVolume(PodPlan plan) => new()
    {
        Name = InputMount(plan).Volume,
        Driver = "local",
        Labels = Labels(plan),
    };

    /// <summary>Where a participant's image finds the host's data; filled and kept as the input is.</summary>
    public static VolumesCreateParameters DatasetVolume(PodPlan plan, SocketMount mount) => new() { Name = mount.Volume, Driver = "local", Labels = Labels(plan) };

    /// <summary>Where a program writes its file: in memory, capped.</summary>
    public static VolumesCreateParameters OutputVolume(PodPlan plan, WritingFolder folder, string user) => new()
    {
        Name = folder.Mount.Volume,
        Driver = "local",
        DriverOpts = new Dictionary<string, string>
        {
            ["type"] = "tmpfs",
            ["device"] = "tmpfs",
            ["o"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{ContainerRequests.VolumeSize((2 * folder.MostBytes) + RoomBeside)},nr_inodes={MostFiles},mode=0755,uid={user.Split(':')[0]},gid={user.Split(':')[^1]},nosuid,nodev,noexec"),
        },
        Labels = Labels(plan),
    };

    /// <summary>The script's container: its standard output is the result's channel, its standard error the log.</summary>
    public static CreateContainerParameters Script(PodPlan plan, ImageFacts image, bool podman)
    {
        var request = ContainerRequests.Container(plan, plan.Environment, image, podman);
        request.Entrypoint = [.. InputArchive.Command];
        request.Cmd = [];
        request.WorkingDir = "/tmp";
        request.AttachStdout = true;
        request.AttachStderr = true;
        request.HostConfig!.LogConfig = new LogConfig { Type = "none" };
        return request;
    }

    /// <summary>Never started: the engine unpacks into the volumes of a container, so there must be one that may write there.</summary>
    public static CreateContainerParameters Loader(PodPlan plan, SocketMount mount, string image) => new()
    {
        Name = $"{mount.Volume}-loader",
        Image = image,
        Labels = plan.Referee.Labels.ToDictionary(),
        HostConfig = new HostConfig
        {
            NetworkMode = "none",
            CapDrop = ["ALL"],
            LogConfig = new LogConfig { Type = "none" },
            Mounts = [MountOf(mount with { ReadOnly = false })],
        },
    };

    /// <summary>Holds the folder while the program runs, and hands its file out. It has the image's user, for it may be its file alone.</summary>
    public static CreateContainerParameters Courier(PodPlan plan, WritingFolder folder, string image, string user, bool podman)
    {
        var courier = plan.Referee with
        {
            User = user,
            Sockets = [folder.Mount with { ReadOnly = true }],
            Variables = new Dictionary<string, string>
            {
                ["PALIO_CARRY_FROM"] = folder.Mount.Path,
                ["PALIO_CARRY_NAMES"] = string.Join(',', folder.Names),
                ["PALIO_CARRY_BYTES"] = folder.MostBytes.ToString(CultureInfo.InvariantCulture),
            },
        };
        var request = ContainerRequests.Container(plan, courier, new ImageFacts(image, user, []), podman);
        request.Name = $"{folder.Mount.Volume}-courier";
        request.Entrypoint = ["/palio-referee", "carry"];
        request.OpenStdin = true;
        request.StdinOnce = true;
        request.AttachStdin = true;
        return request;
    }

    public static SocketMount InputMount(PodPlan plan) => plan.Environment.Sockets[0];

    private static Dictionary<string, string> Labels(PodPlan plan) => plan.Referee.Labels.Where(label => label.Key != PodPlanner.RoleLabel).ToDictionary();

    private static Mount MountOf(SocketMount mount) => new()
    {
        Type = "volume",
        Source = mount.Volume,
        Target = mount.Path,
        ReadOnly = mount.ReadOnly,
        VolumeOptions = new VolumeOptions { NoCopy = true },
    };
}
