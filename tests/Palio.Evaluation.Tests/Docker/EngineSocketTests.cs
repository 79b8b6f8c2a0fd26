using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Tests.Docker;

public sealed class EngineSocketTests
{
    private readonly Dictionary<string, string> _variables = [];
    private readonly HashSet<string> _sockets = [];

    [Fact]
    public void Find_Told_WinsOverEverything()
    {
        _variables["DOCKER_HOST"] = "tcp://elsewhere:2375";
        _sockets.Add("/run/docker.sock");

        Assert.Equal(new Uri("unix:///tmp/engine.sock"), Find("unix:///tmp/engine.sock"));
    }

    [Fact]
    public void Find_DockerHost_WinsOverSockets()
    {
        _variables["DOCKER_HOST"] = "tcp://elsewhere:2375";
        _sockets.Add("/run/docker.sock");

        Assert.Equal(new Uri("tcp://elsewhere:2375"), Find());
    }

    [Theory]
    [InlineData("/run/docker.sock")]
    [InlineData("/var/run/docker.sock")]
    [InlineData("/run/user/1000/docker.sock")]
    [InlineData("/run/podman/podman.sock")]
    [InlineData("/run/user/1000/podman/podman.sock")]
    [InlineData("/home/ada/.docker/run/docker.sock")]
    public void Find_OneSocket_IsFound(string path)
    {
        _variables["XDG_RUNTIME_DIR"] = "/run/user/1000";
        _variables["HOME"] = "/home/ada";
        _sockets.Add(path);

        Assert.Equal(new Uri($"unix://{path}"), Find());
    }

    [Fact]
    public void Find_None_SaysWhereItLookedAndWhatToInstall()
    {
        var exception = Assert.Throws<EngineUnavailableException>(() => Find());

        Assert.Contains("/run/docker.sock", exception.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install docker.io", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker")]
    [InlineData("ssh://host")]
    [InlineData("/run/docker.sock:2")]
    public void Find_NoAddress_SaysWhatToWrite(string told) =>
        Assert.Contains("unix:///run/docker.sock", Assert.Throws<EngineUnavailableException>(() => Find(told)).Message, StringComparison.Ordinal);

    private Uri Find(string? told = null) => EngineSocket.Find(told, _variables.GetValueOrDefault, _sockets.Contains);
}
