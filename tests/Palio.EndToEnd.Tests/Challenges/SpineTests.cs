using System.Text.RegularExpressions;
using Palio.EndToEnd.Tests.Kit;

namespace Palio.EndToEnd.Tests.Challenges;

/// <summary>The path everything hangs on: image pushed, agent played, score on the board.</summary>
[Collection(CartPoleCollection.Name), Trait("needs", "engine")]
public sealed partial class SpineTests(CartPole cartPole)
{
    [Fact]
    public async Task DockerPushAndSubmit_GoodAgent_ScoresOnTheLeaderboard()
    {
        using var ada = await cartPole.JoinAsync("ada");
        var repository = (string)(await ada.PalioAsync("challenge", "show", "cartpole", "--json")).MustEnd(0).Json["repository"]!;
        var image = $"{repository}:v1";
        (await ada.DockerAsync(["login", "-u", "ada", "--password-stdin", cartPole.Server.Url.Authority], await ada.TokenAsync())).MustEnd(0);
        (await ada.DockerAsync(["tag", Engine.AgentImage, image])).MustEnd(0);
        var pushed = (await ada.DockerAsync(["push", image])).MustEnd(0);

        var ended = (await ada.PalioAsync("submit", $"{repository}@{Digest().Match(pushed.Output).Value}", "--phase", "cartpole/dev", "--wait", "--json")).MustEnd(0);

        var evaluation = ended.Json["evaluations"]![0]!;
        Assert.Equal("finished", (string?)evaluation["state"]);
        Assert.Equal(10, (int)evaluation["episodesDone"]!);
        var entry = await EntryAsync(ada, "Team ada");
        Assert.True((double)entry["scores"]![0]!["value"]! > 450, entry.ToJsonString());
        var episodes = (await ada.PalioAsync("episodes", $"{ended.Json["summary"]!["id"]}", "--json")).MustEnd(0);
        Assert.Equal(10, episodes.Json["episodes"]!.AsArray().Count);
        Assert.Empty(await Engine.ContainersAsync(cartPole.Server));
        Assert.Empty(await Engine.VolumesAsync(cartPole.Server));
    }

    [Fact]
    public async Task Push_SameImageTwice_IsOneSubmission()
    {
        using var bob = await cartPole.JoinAsync("bob");

        var first = (await bob.PalioAsync("push", Engine.RandomAgentImage, "--phase", "cartpole/dev", "--wait", "--json")).MustEnd(0);
        var second = (await bob.PalioAsync("push", Engine.RandomAgentImage, "--phase", "cartpole/dev", "--json")).MustEnd(0);

        Assert.Equal((int)first.Json["summary"]!["id"]!, (int)second.Json["id"]!);
        var entry = await EntryAsync(bob, "Team bob");
        Assert.True((double)entry["scores"]![0]!["value"]! < 100, entry.ToJsonString());
    }

    [Fact]
    public async Task SkopeoPush_DirectoryImage_CanBeSubmitted()
    {
        using var cleo = await cartPole.JoinAsync("cleo");
        var repository = (string)(await cleo.PalioAsync("challenge", "show", "cartpole", "--json")).MustEnd(0).Json["repository"]!;
        var digestFile = Path.Combine(cleo.Folder, "digest");
        var archive = Path.Combine(cleo.Folder, "agent.tar");
        (await cleo.DockerAsync(["save", "-o", archive, Engine.RandomAgentImage])).MustEnd(0);

        (await Run.ProgramAsync("skopeo", ["copy", "--insecure-policy", "--format", "oci", "--dest-tls-verify=false", "--dest-creds", $"cleo:{await cleo.TokenAsync()}", "--digestfile", digestFile,
            $"docker-archive:{archive}", $"docker://{repository}:skopeo"])).MustEnd(0);

        var digest = (await File.ReadAllTextAsync(digestFile, TestContext.Current.CancellationToken)).Trim();
        (await cleo.PalioAsync("submit", digest, "--phase", "cartpole/dev", "--wait")).MustEnd(0);
    }

    [Fact]
    public async Task ServerKilled_InTheMiddle_GivesTheSameScoreAndLeavesNoContainer()
    {
        using var dora = await cartPole.JoinAsync("dora");
        var usual = (await dora.PalioAsync("push", Engine.AgentImage, "--phase", "cartpole/dev", "--wait", "--json")).MustEnd(0);
        var before = TimeProvider.System.GetUtcNow();
        var again = (await dora.PalioAsync("push", Engine.AgentImage, "--phase", "cartpole/dev", "--again", "--json")).MustEnd(0);
        var id = (int)again.Json["id"]!;
        await Engine.ContainerStartedAsync(cartPole.Server, before);

        await cartPole.Server.KillAsync();
        await cartPole.Server.StartAgainAsync();

        var ended = (await dora.PalioAsync("status", $"{id}", "--follow", "--json")).MustEnd(0);
        Assert.Equal(Score(usual.Json["evaluations"]![0]!), Score(ended.Json["evaluations"]![0]!));
        Assert.Single(ended.Json["evaluations"]!.AsArray());
        Assert.Equal(10, (int)ended.Json["evaluations"]![0]!["episodesDone"]!);
        Assert.Empty(await Engine.ContainersAsync(cartPole.Server));
        Assert.Empty(await Engine.VolumesAsync(cartPole.Server));
    }

    private static double Score(System.Text.Json.Nodes.JsonNode evaluation) => (double)evaluation["scores"]![0]!["value"]!;

    private static async Task<System.Text.Json.Nodes.JsonNode> EntryAsync(Person person, string team)
    {
        var board = (await person.PalioAsync("leaderboard", "cartpole/dev", "--json")).MustEnd(0);
        return Assert.Single(board.Json["entries"]!.AsArray(), entry => (string?)entry!["team"] == team)!;
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();
}
