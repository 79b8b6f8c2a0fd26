using Palio.EndToEnd.Tests.Kit;

namespace Palio.EndToEnd.Tests.Challenges;

/// <summary>What hosts bring from EvalAI, from the file or the image to the rank.</summary>
[Collection(EvalAiCollection.Name), Trait("needs", "engine")]
public sealed class EvalAiTests(EvalAiScene scene)
{
    [Fact]
    public async Task Push_AgentMadeForEvalAi_IsRankedAndTheBoardSaysWhoScored()
    {
        using var ada = await scene.JoinAsync("ada", "walk");

        var ended = (await ada.PalioAsync("push", EvalAiScene.AgentImage, "--phase", "walk/main", "--wait", "--json")).MustEnd(0);

        Assert.Equal("finished", (string?)ended.Json["evaluations"]![0]!["state"]);
        var board = (await ada.PalioAsync("leaderboard", "walk/main", "--json")).MustEnd(0).Json;
        var entry = Assert.Single(board["entries"]!.AsArray())!;
        Assert.Equal((1, "Team ada", 20.0), ((int)entry["rank"]!, (string?)entry["team"], (double)entry["scores"]![0]!["value"]!));
        using var browser = new HttpClient { BaseAddress = scene.Server.Url };
        Assert.Contains("scored by the environment", await browser.GetStringAsync(new Uri("challenges/walk/leaderboard", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(await Engine.ContainersAsync(scene.Server));
        Assert.Empty(await Engine.VolumesAsync(scene.Server));
    }

    [Fact]
    public async Task Push_PhaseThatLeavesOpenWhoScores_IsPlayedAgainByTheEnvironmentsOwnRules()
    {
        using var cleo = await scene.JoinAsync("cleo", "walk");

        var ended = (await cleo.PalioAsync("push", EvalAiScene.AgentImage, "--phase", "walk/open", "--wait", "--json")).MustEnd(0);

        var evaluation = Assert.Single(ended.Json["evaluations"]!.AsArray())!;
        Assert.Equal(("finished", 20.0), ((string?)evaluation["state"], (double)evaluation["scores"]![0]!["value"]!));
        var phases = (await cleo.PalioAsync("challenge", "show", "walk", "--json")).MustEnd(0).Json["phases"]!.AsArray();
        Assert.Equal(["environment", "environment"], phases.Select(phase => (string?)phase!["scoredBy"]));
    }

    [Fact]
    public async Task SubmitFile_ScoredByTheHostsScript_IsRankedOrToldWhyNot()
    {
        using var bob = await scene.JoinAsync("bob", "guess");

        var good = (await SubmitAsync(bob, "1 2 3 5", 0)).Json;
        var unreadable = await SubmitAsync(bob, "1 two 3", 8);
        var empty = await SubmitAsync(bob, "\n", 8);

        Assert.Equal("finished", (string?)good["evaluations"]![0]!["state"]);
        Assert.Contains("invalid literal for int() with base 10: 'two'", Message(unreadable), StringComparison.Ordinal);
        Assert.Contains("Accuracy", Message(empty), StringComparison.Ordinal);
        var board = (await bob.PalioAsync("leaderboard", "guess/test", "--json")).MustEnd(0).Json;
        var entry = Assert.Single(board["entries"]!.AsArray())!;
        Assert.Equal((1, 0.75), ((int)entry["rank"]!, (double)entry["scores"]![0]!["value"]!));
        Assert.Contains("scoring submission", (await bob.PalioAsync("logs", $"{good["summary"]!["id"]}")).MustEnd(0).Output, StringComparison.Ordinal);
        Assert.Empty(await Engine.ContainersAsync(scene.Server));
        Assert.Empty(await Engine.VolumesAsync(scene.Server));
    }

    [Fact]
    public async Task Push_ImageThatWritesItsFile_IsScoredByTheScriptAndTheFileKept()
    {
        using var dora = await scene.JoinAsync("dora", "copy");

        var ended = (await dora.PalioAsync("push", EvalAiScene.WriterImage, "--phase", "copy/test", "--wait", "--json")).MustEnd(0).Json;

        var evaluation = ended["evaluations"]![0]!;
        Assert.Equal((1.0, "submission.csv"), ((double)evaluation["scores"]![0]!["value"]!, (string?)evaluation["writtenFile"]));
        Assert.Contains("wrote 1 2 3 4", (await dora.PalioAsync("logs", $"{ended["summary"]!["id"]}")).MustEnd(0).Output, StringComparison.Ordinal);
        using var browser = new HttpClient { BaseAddress = scene.Server.Url };
        browser.DefaultRequestHeaders.Authorization = new("Bearer", await dora.TokenAsync());
        Assert.Equal("1 2 3 4\n", await browser.GetStringAsync(new Uri($"api/v1/submissions/{ended["summary"]!["id"]}/file", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Empty(await Engine.VolumesAsync(scene.Server));
    }

    private static string Message(Run run) => (string)run.Json["evaluations"]![0]!["fault"]!["message"]!;

    private static async Task<Run> SubmitAsync(Person person, string content, int exit)
    {
        var file = Path.Combine(person.Folder, "guess.txt");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        return (await person.PalioAsync("submit", "--file", file, "--phase", "guess/test", "--wait", "--json")).MustEnd(exit);
    }
}
