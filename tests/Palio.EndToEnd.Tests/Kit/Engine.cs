using System.Diagnostics;
using System.Globalization;

namespace Palio.EndToEnd.Tests.Kit;

/// <summary>The machine's container engine, through the docker command.</summary>
internal static class Engine
{
    public const string EnvironmentImage = "palio/cartpole-python-environment:latest";

    public const string AgentImage = "palio/cartpole-python-agent:latest";

    public const string RandomAgentImage = "palio/cartpole-python-random-agent:latest";

    public static async Task MustHaveImagesAsync()
    {
        var found = await Run.ProgramAsync("docker", ["image", "inspect", EnvironmentImage, AgentImage, RandomAgentImage]);
        Assert.True(found.Exit == 0, $"The starters' images are not there: run ./palio test, which builds them.\n{found.Error}");
    }

    /// <summary>Containers of the instance, also those that ended.</summary>
    public static async Task<IReadOnlyList<string>> ContainersAsync(ServerProcess server) => await ListAsync("ps", "-aq", server);

    public static async Task<IReadOnlyList<string>> VolumesAsync(ServerProcess server) => await ListAsync("volume ls", "-q", server);

    /// <summary>Listens to the engine until a container of the instance was started after this moment.</summary>
    public static async Task ContainerStartedAsync(ServerProcess server, DateTimeOffset since)
    {
        var seconds = since.ToUnixTimeMilliseconds() / 1000m;
        var start = new ProcessStartInfo("docker", ["events", "--since", seconds.ToString(CultureInfo.InvariantCulture), "--format", "{{.Status}}",
            "--filter", $"label=palio.instance={server.Instance}", "--filter", "event=start"]) { RedirectStandardOutput = true };
        using var events = Process.Start(start)!; // a started process is never null without UseShellExecute
        try
        {
            var line = await events.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal("start", line);
        }
        finally
        {
            events.Kill();
        }
    }

    /// <summary>Takes off the names that were given for pushing to a server, and those by which its worker pulled.</summary>
    public static async Task RemoveNamesAsync(string registry)
    {
        var names = await Run.ProgramAsync("docker", ["image", "ls", "--digests", "--format", "{{.Repository}} {{.Tag}} {{.Digest}}",
            "--filter", $"reference={registry}/*/*", "--filter", $"reference={registry}/*/*/*"]);
        foreach (var name in names.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')))
        {
            await Run.ProgramAsync("docker", ["image", "rm", name[1] == "<none>" ? $"{name[0]}@{name[2]}" : $"{name[0]}:{name[1]}"]);
        }
    }

    private static async Task<IReadOnlyList<string>> ListAsync(string command, string flag, ServerProcess server) =>
        (await Run.ProgramAsync("docker", [.. command.Split(' '), flag, "--filter", $"label=palio.instance={server.Instance}"])).MustEnd(0)
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
