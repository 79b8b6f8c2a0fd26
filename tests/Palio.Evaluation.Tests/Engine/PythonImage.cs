using System.Collections.Concurrent;
using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>Images with Python from Debian's packages, made when they are not there, and images of one Python program on top of them.</summary>
internal static class PythonImage
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = [];

    /// <summary>The id of the image that has these Debian packages beside Python.</summary>
    public static async Task<string> FindAsync(DockerClient client, params string[] packages)
    {
        var name = await Made.GetOrAdd(string.Join(' ', packages), _ => new Lazy<Task<string>>(() => MakeAsync(packages))).Value;
        return (await client.Images.InspectImageAsync(name, TestContext.Current.CancellationToken)).ID!;
    }

    /// <summary>The id of an image whose command is a Python program. It shares all its layers: a container that was made of it, and never started, is committed with its command.</summary>
    public static async Task<string> WithProgramAsync(DockerClient client, string python, string program, params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var container = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters { Image = python, Cmd = ["python3", "-c", program, .. arguments] }, cancellationToken);
        try
        {
            var committed = await client.Images.CommitContainerChangesAsync(
                new CommitContainerChangesParameters { ContainerID = container.ID }, cancellationToken);
            return committed.ID;
        }
        finally
        {
            await client.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true }, cancellationToken);
        }
    }

    private static async Task<string> MakeAsync(string[] packages)
    {
        var script = Path.Combine(Path.GetDirectoryName(EngineFixture.AttacksDirectory)!, "deploy/images/python-base");
        using var process = Process.Start(new ProcessStartInfo(script, packages) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var name = (await process.StandardOutput.ReadToEndAsync(CancellationToken.None)).Trim();
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode is 0, await errors);
        return name;
    }
}
