using Docker.DotNet.Models;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Tests.Support;

namespace Palio.Evaluation.Tests.Docker;

public sealed class ContainerRequestsTests
{
    private static readonly PodPlan Pod = PodPlanner.Plan(Samples.Job(), "tests", "palio-7-x", new CpuPlacement("2-3"));
    private static readonly ImageFacts Image = new("sha256:image", "1000:1000", []);

    public static TheoryData<PodRole> Roles => [PodRole.Agent, PodRole.Environment, PodRole.Referee];

    [Theory]
    [MemberData(nameof(Roles))]
    public void Container_EachRole_HasEveryRestriction(PodRole role)
    {
        var plan = Of(role);

        var request = ContainerRequests.Container(Pod, plan, Image);

        var host = request.HostConfig!;
        Assert.Equal("none", host.NetworkMode);
        Assert.True(host.ReadonlyRootfs);
        Assert.False(host.Privileged);
        Assert.Equal(["ALL"], host.CapDrop);
        Assert.Null(host.CapAdd);
        Assert.Equal(["no-new-privileges", "seccomp=" + SeccompProfile.Json], host.SecurityOpt);
        Assert.Equal((plan.Limits.MemoryBytes, plan.Limits.MemoryBytes), (host.Memory, host.MemorySwap));
        Assert.Equal((long)(plan.Limits.Cpus * 1e9), host.NanoCPUs);
        Assert.Equal("2-3", host.CpusetCpus);
        Assert.Equal(plan.Limits.Pids, host.PidsLimit);
        Assert.Equal("private", host.IpcMode);
        Assert.Equal(RestartPolicyKind.No, host.RestartPolicy!.Name);
        Assert.Null(host.Binds);
        Assert.Empty(host.DeviceRequests!);
        Assert.Equal(
            ["core=0", "fsize=4294967296", "nofile=8192", "nproc=32768"],
            host.Ulimits!.Select(limit => $"{limit.Name}={limit.Hard}").Order(StringComparer.Ordinal));
        Assert.Equal(["NONE"], request.Healthcheck!.Test);
        Assert.Equal($"palio-7-x-{PodPlanner.NameOf(role)}", request.Name);
        Assert.Equal("sha256:image", request.Image);
        Assert.Equal("7", request.Labels![PodPlanner.EvaluationLabel]);
        Assert.Equal("tests", request.Labels[PodPlanner.InstanceLabel]);
    }

    [Fact]
    public void Container_Agent_SeesOneReadOnlyVolumeAndNothingOfTheJob()
    {
        var request = ContainerRequests.Container(Pod, Pod.Agent, Image);

        var mount = Assert.Single(request.HostConfig!.Mounts!);
        Assert.Equal(("volume", "palio-7-x-agent", "/palio", true), (mount.Type, mount.Source, mount.Target, mount.ReadOnly));
        Assert.Equal(
            ["HOME=/tmp", "PALIO_SOCKET=/palio/palio.sock", "PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1"],
            request.Env!.Order(StringComparer.Ordinal));
        Assert.Equal("rw,exec,nosuid,nodev,mode=1777,size=33554432,nr_inodes=8192", Assert.Single(request.HostConfig.Tmpfs!).Value);
        Assert.Equal("runsc", request.HostConfig.Runtime);
        Assert.True(request.HostConfig.Init);
        Assert.Equal("json-file", request.HostConfig.LogConfig!.Type);
    }

    [Fact]
    public void Container_Referee_HasItsUserBothSocketsAndNoLog()
    {
        var request = ContainerRequests.Container(Pod, Pod.Referee, new ImageFacts("sha256:referee", null, []));

        Assert.Equal("65532:65532", request.User);
        Assert.Equal(
            ["/run/agent False", "/run/environment False"], request.HostConfig!.Mounts!.Select(mount => $"{mount.Target} {mount.ReadOnly}").Order(StringComparer.Ordinal));
        Assert.Equal("none", request.HostConfig.LogConfig!.Type);
        Assert.Equal("", request.HostConfig.Runtime);
        Assert.Empty(request.HostConfig.Tmpfs!);
    }

    [Fact]
    public void Container_Podman_TakesItsOwnProfile()
    {
        var host = ContainerRequests.Container(Pod, Pod.Agent, Image, podman: true).HostConfig!;

        Assert.Equal(["no-new-privileges"], host.SecurityOpt);
        Assert.DoesNotContain("nr_inodes", host.Tmpfs!["/tmp"], StringComparison.Ordinal);
    }

    [Fact]
    public void Container_ImageVolumes_BecomeTmpfsUnlessTheyCoverOurs()
    {
        var image = Image with { Volumes = ["/data", "/palio", "/palio/x", "/proc/sys", "/etc/cron", "/a/../etc", "/x,exec", "relative", "/trailing/", "/"] };

        var tmpfs = ContainerRequests.Container(Pod, Pod.Agent, image).HostConfig!.Tmpfs!;

        Assert.Equal(["/data", "/tmp"], tmpfs.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("size=16777216", tmpfs["/data"], StringComparison.Ordinal);
    }

    [Fact]
    public void Container_ManyImageVolumes_AreBounded()
    {
        var image = Image with { Volumes = [.. Enumerable.Range(0, 500).Select(i => $"/data{i}")] };

        Assert.Equal(17, ContainerRequests.Container(Pod, Pod.Agent, image).HostConfig!.Tmpfs!.Count);
    }

    [Theory]
    [InlineData(null, "65534:65534")]
    [InlineData("", "65534:65534")]
    [InlineData("0", "65534:65534")]
    [InlineData("0:0", "65534:65534")]
    [InlineData("root", "65534:65534")]
    [InlineData("app", "65534:65534")]
    [InlineData("1000", "1000:1000")]
    [InlineData("1000:1001", "1000:1001")]
    [InlineData("1000:0", "1000:1000")]
    [InlineData("1000:docker", "1000:1000")]
    [InlineData("65532", "65534:65534")]
    [InlineData("-1", "65534:65534")]
    [InlineData("4294967296", "65534:65534")]
    [InlineData("1:2:3", "65534:65534")]
    [InlineData(" 1000", "65534:65534")]
    public void UserOf_ImagesUser_IsNumericAndNeverRootNorTheReferee(string? user, string expected) => Assert.Equal(expected, ContainerRequests.UserOf(user));

    [Fact]
    public void Volumes_Pod_AreSmallInMemoryAndTheReferees()
    {
        var volumes = ContainerRequests.Volumes(Pod).ToArray();

        Assert.Equal(["palio-7-x-agent", "palio-7-x-environment"], volumes.Select(volume => volume.Name));
        Assert.All(volumes, volume =>
        {
            Assert.Equal("tmpfs", volume.DriverOpts!["type"]);
            Assert.Equal("nr_blocks=16,nr_inodes=16,mode=0755,uid=65532,gid=65532,nosuid,nodev,noexec", volume.DriverOpts["o"]);
            Assert.Equal("7", volume.Labels![PodPlanner.EvaluationLabel]);
        });
    }

    private static ContainerPlan Of(PodRole role) => role switch
    {
        PodRole.Agent => Pod.Agent,
        PodRole.Environment => Pod.Environment,
        _ => Pod.Referee,
    };
}
