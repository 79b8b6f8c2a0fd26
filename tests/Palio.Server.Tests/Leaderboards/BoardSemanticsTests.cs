using System.Net;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Leaderboards;

/// <summary>What EvalAI's keys mean for a board.</summary>
public sealed class BoardSemanticsTests
{
    private const string Address = "/api/v1/challenges/pole/phases/dev/leaderboard";

    private static string TwoMetrics => TestBundle.Config
        .Replace("labels: [score]", "labels: [score, length]", StringComparison.Ordinal)
        .Replace("score: {from: return, aggregate: mean}", "score: {from: return, aggregate: mean}\n        length: {from: steps, aggregate: mean}", StringComparison.Ordinal);

    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(true, true, 1)]
    [InlineData(false, false, 1)]
    public async Task HostsEntry_OnAPublicPhase_StandsAsBaselineOnly(bool isPublic, bool isBaseline, int rows)
    {
        await using var played = await PlayedChallenge.StartAsync(Config("is_public: true", $"is_public: {(isPublic ? "true" : "false")}"));
        await JoinAsync(played.Host, "Staff");
        var made = await SubmitAsync(played, played.Host, "staff", 5, 9);
        if (isBaseline)
        {
            await played.Host.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{made}", new UpdateSubmissionRequest { Baseline = true });
        }

        Assert.Equal(rows, (await BoardAsync(played.Host)).Entries.Count);
        Assert.Equal(rows, (await BoardAsync(played.Host, "?private=true")).Entries.Count);
    }

    [Fact]
    public async Task Participant_WhoBecomesAHost_LeavesTheBoard()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await SubmitAsync(played, played.Participant, "players", 5, 9);
        Assert.Single((await BoardAsync(played.Palio.Anonymous)).Entries);
        var team = Assert.Single(await played.Host.GetAsync<IReadOnlyList<TeamSummary>>("/api/v1/teams?kind=host"));
        var invitation = await played.Host.PostAsync<TeamInvitation>($"/api/v1/teams/host/{team.Id}/invitations");

        await played.Participant.PostAsync<TeamSummary>($"/api/v1/invitations/{invitation.Code}/accept");

        Assert.Empty((await BoardAsync(played.Palio.Anonymous)).Entries);
    }

    [Fact]
    public async Task Team_WithABannedMember_IsOnNoBoard()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await SubmitAsync(played, played.Participant, "players", 5, 9);
        await SubmitAsync(played, await played.JoinAsync("rita", "Rivals"), "rivals", 4, 9);
        using var banned = await played.Host.PublishAsync(TestBundle.Zip(Config("published: true", "published: true\nbanned_email_ids: [PIA@example.org]")));
        Assert.Equal(HttpStatusCode.OK, banned.StatusCode);

        var entry = Assert.Single((await BoardAsync(played.Palio.Anonymous)).Entries);
        Assert.Equal(("Rivals", 1), (entry.Team, entry.Rank));
        Assert.Single((await BoardAsync(played.Host, "?private=true")).Entries);
    }

    [Fact]
    public async Task Order_ByAnotherMetric_ShowsEachTeamsBestByThatOne()
    {
        await using var played = await PlayedChallenge.StartAsync(TwoMetrics);
        var strong = await SubmitAsync(played, played.Participant, "players", 9, 10);
        var longest = await SubmitAsync(played, played.Participant, "players", 1, 40);
        var rival = await SubmitAsync(played, await played.JoinAsync("rita", "Rivals"), "rivals", 5, 20);
        var hidden = await SubmitAsync(played, played.Participant, "players", 0, 50, shown: false);

        Assert.Equal([strong, rival], await OrderAsync(played.Palio.Anonymous, ""));
        Assert.Equal([longest, rival], await OrderAsync(played.Palio.Anonymous, "?sort=length"));
        Assert.Equal([hidden, rival], await OrderAsync(played.Host, "?sort=length&private=true"));
        await played.Palio.Anonymous.SendAsync(HttpMethod.Get, $"{Address}?sort=nothing").RefusedAsync(HttpStatusCode.BadRequest, "validation");
    }

    [Fact]
    public async Task Order_WhereTheLatestCounts_IsTheLatestByEveryMetric()
    {
        await using var played = await PlayedChallenge.StartAsync(TwoMetrics.Replace(
            "visibility: 3", "visibility: 3, show_leaderboard_by_latest_submission: true", StringComparison.Ordinal));
        await SubmitAsync(played, played.Participant, "players", 9, 40);
        var latest = await SubmitAsync(played, played.Participant, "players", 1, 10);

        foreach (var query in new[] { "", "?sort=length", "?private=true" })
        {
            Assert.Equal([latest], await OrderAsync(played.Host, query));
        }

        Assert.True((await BoardAsync(played.Host)).Split.ByLatest);
    }

    [Theory]
    [InlineData("visibility: 1", false, 1)]
    [InlineData("visibility: 2", true, 1)]
    [InlineData("visibility: 3", true, 0)]
    public async Task PrivateSubmission_StandsWhereTheBoardIsNotPublic(string visibility, bool isSeen, int rows)
    {
        await using var played = await PlayedChallenge.StartAsync(Config("visibility: 3", visibility));
        await SubmitAsync(played, played.Participant, "players", 5, 9, shown: false);

        Assert.Equal(rows, (await BoardAsync(played.Host)).Entries.Count(entry => entry.Private));
        using var own = await played.Participant.SendAsync(HttpMethod.Get, Address);
        Assert.Equal(isSeen ? HttpStatusCode.OK : HttpStatusCode.NotFound, own.StatusCode);
        if (isSeen)
        {
            Assert.Equal(rows, (await BoardAsync(played.Participant)).Entries.Count);
            Assert.Empty((await BoardAsync(await played.JoinAsync("rita", "Rivals"))).Entries);
        }
    }

    [Fact]
    public async Task Values_KeptFromParticipants_AreTheHostsAlone()
    {
        await using var played = await PlayedChallenge.StartAsync(Config("visibility: 3", "visibility: 3, show_scores_on_leaderboard: false, show_execution_time: true"));
        await SubmitAsync(played, played.Participant, "players", 5, 9);

        var entry = Assert.Single((await BoardAsync(played.Participant)).Entries);
        Assert.Equal((1, 0, 7.5), (entry.Rank, entry.Scores.Count, entry.ExecutionSeconds));
        Assert.Equal(5, Assert.Single((await BoardAsync(played.Host)).Entries).Scores[0].Value);
        var csv = await played.Palio.Anonymous.GetStringAsync("/challenges/pole/leaderboard/dev/Hidden/csv", TestContext.Current.CancellationToken);
        Assert.EndsWith(",false,,,,,,7.5\r\n", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Visibility_AfterTheEnd_IsTheHostsToChange()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await SubmitAsync(played, played.Participant, "players", 5, 9);
        played.Palio.Time.Advance(TimeSpan.FromDays(300));
        var host = played.Palio.With((await played.Palio.SignInAsync("hanna", "hanna likes long passwords")).Secret);
        var participant = played.Palio.With((await played.Palio.SignInAsync("pia", "pia likes long passwords")).Secret);

        await participant.SendAsync(HttpMethod.Patch, $"/api/v1/submissions/{made}", new UpdateSubmissionRequest { Public = false }).RefusedAsync(HttpStatusCode.Conflict, "state");
        await participant.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{made}", new UpdateSubmissionRequest { Public = true, MethodName = "Named" });
        await host.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{made}", new UpdateSubmissionRequest { Public = false });
        Assert.Empty((await BoardAsync(played.Palio.Anonymous)).Entries);
    }

    private static string Config(string before, string after) => TestBundle.Config.Replace(before, after, StringComparison.Ordinal);

    private static Task<Leaderboard> BoardAsync(HttpClient client, string query = "") => client.GetAsync<Leaderboard>(Address + query);

    private static async Task<IEnumerable<int>> OrderAsync(HttpClient client, string query) => (await BoardAsync(client, query)).Entries.Select(entry => entry.SubmissionId);

    private static async Task JoinAsync(HttpClient person, string team)
    {
        await person.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = team });
        await person.PostAsync<Participation>("/api/v1/challenges/pole/participation", new ParticipateRequest { AcceptTerms = true });
    }

    private static async Task<int> SubmitAsync(PlayedChallenge played, HttpClient person, string team, double value, long steps, bool? shown = null)
    {
        var digest = played.Palio.Images.Add($"pole/{team}", $"{team} {value} {steps}");
        var made = await person.PostAsync<SubmissionSummary>("/api/v1/submissions", new SubmitRequest { Challenge = "pole", Phase = "dev", Digest = digest, Public = shown });
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, new StateReport(EvaluationState.Running));
        foreach (var episode in job.Plan.Episodes)
        {
            var report = PlayedChallenge.EpisodeOf(episode.Ordinal, value);
            await played.ReportAsync(job, report with { Episode = report.Episode with { Steps = steps } });
        }

        played.Palio.Time.Advance(TimeSpan.FromSeconds(7.5));
        Assert.Equal(LeaseStanding.Held, await played.ReportAsync(job, PlayedChallenge.Finished(job)));
        return made.Id;
    }
}
