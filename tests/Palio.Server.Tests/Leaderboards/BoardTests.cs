using System.Net;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Leaderboards;

public sealed class BoardTests
{
    private const string Board = "/api/v1/challenges/pole/phases/dev/leaderboard";

    [Fact]
    public async Task Ranks_CarryTheUncertaintyOfTheirEpisodes()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var rival = await played.JoinAsync("rita", "Rivals");
        var third = await played.JoinAsync("tom", "Thirds");
        await PlayAsync(played, played.Participant, "pole/players", 9, 1, 5.3);
        await PlayAsync(played, rival, "pole/rivals", 1, 9, 5);
        await PlayAsync(played, third, "pole/thirds", 0, 0, 0.1);
        var board = await played.Palio.Anonymous.GetAsync<Leaderboard>(Board);
        Assert.Equal<(int?, int?, int?)>([(1, 1, 2), (2, 1, 2), (3, 3, 3)], board.Entries.Select(e => (e.Rank, e.RankHigh, e.RankLow)));
    }

    [Fact]
    public async Task Ranks_OfEntriesJudgedByAnotherDeclaration_AreNotComparedWithTheOthers()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await PlayAsync(played, played.Participant, "pole/players", 9, 9, 9);
        using var again = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config.Replace("max_steps: 50", "max_steps: 60", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await PlayAsync(played, await played.JoinAsync("rita", "Rivals"), "pole/rivals", 1, 1, 1);
        var board = await played.Palio.Anonymous.GetAsync<Leaderboard>(Board);
        Assert.Equal<(int?, int?, int?)>([(1, null, null), (2, 1, 2)], board.Entries.Select(e => (e.Rank, e.RankHigh, e.RankLow)));
    }

    [Fact]
    public async Task PrivateEntries_AreSeenByHostsWhoAsk_AndByNobodyElse()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await PlayAsync(played, played.Participant, "pole/players", 5, 5, 5);
        await played.Participant.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{made.Id}", new UpdateSubmissionRequest { Public = false });
        Assert.Empty((await played.Host.GetAsync<Leaderboard>(Board)).Entries);
        var entry = Assert.Single((await played.Host.GetAsync<Leaderboard>($"{Board}?private=true")).Entries);
        Assert.Equal((1, 1, true, 5.0), (entry.Rank ?? 0, entry.RankHigh ?? 0, entry.Private, entry.Scores[0].Value));
        await played.Participant.SendAsync(HttpMethod.Get, $"{Board}?private=true").RefusedAsync(HttpStatusCode.Forbidden, "forbidden");
        await played.Palio.Anonymous.SendAsync(HttpMethod.Get, $"{Board}?private=true").RefusedAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("visibility: 1", HttpStatusCode.NotFound, 0)]
    [InlineData("visibility: 2", HttpStatusCode.OK, 1)]
    public async Task Board_ThatIsNotPublic_ShowsTeamsTheirOwnOrNothing(string visibility, HttpStatusCode status, int rows)
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("visibility: 3", visibility, StringComparison.Ordinal));
        var rival = await played.JoinAsync("rita", "Rivals");
        await PlayAsync(played, played.Participant, "pole/players", 5, 5, 5);
        await PlayAsync(played, rival, "pole/rivals", 6, 6, 6);
        using var response = await rival.SendAsync(HttpMethod.Get, Board);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(2, (await played.Host.GetAsync<Leaderboard>(Board)).Entries.Count);
        if (rows > 0)
        {
            Assert.Equal("Rivals", Assert.Single((await rival.GetAsync<Leaderboard>(Board)).Entries).Team);
            Assert.Empty((await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Entries);
        }
    }

    [Fact]
    public async Task Phase_WithoutLeaderboardPublic_DecidesItselfWhatIsPublic()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config
            .Replace("leaderboard_public: true", "leaderboard_public: false", StringComparison.Ordinal)
            .Replace("is_submission_public: true", "is_submission_public: false", StringComparison.Ordinal));
        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", played.Request("agent") with { Public = true }).RefusedAsync(HttpStatusCode.Conflict, "state");
        var made = await PlayAsync(played, played.Participant, "pole/players", 5, 5, 5);
        Assert.False(made.Public);
        await played.Participant.SendAsync(HttpMethod.Patch, $"/api/v1/submissions/{made.Id}", new UpdateSubmissionRequest { Public = true })
            .RefusedAsync(HttpStatusCode.Conflict, "state");
        await played.Host.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{made.Id}", new UpdateSubmissionRequest { Public = true });
        Assert.Single((await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Entries);
    }

    private static async Task<SubmissionSummary> PlayAsync(PlayedChallenge played, HttpClient team, string repository, params double[] returns)
    {
        var made = await team.PostAsync<SubmissionSummary>(
            "/api/v1/submissions", new SubmitRequest { Challenge = "pole", Phase = "dev", Digest = played.Palio.Images.Add(repository, $"agent of {repository}") });
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, new StateReport(EvaluationState.Running));
        for (var i = 0; i < returns.Length; i++)
        {
            await played.ReportAsync(job, PlayedChallenge.EpisodeOf(i, returns[i]));
        }

        Assert.Equal(LeaseStanding.Held, await played.ReportAsync(job, PlayedChallenge.Finished(job)));
        return made;
    }
}
