using System.Net;
using System.Text;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Workers;

/// <summary>EvalAI's worker for images, as far as it comes without Amazon: messages of both stages, names of jobs, the file that an image wrote.</summary>
public sealed class CodeUploadWorkerTests
{
    private static readonly string Config = FileChallenge.Config
        .Replace("evaluation_script: evaluation_script.zip\n", "", StringComparison.Ordinal)
        .Replace("published: True", "published: True\nis_docker_based: True\nis_static_dataset_code_upload: True", StringComparison.Ordinal);

    [Fact]
    public async Task Static_TheFileThatAnImageWrote_IsTheSecondStages()
    {
        await using var challenge = await RemoteChallenge.StartAsync(Config);
        var submission = await SubmitAsync(challenge);
        Assert.True(await IsFirstStageAsync(challenge));

        var sent = await SendFileAsync(challenge, submission, "1,2,3");

        Assert.Equal("running", sent.Ok()["status"].GetString());
        Assert.False(await IsFirstStageAsync(challenge)); // at once, whoever held the message
        var link = (await challenge.Worker.AskAsync($"/api/jobs/submission/{submission}")).Ok()["submission_input_file"].GetString()!;
        Assert.Equal("1,2,3", await challenge.Palio.Anonymous.GetStringAsync(new Uri(new Uri(link).PathAndQuery, UriKind.Relative), TestContext.Current.CancellationToken));
        (await challenge.PutAsync(submission, "FINISHED", RemoteChallenge.Result)).Ok();
        Assert.Equal(SubmissionState.Finished, (await challenge.SummaryAsync(submission)).State);
    }

    [Fact]
    public async Task Static_AFileTooLargeOrLate_ChangesNothing()
    {
        await using var challenge = await RemoteChallenge.StartAsync(Config);
        var submission = await SubmitAsync(challenge);

        var large = await SendFileAsync(challenge, submission, new string('1', 5000));
        Assert.Equal(SubmissionState.Waiting, (await challenge.SummaryAsync(submission)).State);
        (await challenge.PutAsync(submission, "FAILED")).Ok();
        var late = await SendFileAsync(challenge, submission, "1");

        Assert.False(large.Status == HttpStatusCode.OK, large.Text);
        Assert.Contains("4096", large.Text, StringComparison.Ordinal);
        Assert.Contains("has ended already", late.Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ForAChallengeOfAnotherKind_IsRefused()
    {
        await using var challenge = await RemoteChallenge.StartAsync();

        var answer = await SendFileAsync(challenge, await challenge.SubmitAsync(), "1");

        Assert.Contains("static dataset code upload", answer.Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JobNames_AreKeptInOrder_AndAreTheHostsToRead()
    {
        await using var challenge = await RemoteChallenge.StartAsync(Config);
        var submission = await SubmitAsync(challenge);

        await NameAsync(challenge, submission, "queued", "Submission-7");
        await NameAsync(challenge, submission, "running", "submission-7");
        await NameAsync(challenge, submission, "running", "submission-7-again");

        var shown = (await challenge.Worker.AskAsync($"/api/jobs/submission/{submission}")).Ok();
        Assert.Equal(["submission-7", "submission-7-again"], shown["job_name"].EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("running", shown["status"].GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await NameAsync(challenge, submission, "running", new string('x', 300))).Status);
    }

    [Theory]
    [InlineData("/api/challenges/{0}/evaluation_cluster/")]
    [InlineData("/api/jobs/challenge/{0}/eks_bearer_token/")]
    public async Task Cluster_ThereIsNone_AndTheTextSaysWhy(string path)
    {
        await using var challenge = await RemoteChallenge.StartAsync(Config);
        var address = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, challenge.Id);

        Assert.Contains("no evaluation cluster", (await challenge.Worker.AskAsync(address)).Ok(HttpStatusCode.NotFound)["error"].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await challenge.Files.Participant.AskAsync(address)).Status);
    }

    private static async Task<bool> IsFirstStageAsync(RemoteChallenge challenge) =>
        (await challenge.ReceiveAsync()).GetProperty("body").GetProperty("is_static_dataset_code_upload_submission").GetBoolean();

    private static Task<EvalAiAnswer> NameAsync(RemoteChallenge challenge, int submission, string status, string job) => challenge.Worker.AskAsync(
        HttpMethod.Patch, $"/api/jobs/challenge/{challenge.Id}/update_submission/",
        EvalAiClient.Form(("submission", $"{submission}"), ("submission_status", status), ("job_name", job)));

    private static async Task<EvalAiAnswer> SendFileAsync(RemoteChallenge challenge, int submission, string content)
    {
        using var form = EvalAiClient.Multipart(("submission", $"{submission}"));
        form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(content)), "submission_input_file", "submission.csv");
        return await challenge.Worker.AskAsync(HttpMethod.Patch, $"/api/jobs/challenge/{challenge.Id}/update_submission/", form);
    }

    private static async Task<int> SubmitAsync(RemoteChallenge challenge) => (await challenge.Files.Participant.PostAsync<SubmissionSummary>(
        "/api/v1/submissions", new SubmitRequest { Challenge = "guess", Phase = "test", Digest = challenge.Palio.Images.Add("guess/players", "agent") })).Id;
}
