using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Features.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Workers;

public sealed class UpdateSubmissionTests
{
    [Fact]
    public async Task Life_FromQueueToBoard()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        Assert.Equal("queued", (await challenge.PatchAsync(submission, "queued")).Ok()["status"].GetString());
        Assert.Equal("queued", (await challenge.Worker.AskAsync(HttpMethod.Patch, $"/api/jobs/submission/{submission}/update_started_at/")).Ok()["status"].GetString());
        Assert.Equal("running", (await challenge.PatchAsync(submission, "RUNNING")).Ok()["status"].GetString());
        Assert.Equal("running", (await challenge.PatchAsync(submission, "running")).Ok()["status"].GetString()); // again
        Assert.Equal(SubmissionState.Running, (await challenge.SummaryAsync(submission)).State);

        (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result)).Is(HttpStatusCode.OK, """{"success": "Submission request has been successfully updated"}""");

        var detail = await challenge.Files.DetailAsync(submission);
        Assert.Equal((SubmissionState.Finished, 50.0), (detail.Summary.State, detail.Summary.Score));
        Assert.All(detail.Evaluations[0].Scores, score => Assert.Equal("first", score.Split)); // the second half is the hosts'
        Assert.Equal(4, (await challenge.Worker.GetAsync<SubmissionDetail>($"/api/v1/submissions/{submission}")).Evaluations[0].Scores.Count);
        var board = await challenge.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/guess/phases/test/leaderboard");
        Assert.Equal((1, 50.0), (board.Entries[0].Rank, board.Entries[0].Scores.Single(score => score.Metric == "Total").Value));
        var hosts = await challenge.Worker.GetAsync<Leaderboard>("/api/v1/challenges/guess/phases/test/leaderboard?split=Second half");
        Assert.Equal(75.0, hosts.Entries[0].Scores.Single(score => score.Metric == "Total").Value);
        Assert.Equal("out", (await challenge.Files.Participant.GetAsync<EvaluationLog>($"/api/v1/evaluations/{detail.Evaluations[0].Id}/log")).Agent);
    }

    [Fact]
    public async Task Result_WithoutAnyProgressBefore_IsTaken()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        (await challenge.PutAsync(submission, "finished", RemoteChallenge.Result)).Ok();
        Assert.Equal(SubmissionState.Finished, (await challenge.SummaryAsync(submission)).State);
    }

    [Fact]
    public async Task Results_ThatAreWrong_AreRefusedWithWhatIsWrong_AndChangeNothing()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        await challenge.PatchAsync(submission, "running");
        const string good = """{"Accuracy": 0.5, "Total": 50}""";
        foreach (var (result, text) in ((string?, string)[])[
            (null, "`result` is missing"),
            ("", "`result` is missing"),
            ("{}", "must be a list"),
            ("7", "must be a list"),
            ("[", "not JSON"),
            ("[]", "no split"),
            ("[1]", "Entry 1"),
            ($$"""[{"split": 1, "accuracies": {{good}}}]""", "Entry 1"),
            ("""[{"split": "first"}]""", "Entry 1"),
            ($$"""[{"split": "third", "accuracies": {{good}}}]""", "'third' is not one of this phase's"),
            ($$"""[{"split": "first", "accuracies": {{good}}}, {"split": "first", "accuracies": {{good}}}]""", "2 times"),
            ("""[{"split": "first", "accuracies": {"Total": 50}}]""", "lacks 'Accuracy'"),
            ("""[{"split": "first", "accuracies": {"Accuracy": 1, "Total": 50, "Speed": 1}}]""", "'Speed'"),
            ("""[{"split": "first", "accuracies": {"Accuracy": 1, "Total": 50, "Total": 51}}]""", "'Total' is in entry 1 of `result` twice"),
            ("""[{"split": "first", "accuracies": {"Accuracy": NaN, "Total": 50}}]""", "NaN"),
            ("""[{"split": "first", "accuracies": {"Accuracy": -Infinity, "Total": 50}}]""", "NaN or Infinity"),
            ("""[{"split": "first", "accuracies": {"Accuracy": 1e999, "Total": 50}}]""", "no finite number"),
            ("""[{"split": "first", "accuracies": {"Accuracy": "1", "Total": 50}}]""", "no finite number"),
            ("""[{"split": "first", "accuracies": {"Accuracy": true, "Total": 50}}]""", "no finite number"),
            ("""[{"split": "first", "accuracies": {"Accuracy": null, "Total": 50}}]""", "no finite number")])
        {
            await challenge.RefusesAsync(submission, "FINISHED", result, text);
        }

        await challenge.RefusesAsync(submission, "DONE", RemoteChallenge.Result, "status is invalid");
        await challenge.RefusesAsync(submission, "RUNNING", null, "status is invalid");
        Assert.Equal(HttpStatusCode.BadRequest, (await challenge.PatchAsync(submission, "FINISHED")).Status);
        Assert.Equal(SubmissionState.Running, (await challenge.SummaryAsync(submission)).State);
        Assert.Equal(0, await challenge.Palio.InDatabaseAsync(db => db.Scores.CountAsync()));
        Assert.Empty((await challenge.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/guess/phases/test/leaderboard")).Entries);
    }

    [Fact]
    public async Task Result_SentTwice_IsTakenOnce_AndAnotherIsRefused()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result)).Ok();
        (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result)).Ok();
        await challenge.RefusesAsync(submission, "FINISHED", RemoteChallenge.Result.Replace("50}", "51}", StringComparison.Ordinal), "has ended already: it is finished");
        await challenge.RefusesAsync(submission, "FAILED", null, "has ended already");
        await challenge.RefusesAsync(submission, "CANCELLED", null, "has ended already");
        Assert.Equal(HttpStatusCode.BadRequest, (await challenge.PatchAsync(submission, "running")).Status);
        Assert.Equal(50.0, (await challenge.SummaryAsync(submission)).Score);
        Assert.Equal(4, await challenge.Palio.InDatabaseAsync(db => db.Scores.CountAsync()));
    }

    [Fact]
    public async Task Failure_IsTheHostsWord_AndCostsTheTeamNothing()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        (await challenge.PutAsync(submission, "FAILED", stderr: "line 3: no number")).Ok();
        (await challenge.PutAsync(submission, "FAILED", stderr: "again")).Ok();
        var detail = await challenge.Files.DetailAsync(submission);
        Assert.Equal((SubmissionState.Failed, false), (detail.Summary.State, detail.Summary.Counts));
        Assert.Equal((FaultCode.HostWorkerFailed, Blame.Host, "line 3: no number"), (detail.Evaluations[0].Fault!.Code, detail.Evaluations[0].Fault!.Blame, detail.Evaluations[0].Fault!.Message));
        await challenge.RefusesAsync(submission, "FINISHED", RemoteChallenge.Result, "has ended already: it is failed");
    }

    [Fact]
    public async Task Result_OfACancelledOne_IsRefused_AndWorkersMayCancel()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        await challenge.PatchAsync(submission, "running");
        await challenge.Files.Participant.PostAsync<SubmissionDetail>($"/api/v1/submissions/{submission}/cancel"); // at once: nobody here runs it
        Assert.Equal(SubmissionState.Cancelled, (await challenge.SummaryAsync(submission)).State);
        await challenge.RefusesAsync(submission, "FINISHED", RemoteChallenge.Result, "has ended already: it is cancelled");
        var other = await challenge.SubmitAsync("[2]");
        (await challenge.PutAsync(other, "CANCELLED")).Ok();
        Assert.Equal(SubmissionState.Cancelled, (await challenge.SummaryAsync(other)).State);
    }

    [Fact]
    public async Task Others_ChangeNothing()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        var otto = await challenge.Palio.PersonAsync("otto");
        await otto.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Others", Kind = TeamKind.Host });
        using var published = await otto.PublishAsync(FileChallenge.Zip(FileChallenge.Config.Replace("title: Guess", "title: Other\nremote_evaluation: True", StringComparison.Ordinal)));
        var others = (await published.ReadAsync()).Challenge!.Id;

        // A host of another challenge, by that challenge's address and by this one's; a participant; nobody.
        Assert.Equal(HttpStatusCode.NotFound, (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result, otto, others)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result, otto)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result, challenge.Files.Participant)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result, challenge.Palio.Anonymous)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await otto.AskAsync(HttpMethod.Patch, $"/api/jobs/submission/{submission}/update_started_at/")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await challenge.PutAsync(submission + 1, "FINISHED", RemoteChallenge.Result)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result, phase: challenge.Phase + 1)).Status);
        Assert.Equal(SubmissionState.Waiting, (await challenge.SummaryAsync(submission)).State);
    }

    [Fact]
    public async Task Submission_ThatIsEvaluatedHere_TakesNoResult()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var submission = await played.SubmitAsync("agent");
        var answer = await played.Host.AskAsync(
            HttpMethod.Put, "/api/jobs/challenge/1/update_submission/", EvalAiClient.Form(("submission", $"{submission.Id}"), ("submission_status", "FINISHED"), ("result", "[]")));
        Assert.Contains("evaluated here", answer.Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_ThatNeverComesBack_IsNotWaitedForForEver()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var (taken, left) = (await challenge.SubmitAsync(), await challenge.SubmitAsync("[2]"));
        await challenge.PatchAsync(taken, "running");
        var watchdog = challenge.Palio.App.Services.GetRequiredService<EvaluationWatchdog>();
        await watchdog.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SubmissionState.Running, (await challenge.SummaryAsync(taken)).State);
        challenge.Palio.Time.Advance(TimeSpan.FromHours(25));
        await watchdog.LookAsync(TestContext.Current.CancellationToken);
        var detail = await challenge.Files.DetailAsync(taken);
        Assert.Equal((SubmissionState.Failed, FaultCode.HostWorkerLost, false), (detail.Summary.State, detail.Evaluations[0].Fault!.Code, detail.Summary.Counts));
        Assert.Equal(SubmissionState.Waiting, (await challenge.SummaryAsync(left)).State); // the challenge goes on
        challenge.Palio.Time.SetUtcNow(new DateTimeOffset(2027, 1, 2, 0, 0, 0, TimeSpan.Zero));
        await watchdog.LookAsync(TestContext.Current.CancellationToken);
        await using var scope = challenge.Palio.App.Services.CreateAsyncScope();
        Assert.Equal(SubmissionState.Failed, await challenge.Palio.InDatabaseAsync(db => db.Submissions.Where(s => s.Id == left).Select(s => s.State).SingleAsync()));
    }
}
