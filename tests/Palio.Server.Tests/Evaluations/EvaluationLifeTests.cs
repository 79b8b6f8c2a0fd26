using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Features.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Evaluations;

public sealed class EvaluationLifeTests
{
    [Fact]
    public async Task Played_ToItsEnd_IsScoredAndOnTheBoard()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        Assert.Equal(3, job.Plan.Episodes.Count);
        Assert.Contains("/pole/players@sha256:", job.Agent.Reference, StringComparison.Ordinal);
        Assert.Equal(SubmissionState.Running, (await played.DetailAsync(made.Id)).Summary.State);
        await played.PlayAsync(job, 7.5);
        var detail = await played.DetailAsync(made.Id);
        Assert.Equal(SubmissionState.Finished, detail.Summary.State);
        Assert.Equal(7.5, detail.Summary.Score);
        Assert.Equal((7.5, 3, 3), (detail.Evaluations[0].Scores[0].Value, detail.Evaluations[0].Scores[0].Valid, detail.Evaluations[0].EpisodesDone));
        var episodes = await played.Participant.GetAsync<EpisodePage>($"/api/v1/evaluations/{detail.Evaluations[0].Id}/episodes?size=2");
        Assert.Equal((3, 2), (episodes.Total, episodes.NextOrdinal));
        var board = await played.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/pole/phases/dev/leaderboard");
        Assert.Equal((1, "Players", 7.5), (board.Entries[0].Rank, board.Entries[0].Team, board.Entries[0].Scores[0].Value));
    }

    [Fact]
    public async Task Board_KeepsTheBest_AndLosesWhatIsHiddenFlaggedOrDisqualified()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var good = await played.SubmitAsync("good");
        await played.PlayAsync(await played.LeaseAsync(), 9);
        await played.SubmitAsync("bad");
        await played.PlayAsync(await played.LeaseAsync(), 1);
        Assert.Equal([9.0], await ValuesAsync(played));
        await played.Participant.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{good.Id}", new UpdateSubmissionRequest { Public = false });
        Assert.Equal([1.0], await ValuesAsync(played));
        await played.Participant.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{good.Id}", new UpdateSubmissionRequest { Public = true });
        await played.Host.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{good.Id}", new UpdateSubmissionRequest { Flagged = true });
        Assert.Equal([1.0], await ValuesAsync(played));
        await played.Host.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{good.Id}", new UpdateSubmissionRequest { Flagged = false, Baseline = true });
        Assert.Equal([9.0, 1.0], await ValuesAsync(played));
        await played.Participant.SendAsync(HttpMethod.Patch, $"/api/v1/submissions/{good.Id}", new UpdateSubmissionRequest { Baseline = false })
            .RefusedAsync(HttpStatusCode.Forbidden, "forbidden");
        var participant = (await played.Host.GetAsync<Page<ParticipantRow>>("/api/v1/challenges/pole/participants")).Items[0].Participation;
        await played.Host.PostAsync<Participation>($"/api/v1/challenges/pole/participants/{participant.Id}/disqualify");
        Assert.Empty(await ValuesAsync(played));
    }

    [Fact]
    public async Task Report_LateOrRepeated_ChangesNothing()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        var first = await played.LeaseAsync();
        await played.ReportAsync(first, PlayedChallenge.EpisodeOf(0, 5));
        await played.ReportAsync(first, new StateReport(EvaluationState.Running));
        played.Palio.Time.Advance(TimeSpan.FromSeconds(61));
        await WatchAsync(played);
        played.Palio.Time.Advance(TimeSpan.FromSeconds(30));
        var second = await played.LeaseAsync();
        Assert.True(second.Lease.Fence > first.Lease.Fence);
        Assert.Equal([1, 2], second.Plan.Episodes.Select(e => e.Ordinal)); // the first is finished and is not played again
        Assert.Equal(LeaseStanding.Lost, await played.ReportAsync(first, PlayedChallenge.Finished(first)));
        Assert.Equal(LeaseStanding.Lost, await played.Jobs.HeartbeatAsync(first.Lease, TestContext.Current.CancellationToken));
        await played.ReportAsync(second, PlayedChallenge.EpisodeOf(0, 1000));
        await played.PlayAsync(second, 5);
        Assert.Equal(LeaseStanding.Lost, await played.ReportAsync(second, PlayedChallenge.Finished(second)));
        var detail = await played.DetailAsync(made.Id);
        Assert.Equal((5.0, 2), (detail.Summary.Score, detail.Evaluations[0].Attempts));
    }

    [Fact]
    public async Task Heartbeats_KeepALease()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        for (var i = 0; i < 5; i++)
        {
            played.Palio.Time.Advance(TimeSpan.FromSeconds(40));
            Assert.Equal(LeaseStanding.Held, await played.Jobs.HeartbeatAsync(job.Lease, TestContext.Current.CancellationToken));
            await WatchAsync(played);
        }

        await played.PlayAsync(job, 1);
    }

    [Fact]
    public async Task PlatformFault_IsRetriedThenGivenUp_AndDoesNotCount()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(SubmissionState.Waiting, (await played.DetailAsync(made.Id)).Summary.State);
            var job = await played.LeaseAsync();
            await played.ReportAsync(job, new FailedReport(Fault.Of(FaultCode.PlatformEngine, "The engine went away.")));
            played.Palio.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var detail = await played.DetailAsync(made.Id);
        Assert.Equal(SubmissionState.Failed, detail.Summary.State);
        Assert.False(detail.Summary.Counts);
        Assert.Equal(FaultCode.PlatformEngine, detail.Evaluations[0].Fault?.Code);
    }

    [Fact]
    public async Task AgentFault_Counts_AndBlameIsTheCatalogues()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, new FailedReport(Fault.Of(FaultCode.AgentCrashed, "Ended.") with { Blame = Blame.Platform }));
        var detail = await played.DetailAsync(made.Id);
        Assert.Equal((SubmissionState.Failed, true, Blame.Agent), (detail.Summary.State, detail.Summary.Counts, detail.Evaluations[0].Fault?.Blame));
    }

    [Fact]
    public async Task Finished_WithoutAllEpisodes_IsNoScore()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, PlayedChallenge.EpisodeOf(0, 5));
        await played.ReportAsync(job, PlayedChallenge.EpisodeOf(99, 5));
        await played.ReportAsync(job, PlayedChallenge.Finished(job));
        var detail = await played.DetailAsync(made.Id);
        Assert.Equal((SubmissionState.Waiting, (double?)null), (detail.Summary.State, detail.Summary.Score));
    }

    [Fact]
    public async Task Cancel_WhileQueued_IsAtOnce_AndDoesNotCount()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        await played.Participant.PostAsync<SubmissionDetail>($"/api/v1/submissions/{made.Id}/cancel");
        var detail = await played.DetailAsync(made.Id);
        Assert.Equal((SubmissionState.Cancelled, false), (detail.Summary.State, detail.Summary.Counts));
        await played.Participant.SendAsync(HttpMethod.Post, $"/api/v1/submissions/{made.Id}/cancel").RefusedAsync(HttpStatusCode.Conflict, "state");
    }

    [Fact]
    public async Task Cancel_WhileRunning_IsToldToTheWorker()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        await played.Participant.PostAsync<SubmissionDetail>($"/api/v1/submissions/{made.Id}/cancel");
        Assert.Equal(LeaseStanding.CancelRequested, await played.Jobs.HeartbeatAsync(job.Lease, TestContext.Current.CancellationToken));
        await played.ReportAsync(job, new FailedReport(Fault.Of(FaultCode.ParticipantCancelled, "Stopped.")));
        Assert.Equal(SubmissionState.Cancelled, (await played.DetailAsync(made.Id)).Summary.State);
    }

    [Fact]
    public async Task Rerun_ByTheHost_IsANewEvaluation()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 3);
        await played.Participant.SendAsync(HttpMethod.Post, $"/api/v1/submissions/{made.Id}/rerun").RefusedAsync(HttpStatusCode.Forbidden, "forbidden");
        await played.Host.PostAsync<SubmissionDetail>($"/api/v1/submissions/{made.Id}/rerun");
        await played.PlayAsync(await played.LeaseAsync(), 4);
        var detail = await played.DetailAsync(made.Id);
        Assert.Equal([4.0, 3.0], detail.Evaluations.Select(e => e.Scores[0].Value));
        Assert.Equal([4.0], await ValuesAsync(played));
    }

    [Fact]
    public async Task Start_TakesBackWhatTheSameWorkerHeld_WithoutBlame()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        var dead = await played.LeaseAsync();
        await played.ReportAsync(dead, PlayedChallenge.EpisodeOf(0, 2));
        await played.ReportAsync(dead, new ProgressReport(1, 3, 5));
        await played.Palio.App.Services.GetRequiredService<EvaluationWatchdog>().TakeBackFromAsync(PlayedChallenge.Worker.Name, TestContext.Current.CancellationToken);
        var resumed = await played.LeaseAsync();
        Assert.Equal([1, 2], resumed.Plan.Episodes.Select(e => e.Ordinal));
        await played.PlayAsync(resumed, 2);
        Assert.Equal(2, (await played.DetailAsync(made.Id)).Summary.Score);
    }

    [Fact]
    public async Task Lease_IsFairBetweenTeams()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("a1");
        await played.SubmitAsync("a2");
        var quinn = await played.Palio.PersonAsync("quinn");
        await quinn.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Q" });
        await quinn.PostAsync<Participation>("/api/v1/challenges/pole/participation", new ParticipateRequest { AcceptTerms = true });
        var later = await quinn.PostAsync<SubmissionSummary>(
            "/api/v1/submissions", new SubmitRequest { Challenge = "pole", Phase = "dev", Digest = played.Palio.Images.Add("pole/q", "q1") });
        await played.LeaseAsync();
        Assert.Equal(later.Id, (await played.LeaseAsync()).Lease.Submission);
    }

    [Fact]
    public async Task Lease_WaitsForWork_WithoutPolling()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var waiting = played.Jobs.LeaseAsync(PlayedChallenge.Worker, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        var made = await played.SubmitAsync("agent");
        Assert.Equal(made.Id, (await waiting)?.Lease.Submission);
    }

    [Fact]
    public async Task Events_ShowTheStateNow_AndEnd()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 3);
        using var response = await played.Participant.SendAsync(HttpMethod.Get, $"/api/v1/submissions/{made.Id}/events");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("event: update", text, StringComparison.Ordinal);
        Assert.Contains("event: end", text, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"finished\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_SeeNothingOfASubmission()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 3);
        var evaluation = (await played.DetailAsync(made.Id)).Evaluations[0].Id;
        var eve = await played.Palio.PersonAsync("eve");
        (HttpMethod Method, string Path)[] doors =
        [
            (HttpMethod.Get, $"/api/v1/submissions/{made.Id}"), (HttpMethod.Get, $"/api/v1/submissions/{made.Id}/events"),
            (HttpMethod.Post, $"/api/v1/submissions/{made.Id}/cancel"), (HttpMethod.Post, $"/api/v1/submissions/{made.Id}/rerun"),
            (HttpMethod.Get, $"/api/v1/evaluations/{evaluation}"), (HttpMethod.Get, $"/api/v1/evaluations/{evaluation}/episodes"),
            (HttpMethod.Get, $"/api/v1/evaluations/{evaluation}/log"), (HttpMethod.Get, $"/api/v1/evaluations/{evaluation}/episodes/0/record"),
        ];
        foreach (var (method, path) in doors)
        {
            await eve.SendAsync(method, path).RefusedAsync(HttpStatusCode.NotFound, "not_found");
            await played.Palio.Anonymous.SendAsync(method, path).RefusedAsync(HttpStatusCode.Unauthorized, "auth_required");
        }

        await eve.SendAsync(HttpMethod.Patch, $"/api/v1/submissions/{made.Id}", new UpdateSubmissionRequest { Public = false })
            .RefusedAsync(HttpStatusCode.NotFound, "not_found");
        await eve.SendAsync(HttpMethod.Get, "/api/v1/challenges/pole/participants").RefusedAsync(HttpStatusCode.Forbidden, "forbidden");
        await eve.SendAsync(HttpMethod.Post, "/api/v1/challenges/pole/phases/dev/pause").RefusedAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Life_OnPostgres_IsTheSame()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var played = await PlayedChallenge.StartAsync(postgres: postgres.ConnectionString);
        var made = await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 6);
        Assert.Equal(6, (await played.DetailAsync(made.Id)).Summary.Score);
        Assert.Equal([6.0], await ValuesAsync(played));
    }

    private static Task WatchAsync(PlayedChallenge played) =>
        played.Palio.App.Services.GetRequiredService<EvaluationWatchdog>().LookAsync(TestContext.Current.CancellationToken);

    private static async Task<List<double>> ValuesAsync(PlayedChallenge played) =>
        [.. (await played.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/pole/phases/dev/leaderboard")).Entries.Select(e => e.Scores[0].Value)];
}
