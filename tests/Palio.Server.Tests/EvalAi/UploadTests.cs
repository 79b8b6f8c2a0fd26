using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Features.Submissions.Uploads;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

/// <summary>What <c>evalai … submit --large</c> and <c>--annotation</c> send.</summary>
public sealed class UploadTests
{
    [Fact]
    public async Task LargeFile_InParts_IsSubmittedAndScoredAsOneSentWhole()
    {
        await using var scene = await UploadScene.StartAsync();
        var begun = await scene.BeginAsync("folder/guess.json", 3);
        Assert.Equal(["presigned_urls", "submission_pk", "upload_id"], begun.Json.EnumerateObject().Select(key => key.Name).Order());
        Assert.Equal([1, 2, 3], begun["presigned_urls"].EnumerateArray().Select(part => part.GetProperty("partNumber").GetInt32()));
        var id = begun["submission_pk"].GetInt32();
        Assert.Equal(("submitting", JsonValueKind.Null), await scene.ShownAsync(id));

        // The announcement is one part too many, as the client's is; a part may be sent again.
        await scene.PutAsync(begun, 1, "[9, ");
        var tags = new[] { await scene.PutAsync(begun, 1, "[1, "), await scene.PutAsync(begun, 2, "2, 4]") };
        (await scene.FinishAsync(begun, id, tags)).Is(HttpStatusCode.Created, $$"""{"upload_id": "{{begun["upload_id"].GetString()}}", "submission_pk": {{id}}}""");
        (await scene.CloseAsync(id)).Is(HttpStatusCode.OK, "{}");
        (await scene.FinishAsync(begun, id, tags)).Ok(HttpStatusCode.Created); // again
        (await scene.CloseAsync(id)).Ok();

        Assert.Equal("submitted", (await scene.ShownAsync(id)).Status);
        var shown = (await scene.Participant.AskAsync($"/api/jobs/submission/{id}")).Ok();
        Assert.Equal("[1, 2, 4]", (await scene.Palio.Anonymous.AskAsync(shown["input_file"].GetString()!)).Text);
        Assert.Empty(scene.Leftovers());
        var job = await scene.Guess.LeaseAsync();
        Assert.Equal("guess.json", job.Scoring!.Submission!.Name);
        await scene.Guess.ScoreAsync(job);
        Assert.Equal("finished", (await scene.ShownAsync(id)).Status);
        Assert.Equal(9, (await scene.Guess.DetailAsync(id)).Summary.FileBytes);
    }

    [Fact]
    public async Task Part_IsTakenByItsAddressAlone_AndAnsweredWithAnETag()
    {
        await using var scene = await UploadScene.StartAsync();
        var begun = await scene.BeginAsync();
        var url = UploadScene.UrlOf(begun, 1);
        Assert.StartsWith("http", url, StringComparison.Ordinal);
        using var answer = await scene.Palio.Anonymous.PutAsync(url, new StringContent("[1]"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Matches("^\"[0-9a-f]{64}\"$", answer.Headers.ETag!.ToString());

        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Palio.Anonymous.AskAsync(HttpMethod.Put, url[..^8] + "AAAAAAAA", new StringContent("[1]"))).Status);
        scene.Palio.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Palio.Anonymous.AskAsync(HttpMethod.Put, url, new StringContent("[1]"))).Status);
    }

    [Fact]
    public async Task UploadThatIsNotWhole_FailsWithTheMessage_CountsNothingAndLeavesNothing()
    {
        await using var scene = await UploadScene.StartAsync();
        var begun = await scene.BeginAsync(chunks: 2);
        var id = begun["submission_pk"].GetInt32();
        await scene.PutAsync(begun, 1, "[1, ");

        var closed = (await scene.CloseAsync(id)).Ok(HttpStatusCode.BadRequest); // the client shows the error of a 400
        Assert.Contains("did not come whole: 1 part of it came, 4 bytes", closed["error"].GetString(), StringComparison.Ordinal);
        Assert.Equal(("failed", JsonValueKind.Null), await scene.ShownAsync(id));
        var detail = await scene.Guess.DetailAsync(id);
        Assert.Equal((FaultCode.ParticipantUploadUnfinished, false, false), (detail.Evaluations[0].Fault!.Code, detail.Summary.Counts, detail.CanRerun));
        Assert.Empty(scene.Leftovers());
        (await scene.CloseAsync(id)).Ok(HttpStatusCode.BadRequest);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await scene.FinishAsync(begun, id, ["a"])).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Palio.Anonymous.AskAsync(HttpMethod.Put, UploadScene.UrlOf(begun, 2), new StringContent("2]"))).Status);
        await scene.Host.SendAsync(HttpMethod.Post, $"/api/v1/submissions/{id}/rerun").RefusedAsync(HttpStatusCode.Conflict, "state");
        Assert.Null(await scene.Guess.Jobs.LeaseAsync(PlayedChallenge.Worker, TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Finish_WithPartsThatAreNotThere_IsRefusedAndLeavesTheUploadOpen()
    {
        await using var scene = await UploadScene.StartAsync();
        var begun = await scene.BeginAsync(chunks: 2);
        var id = begun["submission_pk"].GetInt32();
        var tag = await scene.PutAsync(begun, 1, "[1, 2]");
        foreach (var parts in (string[])["[]", "", "null", "{}", "[1]", """[{"ETag": "x", "PartNumber": 1}]""", $$"""[{"ETag": "{{tag}}", "PartNumber": 2}]""",
            $$"""[{"ETag": "{{tag}}", "PartNumber": 1}, {"ETag": "{{tag}}", "PartNumber": 1}]""", $$"""[{"ETag": "{{tag}}", "PartNumber": 1}, {"ETag": "{{tag}}", "PartNumber": 2}]"""])
        {
            var refused = await scene.FinishAsync(begun, id, parts);
            Assert.Equal((parts, HttpStatusCode.BadRequest), (parts, refused.Status));
            Assert.False(string.IsNullOrEmpty(refused["error"].GetString()));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await scene.FinishAsync(begun, id, [tag], "another")).Status);
        Assert.Equal("submitting", (await scene.ShownAsync(id)).Status);
        (await scene.FinishAsync(begun, id, [tag])).Ok(HttpStatusCode.Created);
        Assert.Equal("submitted", (await scene.ShownAsync(id)).Status);
    }

    [Fact]
    public async Task PartsBeyondThePhasesLimit_AreRefused_AndAnEmptyFileToo()
    {
        await using var scene = await UploadScene.StartAsync();
        var begun = await scene.BeginAsync(chunks: 2);
        var id = begun["submission_pk"].GetInt32();
        await scene.PutAsync(begun, 1, new string('1', 3000)); // the phase takes 4096
        var refused = await scene.Palio.Anonymous.AskAsync(HttpMethod.Put, UploadScene.UrlOf(begun, 2), new StringContent(new string('2', 1097)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.Status);
        Assert.Contains("4096", refused["error"].GetString(), StringComparison.Ordinal);
        await scene.PutAsync(begun, 2, new string('2', 1096));
        Assert.Equal(2, scene.Leftovers().Length);
        (await scene.CloseAsync(id)).Ok(HttpStatusCode.BadRequest);

        var empty = await scene.BeginAsync();
        var nothing = await scene.FinishAsync(empty, empty["submission_pk"].GetInt32(), [await scene.PutAsync(empty, 1, "")]);
        Assert.Equal(nothing.Ok(HttpStatusCode.BadRequest)["error"].GetString(), nothing["input_file"][0].GetString());
    }

    [Fact]
    public async Task Upload_IsHeldToTheRulesBeforeAnythingIsSent()
    {
        await using var scene = await UploadScene.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.AskAsync("guess.exe", "1")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.AskAsync("", "1")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.AskAsync("guess.json", "0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.AskAsync("guess.json", "10001")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.AskAsync("guess.json", "1", scene.Palio.Anonymous)).Status);
        var stranger = await scene.Palio.PersonAsync("stan");
        (await scene.AskAsync("guess.json", "1", stranger)).Is(HttpStatusCode.Forbidden, """{"error": "You haven't participated in the challenge"}""");

        // Two at a time, and an upload is one.
        var (first, _) = (await scene.BeginAsync(), await scene.BeginAsync());
        Assert.Equal(HttpStatusCode.NotAcceptable, (await scene.AskAsync("guess.json", "1")).Status);
        var id = first["submission_pk"].GetInt32();
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.CloseAsync(id, stranger)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.AskAsync(HttpMethod.Post, $"/api/jobs/phases/{scene.Phase}/finish_submission_file_upload/{id}", EvalAiClient.Form(("parts", "[]")))).Status);
        Assert.True((await scene.Guess.DetailAsync(id)).CanCancel);
        Assert.Equal(SubmissionState.Cancelled, (await scene.Participant.PostAsync<SubmissionDetail>($"/api/v1/submissions/{id}/cancel")).Summary.State);
        await scene.BeginAsync();
    }

    [Fact]
    public async Task UploadThatNobodyFinishes_FailsAfterItsTime_AndIsSwept()
    {
        await using var scene = await UploadScene.StartAsync();
        var begun = await scene.BeginAsync();
        await scene.PutAsync(begun, 1, "[1]");
        var sweep = scene.Palio.App.Services.GetRequiredService<UploadSweep>();
        scene.Palio.Time.Advance(TimeSpan.FromMinutes(30));
        await sweep.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal("submitting", (await scene.ShownAsync(begun["submission_pk"].GetInt32())).Status);
        Assert.Single(scene.Leftovers());
        scene.Palio.Time.Advance(TimeSpan.FromMinutes(31));
        await sweep.LookAsync(TestContext.Current.CancellationToken);
        var detail = await scene.Guess.DetailAsync(begun["submission_pk"].GetInt32());
        Assert.Equal((SubmissionState.Failed, "The file did not come whole within 60 minutes."), (detail.Summary.State, detail.Evaluations[0].Fault!.Message));
        Assert.Empty(scene.Leftovers());
    }

    [Fact]
    public async Task Annotations_InParts_AreWhatIsScoredByFromThenOn()
    {
        await using var scene = await UploadScene.StartAsync();
        var begin = $"/api/challenges/phases/{scene.Phase}/get_annotation_file_presigned_url/";
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.Participant.AskAsync(HttpMethod.Post, begin, EvalAiClient.Form(("file_name", "truth.json"), ("num_file_chunks", "1")))).Status);
        var begun = (await scene.Host.AskAsync(HttpMethod.Post, begin, EvalAiClient.Form(("file_name", "new/truth.json"), ("num_file_chunks", "2")))).Ok();
        Assert.Equal(["presigned_urls", "upload_id"], begun.Json.EnumerateObject().Select(key => key.Name).Order());
        string[] tags = [await scene.PutAsync(begun, 1, "[7, "), await scene.PutAsync(begun, 2, "8]")];

        var finish = $"/api/challenges/phases/{scene.Phase}/finish_annotation_file_upload/";
        Assert.Equal(HttpStatusCode.BadRequest, (await FinishAsync("[]")).Status); // the client would say that it succeeded
        (await FinishAsync(UploadScene.Parts(tags))).Is(HttpStatusCode.Created, $$"""{"upload_id": "{{begun["upload_id"].GetString()}}", "challenge_phase_pk": {{scene.Phase}}}""");

        await scene.Guess.SubmitAsync();
        var job = await scene.Guess.LeaseAsync();
        await using var stream = await scene.Guess.Jobs.OpenFileAsync(job.Lease, job.Scoring!.Annotations!, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.Equal(("truth.json", "[7, 8]"), (job.Scoring.Annotations!.Name, await reader.ReadToEndAsync(TestContext.Current.CancellationToken)));
        Assert.True((await scene.Host.AskAsync($"/api/challenges/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}")).Ok()["annotations_uploaded_using_cli"].GetBoolean());
        Assert.Empty(scene.Leftovers());

        Task<EvalAiAnswer> FinishAsync(string parts) => scene.Host.AskAsync(
            HttpMethod.Post, finish, EvalAiClient.Form(("parts", parts), ("upload_id", begun["upload_id"].GetString()!), ("annotations_uploaded_using_cli", "True")));
    }
}

/// <summary>A phase that takes files of 4 KiB, and its numbers.</summary>
internal sealed record UploadScene(FileChallenge Guess, int Challenge, int Phase) : IAsyncDisposable
{
    public PalioInstance Palio => Guess.Palio;

    public HttpClient Participant => Guess.Participant;

    public HttpClient Host => Guess.Host;

    public static async Task<UploadScene> StartAsync()
    {
        var guess = await FileChallenge.StartAsync();
        var (challenge, phase) = await guess.Palio.InDatabaseAsync(async db => (await db.Challenges.Select(c => c.Id).SingleAsync(), await db.Phases.Select(p => p.Id).SingleAsync()));
        return new UploadScene(guess, challenge, phase);
    }

    public Task<EvalAiAnswer> AskAsync(string fileName, string chunks, HttpClient? person = null) => (person ?? Participant).AskAsync(
        HttpMethod.Post, $"/api/jobs/phases/{Phase}/get_submission_file_presigned_url/",
        EvalAiClient.Form(("status", "submitting"), ("file_name", fileName), ("num_file_chunks", chunks), ("is_public", "true"), ("method_name", "Luck")));

    public async Task<EvalAiAnswer> BeginAsync(string fileName = "guess.json", int chunks = 1) => (await AskAsync(fileName, $"{chunks}")).Ok(HttpStatusCode.Created);

    public static string UrlOf(EvalAiAnswer begun, int part) => begun["presigned_urls"][part - 1].GetProperty("url").GetString()!;

    public async Task<string> PutAsync(EvalAiAnswer begun, int part, string content)
    {
        using var body = new StringContent(content) { Headers = { ContentType = null } };
        using var answer = await Palio.Anonymous.PutAsync(UrlOf(begun, part), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.ETag!.Tag.Trim('"');
    }

    public static string Parts(IEnumerable<string> tags) => JsonSerializer.Serialize(tags.Select((tag, i) => new { ETag = $"\"{tag}\"", PartNumber = i + 1 }));

    public Task<EvalAiAnswer> FinishAsync(EvalAiAnswer begun, int submission, string[] tags, string? upload = null) => FinishAsync(begun, submission, Parts(tags), upload);

    public Task<EvalAiAnswer> FinishAsync(EvalAiAnswer begun, int submission, string parts, string? upload = null) => Participant.AskAsync(
        HttpMethod.Post, $"/api/jobs/phases/{Phase}/finish_submission_file_upload/{submission}/",
        EvalAiClient.Form(("parts", parts), ("upload_id", upload ?? begun["upload_id"].GetString()!)));

    public Task<EvalAiAnswer> CloseAsync(int submission, HttpClient? person = null) =>
        (person ?? Participant).AskAsync(HttpMethod.Post, $"/api/jobs/phases/{Phase}/send_submission_message/{submission}/");

    public async Task<(string? Status, JsonValueKind Input)> ShownAsync(int submission)
    {
        var shown = (await Participant.AskAsync($"/api/jobs/submission/{submission}")).Ok();
        return (shown["status"].GetString(), shown["input_file"].ValueKind);
    }

    /// <summary>Files of uploads that are still on disk.</summary>
    public string[] Leftovers() => Path.Combine(Palio.Folder, "uploads") is var folder && Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];

    public ValueTask DisposeAsync() => Guess.DisposeAsync();
}
