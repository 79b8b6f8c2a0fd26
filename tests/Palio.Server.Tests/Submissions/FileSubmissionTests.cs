using System.Net;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Submissions;

public sealed class FileSubmissionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_AFile_IsQueuedWithScriptAnnotationsAndFile(bool fileFirst)
    {
        await using var challenge = await FileChallenge.StartAsync();

        using var response = await challenge.SendAsync("my guess.json", "[1, 2, 4]", fileFirst, more: ("methodName", "Luck"));
        var job = await challenge.LeaseAsync();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var scoring = Assert.IsType<ScoringJob>(job.Scoring);
        Assert.Equal(JobImage.None, job.Agent);
        Assert.Equal("palio/python:1", job.Environment.Reference);
        Assert.Equal(("test", 120), (scoring.Phase, scoring.LimitSeconds));
        Assert.Equal("my_guess.json", scoring.Submission?.Name);
        Assert.Equal("truth.json", scoring.Annotations?.Name);
        Assert.Equal("[1, 2, 4]", await ReadAsync(challenge, job, scoring.Submission!));
        Assert.Equal("[1, 2, 3]", await ReadAsync(challenge, job, scoring.Annotations!));
        Assert.Contains("\"method_name\":\"Luck\"", scoring.Metadata, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WhatThePhaseDoesNotTake_IsRefusedAndNotCounted()
    {
        await using var challenge = await FileChallenge.StartAsync();

        await challenge.SendAsync("guess.exe", "1").RefusedAsync(HttpStatusCode.UnprocessableEntity, "file_type");
        await challenge.SendAsync("guess.json", "").RefusedAsync(HttpStatusCode.UnprocessableEntity, "file_empty");
        await challenge.SendAsync("guess.json", new string('1', 5000)).RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "file_too_large");
        await challenge.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", new SubmitRequest { Challenge = "guess", Phase = "test", Digest = "sha256:" + new string('a', 64) })
            .RefusedAsync(HttpStatusCode.Conflict, "wrong_input");
        await challenge.SendAsync("guess.json", "1", more: ("public", "perhaps")).RefusedAsync(HttpStatusCode.BadRequest, "validation");

        Assert.Empty((await challenge.Participant.GetAsync<Page<SubmissionSummary>>("/api/v1/submissions?challenge=guess")).Items);
    }

    [Fact]
    public async Task Submit_ThatIsRefused_LeavesNoFileBehind()
    {
        await using var challenge = await FileChallenge.StartAsync();
        var before = Stored(challenge);

        await challenge.SendAsync("guess.exe", "[11]").RefusedAsync(HttpStatusCode.UnprocessableEntity, "file_type");
        await challenge.SendAsync("guess.exe", "[12]", fileFirst: true).RefusedAsync(HttpStatusCode.UnprocessableEntity, "file_type");
        await challenge.SendAsync("guess.json", new string('1', 5000)).RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "file_too_large");
        await challenge.SendAsync("guess.json", new string('1', 5001), fileFirst: true).RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "file_too_large");
        await challenge.SendAsync("guess.json", "[13]", more: ("public", "perhaps")).RefusedAsync(HttpStatusCode.BadRequest, "validation");
        await challenge.Host.PostAsync<ChallengeDetail>("/api/v1/challenges/guess/phases/test/pause");
        await challenge.SendAsync("guess.json", "[14]", fileFirst: true).RefusedAsync(HttpStatusCode.Conflict, "phase_paused");
        Assert.Equal(before, Stored(challenge));

        await challenge.Host.PostAsync<ChallengeDetail>("/api/v1/challenges/guess/phases/test/resume");
        await challenge.SubmitAsync(content: "[15]");
        await challenge.SubmitAsync(content: "[16]");
        await challenge.SendAsync("guess.json", "[17]").RefusedAsync(HttpStatusCode.TooManyRequests, "quota_concurrent");
        Assert.Equal(before + 2, Stored(challenge));
    }

    [Fact]
    public async Task Rerun_ByTheTeam_IsForChallengesThatAllowIt()
    {
        await using var refused = await FileChallenge.StartAsync();
        var first = await refused.SubmitAsync();
        await refused.ScoreAsync(await refused.LeaseAsync());
        Assert.False((await refused.DetailAsync(first.Id)).CanRerun);
        await refused.Participant.SendAsync(HttpMethod.Post, $"/api/v1/submissions/{first.Id}/rerun").RefusedAsync(HttpStatusCode.Forbidden, "forbidden");

        await using var allowed = await FileChallenge.StartAsync(FileChallenge.Config.Replace("published: True", "published: True\nallow_participants_resubmissions: True", StringComparison.Ordinal));
        var submission = await allowed.SubmitAsync();
        await allowed.Participant.SendAsync(HttpMethod.Post, $"/api/v1/submissions/{submission.Id}/rerun").RefusedAsync(HttpStatusCode.Conflict, "state");
        await allowed.ScoreAsync(await allowed.LeaseAsync());
        var shown = await allowed.DetailAsync(submission.Id);
        Assert.Equal((true, false), (shown.CanRerun, shown.CanManage));
        var stranger = await allowed.Palio.PersonAsync("stan");
        await stranger.SendAsync(HttpMethod.Post, $"/api/v1/submissions/{submission.Id}/rerun").RefusedAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(2, (await allowed.Participant.PostAsync<SubmissionDetail>($"/api/v1/submissions/{submission.Id}/rerun")).Evaluations.Count);
        await allowed.ScoreAsync(await allowed.LeaseAsync());
        await allowed.Host.PostAsync<ChallengeDetail>("/api/v1/challenges/guess/phases/test/pause");
        await allowed.Participant.SendAsync(HttpMethod.Post, $"/api/v1/submissions/{submission.Id}/rerun").RefusedAsync(HttpStatusCode.Conflict, "phase_paused");
    }

    private static int Stored(FileChallenge challenge) => Directory.GetFiles(Path.Combine(challenge.Palio.Folder, "content"), "*", SearchOption.AllDirectories).Length;

    [Fact]
    public async Task Submit_AFileWhereImagesPlay_IsRefused()
    {
        await using var challenge = await PlayedChallenge.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("pole"), "challenge" },
            { new StringContent("dev"), "phase" },
            { new ByteArrayContent([1]), "file", "guess.json" },
        };

        await challenge.Participant.PostAsync("/api/v1/submissions/file", form, TestContext.Current.CancellationToken).RefusedAsync(HttpStatusCode.Conflict, "wrong_input");
    }

    [Fact]
    public async Task Submit_TheSameFileTwice_IsOneSubmissionUnlessAskedAgain()
    {
        await using var challenge = await FileChallenge.StartAsync();
        var first = await challenge.SubmitAsync();

        var second = await challenge.SubmitAsync();
        var third = await challenge.SubmitAsync(query: "?again=true");

        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Id, third.Id);
        await challenge.SendAsync("guess.json", "[7]").RefusedAsync(HttpStatusCode.TooManyRequests, "quota_concurrent");
    }

    [Fact]
    public async Task Report_OfAResult_PutsEachSplitsScoresOnItsOwnBoard()
    {
        await using var challenge = await FileChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();

        Assert.Equal(LeaseStanding.Held, await challenge.ScoreAsync(await challenge.LeaseAsync()));

        var detail = await challenge.DetailAsync(submission.Id);
        Assert.Equal((SubmissionState.Finished, 50), (detail.Summary.State, detail.Summary.Score));
        Assert.Equal(["first", "first", "second", "second"], detail.Evaluations[0].Scores.Select(score => score.Split));
        var first = await challenge.Participant.GetAsync<Leaderboard>("/api/v1/challenges/guess/phases/test/leaderboard?split=First%20half");
        var second = await challenge.Participant.GetAsync<Leaderboard>("/api/v1/challenges/guess/phases/test/leaderboard?split=Second%20half");
        Assert.Equal([0.5, 50], Assert.Single(first.Entries).Scores.Select(score => score.Value));
        Assert.Equal([0.75, 75], Assert.Single(second.Entries).Scores.Select(score => score.Value));
    }

    [Theory]
    [InlineData("[1]", "must return a dictionary")]
    [InlineData("""{"result": {}}""", "must be a list")]
    [InlineData("""{"result": [{"third": {"Accuracy": 1, "Total": 1}}]}""", "'third' is not one of this phase's")]
    [InlineData("""{"result": [{"first": {"Accuracy": 1}}]}""", "lacks 'Total'")]
    [InlineData("""{"result": [{"first": {"Accuracy": 1, "Total": 1, "Extra": 1}}]}""", "do not declare: 'Extra'")]
    [InlineData("""{"result": [{"first": {"Accuracy": 1, "Total": "nan"}}]}""", "no finite number")]
    [InlineData("""{"result": [{"first": {"Accuracy": 1, "Total": true}}]}""", "no finite number")]
    public async Task Report_OfAResultThatFitsNoBoard_FailsByTheHostsScriptAndCountsNothing(string result, string expected)
    {
        await using var challenge = await FileChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();

        await challenge.ScoreAsync(await challenge.LeaseAsync(), result);

        var detail = await challenge.DetailAsync(submission.Id);
        var fault = Assert.IsType<Fault>(detail.Evaluations[0].Fault);
        Assert.Equal((SubmissionState.Failed, FaultCode.ScriptBadResult, Blame.Environment), (detail.Summary.State, fault.Code, fault.Blame));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.False(detail.Summary.Counts);
        Assert.Empty((await challenge.Participant.GetAsync<Leaderboard>("/api/v1/challenges/guess/phases/test/leaderboard")).Entries);
    }

    [Fact]
    public async Task SubmittedFile_IsTheTeamsAndTheHostsAlone()
    {
        await using var challenge = await FileChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        var stranger = await challenge.Palio.PersonAsync("stan");
        var path = $"/api/v1/submissions/{submission.Id}/file";

        using var own = await challenge.Participant.SendAsync(HttpMethod.Get, path);
        using var hosts = await challenge.Host.SendAsync(HttpMethod.Get, path);

        Assert.Equal("[1, 2, 4]", await own.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("attachment", own.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(HttpStatusCode.OK, hosts.StatusCode);
        await stranger.SendAsync(HttpMethod.Get, path).RefusedAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Submit_WhereTheHostsOwnWorkersEvaluate_IsLeftToThem()
    {
        await using var challenge = await FileChallenge.StartAsync(FileChallenge.Config.Replace("published: True", "published: True\nremote_evaluation: True", StringComparison.Ordinal));

        var submission = await challenge.SubmitAsync();

        Assert.Equal(SubmissionState.Waiting, submission.State);
        Assert.Null(await challenge.Jobs.LeaseAsync(PlayedChallenge.Worker, TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    private static async Task<string> ReadAsync(FileChallenge challenge, EvaluationJob job, JobFile file)
    {
        await using var stream = await challenge.Jobs.OpenFileAsync(job.Lease, file, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Publish_AnImageAndNoScript_TheImageScores()
    {
        var config = FileChallenge.Config.Replace("evaluation_script: evaluation_script.zip\n", "", StringComparison.Ordinal)
            .Replace("evaluation: {max_file_size", "evaluation: {image: guess/host/scorer:1, max_file_size", StringComparison.Ordinal);
        await using var challenge = await FileChallenge.StartAsync(config, palio => palio.Images.Add("guess/host/scorer", "scorer", "1"));
        var submission = await challenge.SubmitAsync();

        var job = await challenge.LeaseAsync();
        await challenge.ScoreAsync(job);

        Assert.Null(job.Scoring!.Script);
        Assert.Contains("guess/host/scorer@sha256:", job.Environment.Reference, StringComparison.Ordinal);
        Assert.Equal(EvaluationState.Finished, (await challenge.DetailAsync(submission.Id)).Evaluations[0].State);
    }
}
