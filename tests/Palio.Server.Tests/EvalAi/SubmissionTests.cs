using System.Net;
using System.Text.Json;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

public sealed class SubmissionTests
{
    private const string Attributes = """
            submission_meta_attributes:
              - {name: Framework, description: Which one, type: text, required: true}
              - {name: Pretrained, description: Yes or no, type: boolean}
              - {name: Data, description: Which data, type: checkbox, options: [own, public]}
        """;

    private static readonly string[] Keys =
    [
        "id", "participant_team", "participant_team_name", "execution_time", "challenge_phase", "created_by", "status", "input_file", "submission_input_file", "stdout_file",
        "stderr_file", "started_at", "completed_at", "submitted_at", "rerun_resumed_at", "method_name", "method_description", "project_url", "publication_url", "is_public",
        "is_flagged", "ignore_submission", "submission_result_file", "when_made_public", "is_baseline", "job_name", "submission_metadata", "is_verified_by_host",
    ];

    [Fact]
    public async Task Submission_Sent_IsQueuedAndHasEvalAisKeys()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var made = (await SubmitAsync(played, scene, "agent", ("method_name", "mine"), ("is_public", "true"))).Ok(HttpStatusCode.Created);
        Assert.Equal(Keys.Order(), made.Json.EnumerateObject().Select(key => key.Name).Order());
        Assert.Equal(("submitted", "mine", "None", "Players"), (made["status"].GetString(), made["method_name"].GetString(), made["execution_time"].GetString(), made["participant_team_name"].GetString()));
        Assert.Equal(JsonValueKind.Null, made["submission_result_file"].ValueKind);
        var id = made["id"].GetInt32();
        Assert.Equal(id, (await played.Participant.AskAsync($"/api/jobs/submission/{id}")).Ok()["id"].GetInt32());
        var hosts = (await played.Host.AskAsync($"/api/jobs/submission/{id}/")).Ok();
        Assert.Equal(Keys.Append("environment_log_file").Order(), hosts.Json.EnumerateObject().Select(key => key.Name).Order());
        var again = (await SubmitAsync(played, scene, "agent")).Ok(HttpStatusCode.Created);
        Assert.NotEqual(id, again["id"].GetInt32());
        var list = (await played.Participant.AskAsync(Path(scene))).Ok();
        Assert.Equal([id, again["id"].GetInt32()], list["results"].EnumerateArray().Select(row => row.GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task Submission_ThatCannotBeTaken_IsRefusedWithAReasonThatIsShown()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        (await played.Participant.AskAsync(HttpMethod.Post, Path(scene), EvalAiClient.Multipart(("status", "submitting"))))
            .Is(HttpStatusCode.BadRequest, """{"input_file": ["No file was submitted."], "error": "No file was submitted."}""");
        var missing = await SendAsync(played.Participant, scene, "somewhere/else/pole__players:nope");
        Assert.Equal(HttpStatusCode.BadRequest, missing.Status);
        Assert.False(string.IsNullOrEmpty(missing["input_file"][0].GetString()));
        var stranger = await played.Palio.PersonAsync("stan");
        (await SendAsync(stranger, scene, "x/pole__players:1")).Is(HttpStatusCode.Forbidden, """{"error": "You haven't participated in the challenge"}""");
        (await stranger.AskAsync(Path(scene))).Is(HttpStatusCode.Forbidden, """{"error": "You haven't participated in the challenge"}""");
        await played.Host.PostAsync<ChallengeDetail>("/api/v1/challenges/pole/phases/dev/pause");
        var paused = await SubmitAsync(played, scene, "agent");
        Assert.Equal(HttpStatusCode.NotAcceptable, paused.Status);
        Assert.Contains("paused", paused["error"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quota_UsedUp_Is403_AndRemainingSaysWhich()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("max_submissions_per_day: 10", "max_submissions_per_day: 1", StringComparison.Ordinal));
        var scene = await EvalAiScene.OfAsync(played);
        var path = $"/api/jobs/{scene.Challenge}/remaining_submissions/";
        var before = (await played.Participant.AskAsync(path)).Ok();
        Assert.Equal(("Players", scene.Team), (before["participant_team"].GetString(), before["participant_team_id"].GetInt32()));
        Assert.Equal(
            """{"remaining_submissions_this_month_count":15,"remaining_submissions_today_count":1,"remaining_submissions_count":20}""",
            before["phases"][0].GetProperty("limits").GetRawText());
        (await SubmitAsync(played, scene, "agent")).Ok(HttpStatusCode.Created);
        await played.PlayAsync(await played.LeaseAsync(), 1);
        var limits = (await played.Participant.AskAsync(path)).Ok()["phases"][0].GetProperty("limits");
        Assert.Equal("""{"message":"You have exhausted today's submission limit!","remaining_time":"43200.0"}""", limits.GetRawText());
        var refused = await SubmitAsync(played, scene, "more");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.False(string.IsNullOrEmpty(refused["error"].GetString()));
    }

    [Fact]
    public async Task Metadata_IsReadHeldToItsKindAndShownAgain()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("    is_public: true", $"    is_public: true\n{Attributes}", StringComparison.Ordinal));
        var scene = await EvalAiScene.OfAsync(played);
        var asked = (await played.Participant.AskAsync($"/api/challenges/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}")).Ok()["submission_meta_attributes"];
        Assert.Equal(["text", "boolean", "checkbox"], asked.EnumerateArray().Select(attribute => attribute.GetProperty("type").GetString()));
        const string Good = """
            [{"name": "Framework", "type": "text", "description": "Which one", "required": null, "value": "torch"}, {"name": "Pretrained", "type": "boolean", "description": "", "required": null, "value": true},
             {"name": "Data", "type": "checkbox", "description": "", "required": null, "options": ["own", "public"], "values": ["own", "public"]}]
            """;
        var made = (await SubmitAsync(played, scene, "agent", ("submission_metadata", Good))).Ok(HttpStatusCode.Created)["submission_metadata"];
        Assert.Equal("torch", made[0].GetProperty("value").GetString());
        Assert.True(made[1].GetProperty("value").GetBoolean());
        Assert.Equal(["own", "public"], made[2].GetProperty("values").EnumerateArray().Select(value => value.GetString()));
        foreach (var bad in (string[])["[]", "{}", "no json", """[{"name": "Framework", "value": "a"}, {"name": "Data", "values": ["stolen"]}]"""])
        {
            var refused = await SubmitAsync(played, scene, "agent", ("submission_metadata", bad));
            Assert.Equal((bad, HttpStatusCode.BadRequest), (bad, refused.Status));
            Assert.False(string.IsNullOrEmpty(refused["error"].GetString()));
        }
    }

    [Fact]
    public async Task Files_OfAFinishedSubmission_AreFetchedWithoutToken_AndByNobodyElse()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var id = (await SubmitAsync(played, scene, "agent")).Ok(HttpStatusCode.Created)["id"].GetInt32();
        await played.PlayAsync(await played.LeaseAsync(), 5);
        var finished = (await played.Participant.AskAsync($"/api/jobs/submission/{id}")).Ok();
        Assert.Equal("finished", finished["status"].GetString());
        Assert.Equal(JsonValueKind.Number, finished["execution_time"].ValueKind);
        var link = finished["submission_result_file"].GetString() ?? "";
        Assert.StartsWith("http://localhost/api/jobs/files/", link, StringComparison.Ordinal);
        Assert.Equal("""[{"score":5}]""", (await played.Palio.Anonymous.AskAsync(link)).Text);
        Assert.Contains("submitted_image_uri", (await played.Palio.Anonymous.AskAsync(finished["input_file"].GetString()!)).Ok().Text, StringComparison.Ordinal);
        (await played.Palio.Anonymous.AskAsync(finished["stdout_file"].GetString()!)).Ok();
        Assert.Equal(HttpStatusCode.NotFound, (await played.Palio.Anonymous.AskAsync(link.Replace("/files/", "/files/x", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await played.Palio.Anonymous.AskAsync(link.Replace("submission_result_file.json", "environment_log.txt", StringComparison.Ordinal))).Status);
        var key = $"/api/jobs/submission_files/?bucket=b&key=team_{scene.Team}/submission_{id}/submission_result_file.json";
        Assert.Equal("""[{"score":5}]""", (await played.Palio.Anonymous.AskAsync((await played.Participant.AskAsync(key)).Ok()["signed_url"].GetString()!)).Text);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await played.Palio.PersonAsync("stan")).AskAsync(key)).Status);
        played.Palio.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(HttpStatusCode.NotFound, (await played.Palio.Anonymous.AskAsync(link)).Status);
    }

    [Fact]
    public async Task Changes_AreTheTeamsOrTheHosts_AndNothingElseIsTaken()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var id = (await SubmitAsync(played, scene, "agent")).Ok(HttpStatusCode.Created)["id"].GetInt32();
        var (own, meta) = ($"{Path(scene)}{id}", $"/api/jobs/challenges/{scene.Challenge}/submissions/{id}/update_submission_meta/");
        var changed = (await played.Participant.AskAsync(HttpMethod.Patch, own, EvalAiClient.Json("""{"is_public": false, "method_name": "new", "project_url": "https://example.org"}"""))).Ok();
        Assert.Equal((false, "new", "https://example.org"), (changed["is_public"].GetBoolean(), changed["method_name"].GetString(), changed["project_url"].GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await played.Participant.AskAsync(HttpMethod.Patch, own, EvalAiClient.Json("""{"is_baseline": true}"""))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Patch, meta, EvalAiClient.Json("""{"is_flagged": true}"""))).Status);
        Assert.True((await played.Host.AskAsync(HttpMethod.Patch, meta, EvalAiClient.Json("""{"is_baseline": true}"""))).Ok()["is_baseline"].GetBoolean());
        Assert.True((await played.Host.AskAsync(HttpMethod.Patch, meta, EvalAiClient.Form(("is_flagged", "True")))).Ok()["is_flagged"].GetBoolean());
        Assert.Equal(HttpStatusCode.BadRequest, (await played.Participant.AskAsync(HttpMethod.Patch, meta, EvalAiClient.Json("""{"status": "finished"}"""))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await played.Palio.PersonAsync("stan")).AskAsync(HttpMethod.Patch, meta, EvalAiClient.Json("{}"))).Status);
        Assert.Equal("cancelled", (await played.Participant.AskAsync(HttpMethod.Patch, meta, EvalAiClient.Json("""{"status": "cancelled"}"""))).Ok()["status"].GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Post, $"/api/jobs/submissions/{id}/re-run/")).Status);
        (await played.Host.AskAsync(HttpMethod.Post, $"/api/jobs/submissions/{id}/re-run/")).Is(HttpStatusCode.OK, """{"success": "Submission is successfully re-running"}""");
        Assert.Equal(HttpStatusCode.NotAcceptable, (await played.Host.AskAsync(HttpMethod.Post, $"/api/jobs/submissions/{id}/re-run/")).Status);
        var after = (await played.Participant.AskAsync($"/api/jobs/submission/{id}")).Ok();
        Assert.Equal(("submitted", JsonValueKind.String), (after["status"].GetString(), after["rerun_resumed_at"].ValueKind));
    }

    [Fact]
    public async Task Tables_AreTheHostsWhole_AndTheTeamsOwn()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var rival = await played.JoinAsync("rita", "Rivals");
        (await SubmitAsync(played, scene, "agent", ("method_name", "=1+1"))).Ok(HttpStatusCode.Created);
        played.Palio.Images.Add("pole/rivals", "rival", "1");
        (await SendAsync(rival, scene, "localhost/pole/rivals:1")).Ok(HttpStatusCode.Created);
        var (list, csv) = ($"/api/challenges/{scene.Challenge}/challenge_phase/{scene.Phase}/submissions", $"/api/challenges/{scene.Challenge}/phase/{scene.Phase}/download_all_submissions/csv/");
        var all = (await played.Host.AskAsync(list)).Ok();
        Assert.Equal((2, "Rivals", "rita"), (all["count"].GetInt32(), all["results"][0].GetProperty("participant_team").GetString(), all["results"][0].GetProperty("created_by").GetString()));
        Assert.Equal("rita@example.org", all["results"][0].GetProperty("participant_team_members_email_ids")[0].GetString());
        Assert.Equal(1, (await played.Host.AskAsync($"{list}?participant_team__team_name=play")).Ok()["count"].GetInt32());
        Assert.Equal(1, (await rival.AskAsync(list)).Ok()["count"].GetInt32());
        var table = (await played.Host.AskAsync(csv)).Ok();
        Assert.Equal("text/csv", table.Type);
        Assert.Equal(3, table.Text.TrimEnd().Split("\r\n").Length);
        Assert.Contains("\"'=1+1\"", table.Text, StringComparison.Ordinal);
        Assert.StartsWith("\"submission_number\",\"method_name\"", (await rival.AskAsync(csv)).Ok().Text, StringComparison.Ordinal);
        Assert.Equal("\"status\",\"id\"", (await played.Host.AskAsync(HttpMethod.Post, csv, EvalAiClient.Json("""["status", "id"]"""))).Ok().Text.Split("\r\n")[0]);
        Assert.Equal(HttpStatusCode.BadRequest, (await rival.AskAsync(csv.Replace("csv/", "xml/", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await (await played.Palio.PersonAsync("stan")).AskAsync(csv)).Status);
        Assert.Equal(2, (await played.Host.AskAsync($"/api/jobs/challenge/{scene.Challenge}/submission/?status=submitted")).Ok().Json.GetArrayLength());
        Assert.Equal(0, (await played.Host.AskAsync($"/api/jobs/challenge/{scene.Challenge}/submission/?submitted_after=2030-01-01T00:00:00Z")).Ok().Json.GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, (await rival.AskAsync($"/api/jobs/challenge/{scene.Challenge}/submission/")).Status);
        (await played.Host.AskAsync($"/api/jobs/phases/{scene.Phase}/submission_count_by_status/")).Is(HttpStatusCode.OK, """{"status": [{"status": "submitted", "count": 2}]}""");
    }

    [Fact]
    public async Task File_SentToAPhaseThatTakesFiles_IsTaken_OrRefusedUnderItsField()
    {
        await using var guess = await FileChallenge.StartAsync();
        var listed = (await guess.Participant.AskAsync("/api/challenges/phase/test/")).Ok();
        var path = $"/api/jobs/challenge/{listed["challenge"].GetInt32()}/challenge_phase/{listed["id"].GetInt32()}/submission/";
        foreach (var (name, content) in ((string, string)[])[("guess.exe", "1"), ("guess.json", ""), ("guess.json", new string('1', 5000))])
        {
            var refused = await FileAsync(name, content);
            Assert.Equal((name, HttpStatusCode.BadRequest), (name, refused.Status));
            Assert.Equal(refused["error"].GetString(), refused["input_file"][0].GetString());
        }

        var made = (await FileAsync("guess.json", "[1, 2, 4]")).Ok(HttpStatusCode.Created);
        Assert.Equal("[1, 2, 4]", (await guess.Palio.Anonymous.AskAsync(made["input_file"].GetString()!)).Text);
        await guess.ScoreAsync(await guess.LeaseAsync());
        var finished = (await guess.Participant.AskAsync($"/api/jobs/submission/{made["id"].GetInt32()}")).Ok();
        Assert.Equal("finished", finished["status"].GetString());
        Assert.Equal("""[{"Accuracy":0.5,"Total":50},{"Accuracy":0.75,"Total":75}]""", (await guess.Palio.Anonymous.AskAsync(finished["submission_result_file"].GetString()!)).Text);

        Task<EvalAiAnswer> FileAsync(string name, string content)
        {
            var form = EvalAiClient.Multipart(("status", "submitting"), ("submission_metadata", "[]"));
            form.Add(new StringContent(content), "input_file", name);
            return guess.Participant.AskAsync(HttpMethod.Post, path, form);
        }
    }

    internal static string Path(EvalAiScene scene) => $"/api/jobs/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}/submission/";

    /// <summary>As <c>evalai push</c> does after its push.</summary>
    internal static Task<EvalAiAnswer> SubmitAsync(PlayedChallenge played, EvalAiScene scene, string image, params (string, string)[] fields)
    {
        played.Palio.Images.Add("pole/players", image, image);
        return SendAsync(played.Participant, scene, $"localhost:8080/pole__players:{image}", fields);
    }

    private static Task<EvalAiAnswer> SendAsync(HttpClient person, EvalAiScene scene, string uri, params (string, string)[] fields)
    {
        var form = EvalAiClient.Multipart([("status", "submitting"), .. fields]);
        form.Add(new StringContent(JsonSerializer.Serialize(new { submitted_image_uri = uri })), "input_file", "submission.json");
        return person.AskAsync(HttpMethod.Post, Path(scene), form);
    }
}
