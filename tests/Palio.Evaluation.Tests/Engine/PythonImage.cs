using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>The image with Python from Debian's packages, made when it is not there, and images of one Python program on top of it.</summary>
internal static class PythonImage
{
    private static readonly SemaphoreSlim One = new(1);
    private static string? _image;

    /// <summary>Its name.</summary>
    public static async Task<string> FindAsync(DockerClient client)
    {
        await One.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _image ??= (await client.Images.InspectImageAsync(await MakeAsync(), TestContext.Current.CancellationToken)).ID!;
        }
        finally
        {
            One.Release();
        }
    }

    /// <summary>The id of an image whose command is a line of Python. It shares all its layers: a container that was made of it, and never started, is committed with its command.</summary>
    public static async Task<string> WithProgramAsync(DockerClient client, string python, string program)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var container = await client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = python, Cmd = ["python3", "-c", program] }, cancellationToken);
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

    private static async Task<string> MakeAsync()
    {
        var script = Path.Combine(Path.GetDirectoryName(EngineFixture.AttacksDirectory)!, "deploy/images/python-base");
        using var process = Process.Start(new ProcessStartInfo(script) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var name = (await process.StandardOutput.ReadToEndAsync(CancellationToken.None)).Trim();
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode is 0, await errors);
        return name;
    }
}
