using Palio.Evaluation.Verdicts;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>Looks at the sandbox from inside: every restriction of the design, asserted by a program that tries to break it.</summary>
[Collection("engine")]
[Trait("needs", "engine")]
public sealed class ProbeTests(EngineFixture fixture)
{
    // Beside "allowed" the probe prints values; these are the calls and paths that must be refused.
    private static readonly string[] Refused =
    [
        "connect-internet", "connect-metadata", "socket-raw", "socket-packet", "socket-alg", "socket-vsock", "unshare-user", "unshare-net",
        "clone-user", "ptrace", "io-uring", "bpf", "userfaultfd", "keyctl", "add-key", "request-key", "perf", "mount", "setns", "personality",
        "setuid-root", "chroot", "mknod-device", "set-hostname", "set-clock", "write-root", "write-socket-directory", "remove-socket",
        "engine-socket", "other-side", "write-sysctl", "read-kcore", "see-others", "tmp-beyond-size",
    ];

    private static readonly string[] KnownVariables = ["HOME", "HOSTNAME", "PALIO_SOCKET", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"];

    [Theory]
    [InlineData("1000:1000", "1000")]
    [InlineData("0:0", "65534")]
    [InlineData("", "65534")]
    public async Task Play_Probe_FindsEveryRestrictionInForce(string user, string uid)
    {
        var job = EngineFixture.Job(await fixture.ImageAsync("agent", "probe", user, ["/data", "/palio"]), await fixture.ImageAsync("environment", "honest"));

        var outcome = await fixture.Runtime.PlayAsync(fixture.Plan(job), new RecordingObserver(), TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"{outcome.AgentLog}\n{string.Join('\n', outcome.Policy!.Restrictions)}");
        Assert.Null(FaultJudge.Judge(outcome).Fault);
        var found = outcome.AgentLog.Split('\n').Where(line => line.StartsWith("PROBE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', 3)).ToLookup(words => words[1], words => words[2]);
        Assert.Empty(Refused.Where(name => found[name].SingleOrDefault() is not "denied").Select(name => $"{name}: {string.Join(',', found[name])}"));
        Assert.Equal(
            [uid, uid, "lo", "absent", "1", "2", "agent"],
            new[] { "uid", "gid", "interfaces", "clone3", "NoNewPrivs", "Seccomp", "hostname" }.Select(name => found[name].Single()));
        Assert.All((string[])["CapEff", "CapPrm", "CapBnd"], name => Assert.Equal("0000000000000000", found[name].Single()));
        Assert.Equal((8L << 20, 64L << 20), (Number("tmp-bytes"), Number("shm-bytes")));
        Assert.Equal((8192L, 0L, 4L << 30), (Number("nofile"), Number("core"), Number("fsize")));
        Assert.InRange(Number("forks"), 32, 64);
        Assert.All(found["env"], variable => Assert.Contains(variable.Split('=')[0], KnownVariables));
        Assert.InRange(Number("groups"), 0, 1);

        long Number(string name) => long.Parse(found[name].Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Play_Any_PolicyReadBackSaysWhatIsInForce()
    {
        var (outcome, _) = await fixture.HonestAsync(40);

        var policy = outcome.Policy!;
        Assert.Equal((1, fixture.Engine.Name), (policy.Version, policy.Engine));
        var expected = new Dictionary<string, string>
        {
            ["network"] = "none",
            ["root"] = "read-only",
            ["user"] = "1000:1000",
            ["capabilities"] = "dropped ALL",
            ["no-new-privileges"] = "true",
            ["memory"] = "67108864",
            ["memory+swap"] = "67108864",
            ["cpus"] = "1",
            ["pids"] = "64",
            ["ipc"] = "private",
            ["init"] = "true",
            ["privileged"] = "false",
            ["tmpfs"] = "/tmp rw,exec,nosuid,nodev,mode=1777,size=8388608,nr_inodes=4096",
            ["ulimits"] = "core=0,fsize=4294967296,nofile=8192,nproc=32768",
            ["mounts"] = "/palio read-only",
        };
        Assert.Equal(expected, policy.Restrictions.Where(restriction => expected.ContainsKey(restriction.Key)).ToDictionary());
        Assert.StartsWith("palio-", policy.Restrictions["seccomp"], StringComparison.Ordinal);
    }
}
