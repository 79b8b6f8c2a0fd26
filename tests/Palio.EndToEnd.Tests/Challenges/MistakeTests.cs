using Palio.EndToEnd.Tests.Kit;

namespace Palio.EndToEnd.Tests.Challenges;

/// <summary>Wrong things typed by people, on the real programs: the exit code, the words, and nothing half done.</summary>
[Collection(CartPoleCollection.Name), Trait("needs", "engine")]
public sealed class MistakeTests(CartPole cartPole)
{
    [Fact]
    public async Task Push_UnknownPhase_NamesThePhasesThereAre()
    {
        using var eve = await cartPole.JoinAsync("eve1");

        var result = (await eve.PalioAsync("push", Engine.AgentImage, "--phase", "cartpole/finals")).MustEnd(4);

        Assert.Contains("cartpole/dev", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_NotTakingPart_SaysWhatToRun()
    {
        using var eve = await Person.RegisterAsync(cartPole.Server, "eve2");

        var result = (await eve.PalioAsync("push", Engine.AgentImage, "--phase", "cartpole/dev")).MustEnd(6);

        Assert.Contains("palio participate cartpole --accept-terms", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_NoSuchImage_SaysHowToBuildIt()
    {
        using var eve = await cartPole.JoinAsync("eve3");

        var result = (await eve.PalioAsync("push", "no-such-image:1", "--phase", "cartpole/dev")).MustEnd(4);

        Assert.Contains("docker build -t no-such-image:1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_DigestThatWasNeverPushed_IsRefused()
    {
        using var eve = await cartPole.JoinAsync("eve4");

        var result = (await eve.PalioAsync("submit", "sha256:" + new string('0', 64), "--phase", "cartpole/dev", "--json")).MustEnd(6);

        Assert.Equal("image_missing", (string?)result.Json["error"]!["code"]);
        Assert.Equal(0, (int)(await eve.PalioAsync("submissions", "--json")).MustEnd(0).Json["total"]!);
    }

    [Fact]
    public async Task AnyCommand_RevokedToken_SaysSoAndWhatToRun()
    {
        using var eve = await cartPole.JoinAsync("eve5");
        var token = (await eve.PalioAsync("token", "create", "short", "--json")).MustEnd(0).Json;
        (await eve.PalioAsync("token", "revoke", $"{token["token"]!["id"]}")).MustEnd(0);

        var result = await eve.PalioAsync(["submissions", "--json"], "", ("PALIO_TOKEN", (string)token["secret"]!));

        result.MustEnd(3);
        Assert.Equal("token_revoked", (string?)result.Json["error"]!["code"]);
        Assert.Contains("palio login", (string?)result.Json["error"]!["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task DockerPush_AnotherTeamsRepository_IsDenied()
    {
        using var owner = await cartPole.JoinAsync("eve6");
        using var stranger = await cartPole.JoinAsync("eve7");
        var repository = (string)(await owner.PalioAsync("challenge", "show", "cartpole", "--json")).MustEnd(0).Json["repository"]!;
        (await stranger.DockerAsync(["login", "-u", "eve7", "--password-stdin", cartPole.Server.Url.Authority], await stranger.TokenAsync())).MustEnd(0);
        (await stranger.DockerAsync(["tag", Engine.RandomAgentImage, $"{repository}:stolen"])).MustEnd(0);

        var result = await stranger.DockerAsync(["push", $"{repository}:stolen"]);

        Assert.NotEqual(0, result.Exit);
        Assert.Contains("denied", result.Output + result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Publish_BrokenBundle_ShowsEveryMistakeWithItsPlace()
    {
        var folder = Path.Combine(cartPole.Host.Folder, "broken");
        (await cartPole.Host.PalioAsync("challenge", "init", folder)).MustEnd(0);
        var config = Path.Combine(folder, "challenge_config.yaml");
        var text = await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(config, text.Replace("step_time_limit: 100ms", "step_time_limit: soon", StringComparison.Ordinal)
            .Replace("templates/terms.md", "templates/missing.md", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var result = (await cartPole.Host.PalioAsync("challenge", "publish", folder)).MustEnd(6);

        Assert.Matches(@"challenge_config\.yaml:\d+:\d+: error: .*soon", result.Output);
        Assert.Contains("templates/missing.md", result.Output, StringComparison.Ordinal);
    }
}
