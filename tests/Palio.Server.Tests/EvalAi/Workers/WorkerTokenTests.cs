using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Workers;

/// <summary>A worker's token lies on machines that nobody here knows: it must be good for nothing but its challenge's submissions.</summary>
public sealed class WorkerTokenTests
{
    [Fact]
    public async Task Token_EvaluatesItsChallenge_AndDoesNothingElse()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var made = await challenge.Worker.PostAsync<CreatedWorkerToken>("/api/v1/challenges/guess/worker-tokens");
        Assert.Equal((challenge.Id, challenge.Queue), (made.Challenge, made.Queue));
        var worker = challenge.Palio.With(made.Token.Secret);
        var submission = await challenge.SubmitAsync();
        Assert.Equal(submission, (await challenge.ReceiveAsync(worker)).GetProperty("body").GetProperty("submission_pk").GetInt32());

        foreach (var (method, path) in ((string, string)[])[
            ("GET", "/api/v1/me"), ("GET", "/api/v1/tokens"), ("GET", "/api/v1/submissions"), ("GET", $"/api/v1/submissions/{submission}"), ("POST", "/api/v1/challenges/guess/worker-tokens"),
            ("POST", "/api/v1/challenges/guess/phases/test/pause"), ("POST", $"/api/v1/submissions/{submission}/rerun"), ("GET", "/api/auth/user/"), ("GET", "/api/v1/teams")])
        {
            var answer = await worker.AskAsync(new HttpMethod(method), path);
            Assert.True(answer.Status is HttpStatusCode.Forbidden, $"{method} {path}: {(int)answer.Status}");
        }

        // What EvalAI's script asks for on its way.
        var asked = (await worker.AskAsync($"/api/jobs/submission/{submission}")).Ok();
        Assert.Equal("submitted", asked["status"].GetString());
        using var input = await challenge.Palio.Anonymous.GetAsync(asked["input_file"].GetString(), TestContext.Current.CancellationToken);
        Assert.Equal("[1, 2, 4]", await input.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("test", (await worker.AskAsync($"/api/challenges/challenge/phase/{challenge.Phase}")).Ok()["codename"].GetString());
        Assert.Equal((challenge.Id, true), ((await worker.AskAsync($"/api/challenges/challenge/queues/{challenge.Queue}/")).Ok()["id"].GetInt32(), true));

        (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result, worker)).Ok();
        Assert.Equal("finished", (await worker.AskAsync($"/api/jobs/submission/{submission}")).Ok()["status"].GetString());
    }

    [Fact]
    public async Task Token_OfAnotherChallenge_ChangesNothing()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        using var published = await challenge.Worker.PublishAsync(FileChallenge.Zip(FileChallenge.Config.Replace("title: Guess", "title: Other\nremote_evaluation: True", StringComparison.Ordinal)));
        var other = (await published.ReadAsync()).Challenge!;
        var made = await challenge.Worker.PostAsync<CreatedWorkerToken>($"/api/v1/challenges/{other.Slug}/worker-tokens");
        var worker = challenge.Palio.With(made.Token.Secret);
        var submission = await challenge.SubmitAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await worker.AskAsync($"/api/jobs/challenge/queues/{challenge.Queue}/")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.AskAsync($"/api/jobs/submission/{submission}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result, worker)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result, worker, other.Id)).Status);
        Assert.Equal(SubmissionState.Waiting, (await challenge.SummaryAsync(submission)).State);
    }

    [Fact]
    public async Task Token_Revoked_IsNoGoodAnyMore()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var made = await challenge.Worker.PostAsync<CreatedWorkerToken>("/api/v1/challenges/guess/worker-tokens");
        await challenge.Worker.SendAsync(HttpMethod.Delete, $"/api/v1/tokens/{made.Token.Token.Id}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await challenge.Palio.With(made.Token.Secret).AskAsync($"/api/jobs/challenge/queues/{challenge.Queue}/")).Status);
    }
}
