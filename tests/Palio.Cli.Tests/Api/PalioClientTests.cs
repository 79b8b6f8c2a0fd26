using Palio.Cli.Api;

namespace Palio.Cli.Tests.Api;

public sealed class PalioClientTests
{
    [Theory]
    [InlineData(0, 300)]
    [InlineData(16 * 1024, 301)]
    [InlineData(2_000_000, 422)]
    public void TimeFor_AFile_GrowsWithIt(int bytes, int seconds)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "submissions/file") { Content = new ByteArrayContent(new byte[bytes]) };

        Assert.Equal(TimeSpan.FromSeconds(seconds), PalioClient.TimeFor(request));
    }

    [Fact]
    public void TimeFor_AQuestion_IsFiveMinutes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "challenges");

        Assert.Equal(TimeSpan.FromMinutes(5), PalioClient.TimeFor(request));
    }
}
