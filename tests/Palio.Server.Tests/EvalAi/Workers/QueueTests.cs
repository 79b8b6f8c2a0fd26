using System.Net;
using System.Text.Json;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Workers;

public sealed class QueueTests
{
    [Fact]
    public async Task Receive_NothingThere_IsNull()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        (await challenge.Worker.AskAsync($"/api/jobs/challenge/queues/{challenge.Queue}/")).Is(HttpStatusCode.OK, """{"body": null, "receipt_handle": null}""");
    }

    [Fact]
    public async Task Message_IsHandedOutAgainEveryThirtySeconds_UntilItIsDeleted()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        var first = await challenge.ReceiveAsync();
        Assert.Equal(
            (challenge.Id, challenge.Phase, submission),
            (first.GetProperty("body").GetProperty("challenge_pk").GetInt32(), first.GetProperty("body").GetProperty("phase_pk").GetInt32(), first.GetProperty("body").GetProperty("submission_pk").GetInt32()));
        Assert.Equal(JsonValueKind.Null, (await challenge.ReceiveAsync()).GetProperty("body").ValueKind);
        challenge.Palio.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(JsonValueKind.Null, (await challenge.ReceiveAsync()).GetProperty("body").ValueKind);
        challenge.Palio.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await challenge.ReceiveAsync();
        Assert.Equal(submission, second.GetProperty("body").GetProperty("submission_pk").GetInt32());
        var (stale, receipt) = (first.GetProperty("receipt_handle").GetString()!, second.GetProperty("receipt_handle").GetString()!);
        Assert.NotEqual(stale, receipt);
        Assert.Contains("receipt_handle", (await challenge.DeleteAsync(stale)).Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
        Assert.NotEmpty((await challenge.DeleteAsync(receipt)).Ok()["success"].GetString()!);
        challenge.Palio.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(JsonValueKind.Null, (await challenge.ReceiveAsync()).GetProperty("body").ValueKind);
    }

    [Fact]
    public async Task Message_ThatIsHeld_DoesNotBlockOthers_AndTheEndedComeLast()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var one = await challenge.SubmitAsync("[1]");
        Assert.Equal(one, await NextAsync(challenge));
        var two = await challenge.SubmitAsync("[2]");
        (await challenge.PutAsync(one, "FINISHED", RemoteChallenge.Result)).Ok();
        Assert.Equal(two, await NextAsync(challenge));
        challenge.Palio.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(two, await NextAsync(challenge)); // still open
        Assert.Equal(one, await NextAsync(challenge)); // for the worker to delete
        Assert.Null(await NextAsync(challenge));
    }

    [Fact]
    public async Task Rerun_IsAMessageOfItsOwn_AndTheOldOneIsGone()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        await NextAsync(challenge);
        (await challenge.PutAsync(submission, "FAILED", stderr: "no")).Ok();
        await challenge.Worker.PostAsync<SubmissionDetail>($"/api/v1/submissions/{submission}/rerun");
        Assert.Equal(submission, await NextAsync(challenge));
        Assert.Null(await NextAsync(challenge));
        (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result)).Ok();
        Assert.Equal(SubmissionState.Finished, (await challenge.SummaryAsync(submission)).State);
    }

    [Fact]
    public async Task Submission_ThatWorkersEvaluate_IsLeftAloneByTheWorkerInside()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        await challenge.SubmitAsync();
        Assert.Null(await challenge.Files.Jobs.LeaseAsync(PlayedChallenge.Worker, TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Queue_IsTheHostsAlone()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        await challenge.SubmitAsync();
        var other = await challenge.Palio.PersonAsync("otto");
        foreach (var stranger in (HttpClient[])[other, challenge.Files.Participant])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.AskAsync($"/api/jobs/challenge/queues/{challenge.Queue}/")).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.AskAsync(HttpMethod.Post, $"/api/jobs/queues/{challenge.Queue}/", EvalAiClient.Form(("receipt_handle", "x")))).Status);
        }

        Assert.Equal("Invalid token", (await challenge.Palio.With("palio_wrong").AskAsync($"/api/jobs/challenge/queues/{challenge.Queue}/")).Ok(HttpStatusCode.Unauthorized)["detail"].GetString());
        Assert.Contains("queue name", (await challenge.Worker.AskAsync("/api/jobs/challenge/queues/guess/")).Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
        Assert.Contains("receipt_handle", (await challenge.Worker.AskAsync(HttpMethod.Post, $"/api/jobs/queues/{challenge.Queue}/")).Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
        Assert.Matches("^guess-[0-9A-Za-z]{32}$", challenge.Queue);
    }

    private static async Task<int?> NextAsync(RemoteChallenge challenge)
    {
        var body = (await challenge.ReceiveAsync()).GetProperty("body");
        return body.ValueKind == JsonValueKind.Null ? null : body.GetProperty("submission_pk").GetInt32();
    }
}
