using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Workers;

/// <summary>A challenge that its host's own workers evaluate, with a submission; the test is the worker.</summary>
internal sealed record RemoteChallenge(FileChallenge Files, int Id, int Phase, string Queue) : IAsyncDisposable
{
    /// <summary>Good for the first half and for the second, which the hosts keep to themselves.</summary>
    public const string Result =
        """[{"split": "first", "show_to_participant": true, "accuracies": {"Accuracy": 0.5, "Total": 50}}, {"split": "second", "show_to_participant": false, "accuracies": {"Accuracy": 0.75, "Total": 75}}]""";

    public HttpClient Worker => Files.Host;

    public PalioInstance Palio => Files.Palio;

    public static async Task<RemoteChallenge> StartAsync(string? config = null)
    {
        var files = await FileChallenge.StartAsync((config ?? FileChallenge.Config.Replace("dataset_split_id: 2, visibility: 3", "dataset_split_id: 2, visibility: 1", StringComparison.Ordinal))
            .Replace("published: True", "published: True\nremote_evaluation: True", StringComparison.Ordinal));
        var (id, queue, phase) = await files.Palio.InDatabaseAsync(async db =>
        {
            var challenge = await db.Challenges.Include(c => c.Phases).SingleAsync();
            return (challenge.Id, challenge.Queue, challenge.Phases[0].Id);
        });
        return new RemoteChallenge(files, id, phase, queue);
    }

    public async Task<int> SubmitAsync(string content = "[1, 2, 4]") => (await Files.SubmitAsync(content: content)).Id;

    public async Task<JsonElement> ReceiveAsync(HttpClient? worker = null) => (await (worker ?? Worker).AskAsync($"/api/jobs/challenge/queues/{Queue}/")).Ok().Json;

    public Task<EvalAiAnswer> DeleteAsync(string receipt) =>
        Worker.AskAsync(HttpMethod.Post, $"/api/jobs/queues/{Queue}/", EvalAiClient.Form(("receipt_handle", receipt)));

    public Task<EvalAiAnswer> PutAsync(int submission, string status, string? result = null, HttpClient? worker = null, int? challenge = null, string stderr = "", int? phase = null) =>
        (worker ?? Worker).AskAsync(
            HttpMethod.Put, $"/api/jobs/challenge/{challenge ?? Id}/update_submission/",
            EvalAiClient.Form([
                ("challenge_phase", $"{phase ?? Phase}"), ("submission", $"{submission}"), ("stdout", "out"), ("stderr", stderr), ("submission_status", status), ("metadata", ""),
                .. result is null ? Array.Empty<(string, string)>() : [("result", result)]]));

    public Task<EvalAiAnswer> PatchAsync(int submission, string status) => Worker.AskAsync(
        HttpMethod.Patch, $"/api/jobs/challenge/{Id}/update_submission/", EvalAiClient.Form(("submission", $"{submission}"), ("submission_status", status)));

    public async Task<SubmissionSummary> SummaryAsync(int submission) => (await Files.DetailAsync(submission)).Summary;

    public async Task RefusesAsync(int submission, string status, string? result, string text, HttpStatusCode code = HttpStatusCode.BadRequest)
    {
        var answer = await PutAsync(submission, status, result);
        Assert.True(answer.Status == code, answer.Text);
        Assert.Contains(text, answer["error"].GetString(), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => Files.DisposeAsync();
}
