using Palio.EndToEnd.Tests.Kit;

namespace Palio.EndToEnd.Tests.Challenges;

/// <summary>A phase with one submission a day, on a server of its own.</summary>
[Trait("needs", "engine")]
public sealed class QuotaTests
{
    [Fact]
    public async Task Push_OverTheLimit_IsRefusedWithExit5AndNothingIsQueued()
    {
        await Engine.MustHaveImagesAsync();
        await using var server = await ServerProcess.StartAsync("--no-worker");
        using var host = await Person.RegisterAsync(server, "harriet");
        await CartPole.PublishAsync(host, server, text => text.Replace("max_submissions_per_day: 100", "max_submissions_per_day: 1", StringComparison.Ordinal));
        using var ada = await Person.RegisterAsync(server, "ada");
        (await ada.PalioAsync("team", "create", "Ada")).MustEnd(0);
        (await ada.PalioAsync("participate", "cartpole", "--accept-terms")).MustEnd(0);
        (await ada.PalioAsync("push", Engine.AgentImage, "--phase", "cartpole/dev")).MustEnd(0);

        var result = (await ada.PalioAsync("push", Engine.RandomAgentImage, "--phase", "cartpole/dev")).MustEnd(5);

        // With one a day there is one at a time as well, and that is said first: the first still waits.
        Assert.Contains("at most 1", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, (int)(await ada.PalioAsync("submissions", "--json")).MustEnd(0).Json["total"]!);
        await Engine.RemoveNamesAsync(server.Url.Authority);
    }
}
