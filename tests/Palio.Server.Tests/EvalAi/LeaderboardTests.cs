using System.Net;
using System.Text.Json;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

public sealed class LeaderboardTests
{
    private static readonly string[] Keys =
    [
        "id", "submission__participant_team", "submission__participant_team__team_name", "submission__participant_team__team_url", "submission__is_baseline",
        "submission__is_public", "challenge_phase_split", "result", "error", "filtering_score", "filtering_error", "leaderboard__schema", "submission__submitted_at",
        "submission__method_name", "submission__id", "submission__submission_metadata", "submission__is_verified_by_host",
    ];

    [Fact]
    public async Task Board_IsInOrder_WithEvalAisKeys_AndInPages()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var rival = await played.JoinAsync("rita", "Rivals");
        await PlayAsync(played, played.Participant, "pole/players", 1);
        await PlayAsync(played, rival, "pole/rivals", 2);
        var path = $"/api/jobs/challenge_phase_split/{scene.Split}/leaderboard/";
        var board = (await played.Palio.Anonymous.AskAsync(path)).Ok();
        Assert.Equal(2, board["count"].GetInt32());
        var first = board["results"][0];
        Assert.Equal(Keys.Order(), first.EnumerateObject().Select(key => key.Name).Order());
        Assert.Equal(("Rivals", "[2]"), (first.GetProperty("submission__participant_team__team_name").GetString(), first.GetProperty("result").GetRawText()));
        Assert.Equal("score", first.GetProperty("leaderboard__schema").GetProperty("labels")[0].GetString());
        Assert.Equal("2026-05-20T12:00:00Z", first.GetProperty("submission__submitted_at").GetString());
        var second = (await played.Palio.Anonymous.AskAsync($"{path}?page=2&page_size=1&order_by=unknown")).Ok();
        Assert.Equal("Players", second["results"][0].GetProperty("submission__participant_team__team_name").GetString());
        Assert.Equal((JsonValueKind.Null, $"http://localhost{path}?page_size=1&order_by=unknown"), (second["next"].ValueKind, second["previous"].GetString()));
    }

    [Fact]
    public async Task PrivateEntries_AreTheHostsAlone()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var made = await PlayAsync(played, played.Participant, "pole/players", 1);
        await played.Participant.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{made}", new UpdateSubmissionRequest { Public = false });
        Assert.Equal(0, (await played.Host.AskAsync($"/api/jobs/challenge_phase_split/{scene.Split}/leaderboard/")).Ok()["count"].GetInt32());
        var all = $"/api/jobs/phase_split/{scene.Split}/public_leaderboard_all_entries/";
        Assert.False((await played.Host.AskAsync(all)).Ok()["results"][0].GetProperty("submission__is_public").GetBoolean());
        (await played.Participant.AskAsync(all)).Is(HttpStatusCode.BadRequest, """{"error": "Sorry, you are not authorized to make this request!"}""");
    }

    [Theory]
    [InlineData("visibility: 1", HttpStatusCode.BadRequest)]
    [InlineData("visibility: 2", HttpStatusCode.OK)]
    public async Task Board_ThatIsNotPublic_IsRefused_OrShowsTeamsTheirOwn(string visibility, HttpStatusCode status)
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("visibility: 3", visibility, StringComparison.Ordinal));
        var scene = await EvalAiScene.OfAsync(played);
        var rival = await played.JoinAsync("rita", "Rivals");
        await PlayAsync(played, played.Participant, "pole/players", 1);
        await PlayAsync(played, rival, "pole/rivals", 2);
        var path = $"/api/jobs/challenge_phase_split/{scene.Split}/leaderboard/";
        (await played.Palio.Anonymous.AskAsync(path)).Is(HttpStatusCode.BadRequest, """{"error": "Sorry, the leaderboard is not public!"}""");
        var own = (await played.Participant.AskAsync(path)).Ok(status);
        Assert.Equal(2, (await played.Host.AskAsync(path)).Ok()["count"].GetInt32());
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal("Players", own["results"].EnumerateArray().Single().GetProperty("submission__participant_team__team_name").GetString());
        }
    }

    [Fact]
    public async Task AnonymousBoard_TellsNothingOfOtherTeams()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("published: true", "published: true\nanonymous_leaderboard: true", StringComparison.Ordinal));
        var scene = await EvalAiScene.OfAsync(played);
        await PlayAsync(played, played.Participant, "pole/players", 1);
        var row = (await played.Palio.Anonymous.AskAsync($"/api/jobs/challenge_phase_split/{scene.Split}/leaderboard/")).Ok()["results"][0];
        Assert.Equal((0, "Team 1", ""), (row.GetProperty("submission__participant_team").GetInt32(), row.GetProperty("submission__participant_team__team_name").GetString(),
            row.GetProperty("submission__participant_team__team_url").GetString()));
    }

    [Fact]
    public async Task Board_ThatShowsNoScoresButTheTime_SaysSoToAllButHosts()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace(
            "visibility: 3,", "visibility: 3, show_scores_on_leaderboard: false, show_execution_time: true,", StringComparison.Ordinal));
        var scene = await EvalAiScene.OfAsync(played);
        await PlayAsync(played, played.Participant, "pole/players", 1);
        var path = $"/api/jobs/challenge_phase_split/{scene.Split}/leaderboard/";
        var row = (await played.Participant.AskAsync(path)).Ok()["results"][0];
        Assert.Equal(("[]", JsonValueKind.Null, false), (row.GetProperty("result").GetRawText(), row.GetProperty("error").ValueKind, row.TryGetProperty("filtering_score", out _)));
        Assert.Equal("0.0", row.GetProperty("submission__execution_time").GetString());
        Assert.Equal("[1]", (await played.Host.AskAsync(path)).Ok()["results"][0].GetProperty("result").GetRawText());
    }

    private static async Task<int> PlayAsync(PlayedChallenge played, HttpClient team, string repository, double value)
    {
        var made = await team.PostAsync<SubmissionSummary>(
            "/api/v1/submissions", new SubmitRequest { Challenge = "pole", Phase = "dev", Digest = played.Palio.Images.Add(repository, $"agent of {repository}") });
        await played.PlayAsync(await played.LeaseAsync(), value);
        return made.Id;
    }
}
