using Docker.DotNet.Models;
using Palio.Cli.Engine;
using Palio.Cli.Session;

namespace Palio.Cli.Tests.Engine;

public sealed class PushStreamTests
{
    private static readonly ImageName Name = new("palio.test/a/b", "1");

    [Fact]
    public void Report_Layers_AddsThemUp()
    {
        var last = (PushProgress?)null;
        var stream = new PushStream(new Sink(value => last = value));

        stream.Report(new JSONMessage { ID = "a", Status = "Pushing", Progress = new JSONProgress { Current = 50, Total = 100 } });
        stream.Report(new JSONMessage { ID = "b", Status = "Layer already exists" });
        stream.Report(new JSONMessage { ID = "a", Status = "Pushing", Progress = new JSONProgress { Current = 120, Total = 100 } });
        stream.Report(new JSONMessage { ID = "a", Status = "Pushed" });

        Assert.Equal(new PushProgress(100, 100, 2, 2), last);
    }

    [Fact]
    public void Digest_AtTheEnd_IsTaken()
    {
        var stream = new PushStream(new Sink(_ => { }));
        var digest = "sha256:" + new string('b', 64);

        stream.Report(new JSONMessage { Status = $"1: digest: {digest} size: 528" });

        Assert.Equal(digest, stream.Digest(Name));
    }

    [Theory]
    [InlineData("denied: requested access to the resource is denied", ExitCode.Auth)]
    [InlineData("unauthorized: authentication required", ExitCode.Auth)]
    [InlineData("received unexpected HTTP status: 500", ExitCode.PlatformFailed)]
    public void Digest_AfterAnError_IsTheError(string error, int exit)
    {
        var stream = new PushStream(new Sink(_ => { }));

        stream.Report(new JSONMessage { Error = new JSONError { Message = error } });

        Assert.Equal(exit, Assert.Throws<CliException>(() => stream.Digest(Name)).ExitCode);
    }

    [Theory]
    [InlineData("my-agent", "my-agent", "latest")]
    [InlineData("my-agent:2", "my-agent", "2")]
    [InlineData("localhost:5000/a/b", "localhost:5000/a/b", "latest")]
    [InlineData("localhost:5000/a/b:x", "localhost:5000/a/b", "x")]
    public void ImageName_Text_IsSplitAtTheTag(string text, string repository, string tag) => Assert.Equal(new ImageName(repository, tag), ImageName.Parse(text));

    private sealed class Sink(Action<PushProgress> take) : IProgress<PushProgress>
    {
        public void Report(PushProgress value) => take(value);
    }
}
