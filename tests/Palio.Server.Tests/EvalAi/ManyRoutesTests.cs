using System.Net;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

/// <summary>Profiles, stars, counts, staff: EvalAI's addresses beside the main path.</summary>
public sealed class ManyRoutesTests
{
    [Fact]
    public async Task Profile_IsToldAndChanged_AndTeamMatesSeeIt()
    {
        await using var palio = await PalioInstance.StartAsync();
        var pia = await palio.PersonAsync("pia");
        Assert.False((await pia.AskAsync("/api/auth/user/")).Ok()["is_profile_complete"].GetBoolean());
        var told = (await pia.AskAsync(HttpMethod.Patch, "/api/auth/user/", EvalAiClient.Json("""{"first_name": "Pia", "affiliation": "Lab", "github_url": "https://example.org/pia", "pk": 7, "username": "other"}"""))).Ok();
        Assert.Equal(("Pia", "Lab", "pia", "pia@example.org"), (told["first_name"].GetString(), told["affiliation"].GetString(), told["username"].GetString(), told["email"].GetString()));
        var put = (await pia.AskAsync(HttpMethod.Put, "/api/auth/user", EvalAiClient.Form(
            ("last_name", "P"), ("address_street", "1"), ("address_city", "S"), ("address_state", "T"), ("address_country", "I"), ("affiliation", "")))).Ok();
        Assert.Equal(("Pia", "", true), (put["first_name"].GetString(), put["affiliation"].GetString(), put["is_profile_complete"].GetBoolean()));
        (await pia.AskAsync(HttpMethod.Patch, "/api/auth/user/", EvalAiClient.Json("""{"first_name": ""}""")))
            .Is(HttpStatusCode.BadRequest, """{"first_name": ["This field may not be blank."], "error": "This field may not be blank."}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await pia.AskAsync(HttpMethod.Patch, "/api/auth/user/", EvalAiClient.Json("""{"github_url": "javascript:1"}"""))).Status);
        Assert.True((await pia.AskAsync(HttpMethod.Patch, "/api/auth/user/", EvalAiClient.Json($$"""{"university": "{{new string('u', 301)}}"}"""))).Ok(HttpStatusCode.BadRequest).Json.TryGetProperty("university", out _));
        (await pia.AskAsync(HttpMethod.Post, "/api/participants/participant_team", EvalAiClient.Json("""{"team_name": "Players"}"""))).Ok(HttpStatusCode.Created);
        var member = (await pia.AskAsync("/api/participants/participant_team")).Ok()["results"][0].GetProperty("members")[0];
        Assert.Equal(("Pia", "https://example.org/pia"), (member.GetProperty("first_name").GetString(), member.GetProperty("profile").GetProperty("github_url").GetString()));
    }

    [Fact]
    public async Task Account_ChangesItsAddress_AndIsDisabledForGood()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (pia, other) = (await palio.PersonAsync("pia"), await palio.PersonAsync("otto"));
        (await pia.AskAsync(HttpMethod.Post, "/api/accounts/user/update_email/", EvalAiClient.Json("""{"email": "new@example.org"}"""))).Is(HttpStatusCode.OK, """{"message": "Email updated successfully."}""");
        Assert.Equal("new@example.org", (await pia.AskAsync("/api/auth/user/")).Ok()["email"].GetString());
        foreach (var email in (string[])["otto@example.org", "nobody", ""])
        {
            Assert.False(string.IsNullOrEmpty((await pia.AskAsync(HttpMethod.Post, "/api/accounts/user/update_email/", EvalAiClient.Form(("email", email)))).Ok(HttpStatusCode.BadRequest)["error"].GetString()));
        }

        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, "/api/auth/password/reset/"), (HttpMethod.Post, "/api/auth/password/reset/confirm/"),
            (HttpMethod.Post, "/api/auth/registration/verify-email/"), (HttpMethod.Get, "/api/auth/registration/account-confirm-email/abc/")])
        {
            Assert.Contains("sends no mail", (await palio.Anonymous.AskAsync(method, path)).Ok(HttpStatusCode.NotAcceptable)["error"].GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await pia.AskAsync(HttpMethod.Post, "/api/accounts/user/disable")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await pia.AskAsync("/api/auth/user/")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await palio.Anonymous.AskAsync(HttpMethod.Post, "/api/auth/login", EvalAiClient.Form(("username", "pia"), ("password", "pia likes long passwords")))).Status);
        (await other.AskAsync("/api/auth/user/")).Ok();
        Assert.Equal(HttpStatusCode.NotAcceptable, (await (await palio.AdministratorAsync()).AskAsync(HttpMethod.Post, "/api/accounts/user/disable")).Status);
    }

    [Fact]
    public async Task Star_IsGivenAndTakenBack()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var path = $"/api/challenges/{(await EvalAiScene.OfAsync(played)).Challenge}/";
        (await played.Palio.Anonymous.AskAsync(path)).Is(HttpStatusCode.OK, """{"is_starred": false, "count": 0}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await played.Palio.Anonymous.AskAsync(HttpMethod.Post, path)).Status);
        var first = (await played.Participant.AskAsync(HttpMethod.Post, path)).Ok(HttpStatusCode.Created);
        Assert.Equal(["challenge", "count", "is_starred", "user"], first.Json.EnumerateObject().Select(key => key.Name).Order());
        (await played.Palio.Anonymous.AskAsync(path)).Is(HttpStatusCode.OK, """{"is_starred": false, "count": 1}""");
        Assert.Equal((false, 0), ((await played.Participant.AskAsync(HttpMethod.Post, path)).Ok()["is_starred"].GetBoolean(), (await played.Participant.AskAsync(path)).Ok()["count"].GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, (await played.Participant.AskAsync("/api/challenges/99/")).Status);
    }

    [Fact]
    public async Task Submission_Verified_Deleted_AndDescribedAnew()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("    is_public: true", "    is_public: true\n    submission_meta_attributes:\n      - {name: Framework, type: text, description: Which}", StringComparison.Ordinal));
        var scene = await EvalAiScene.OfAsync(played);
        var id = (await SubmissionTests.SubmitAsync(played, scene, "agent")).Ok(HttpStatusCode.Created)["id"].GetInt32();
        await played.PlayAsync(await played.LeaseAsync(), 1);
        var meta = $"/api/jobs/challenges/{scene.Challenge}/submissions/{id}/update_submission_meta/";
        var board = $"/api/jobs/challenge_phase_split/{scene.Split}/leaderboard/";
        Assert.True((await played.Host.AskAsync(HttpMethod.Patch, meta, EvalAiClient.Json("""{"is_verified_by_host": true}"""))).Ok()["is_verified_by_host"].GetBoolean());
        Assert.True((await played.Palio.Anonymous.AskAsync(board)).Ok()["results"][0].GetProperty("submission__is_verified_by_host").GetBoolean());
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Patch, meta, EvalAiClient.Json("""{"is_verified_by_host": false}"""))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await played.Participant.AskAsync(HttpMethod.Patch, $"{SubmissionTests.Path(scene)}{id}", EvalAiClient.Json("""{"is_baseline": true}"""))).Status);
        var answered = (await played.Participant.AskAsync(HttpMethod.Patch, meta, EvalAiClient.Json("""{"submission_metadata": [{"name": "Framework", "value": "torch"}]}"""))).Ok();
        Assert.Equal("torch", answered["submission_metadata"][0].GetProperty("value").GetString());

        var stranger = await played.Palio.PersonAsync("stan");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.AskAsync(HttpMethod.Delete, $"/api/jobs/submission/{id}")).Status);
        Assert.True((await played.Participant.AskAsync(HttpMethod.Delete, $"/api/jobs/submission/{id}")).Ok()["ignore_submission"].GetBoolean());
        Assert.Equal(0, (await played.Palio.Anonymous.AskAsync(board)).Ok()["count"].GetInt32());
        Assert.Equal(0, (await played.Participant.AskAsync(SubmissionTests.Path(scene))).Ok()["count"].GetInt32());
        Assert.Equal(0, (await played.Host.AskAsync($"/api/challenges/{scene.Challenge}/challenge_phase/{scene.Phase}/submissions")).Ok()["count"].GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await played.Host.AskAsync(HttpMethod.Post, $"/api/jobs/submissions/{id}/re-run/")).Status);
        Assert.Equal(19, (await played.Participant.AskAsync($"/api/jobs/{scene.Challenge}/remaining_submissions/")).Ok()["phases"][0].GetProperty("limits").GetProperty("remaining_submissions_count").GetInt32()); // it still counts

        // What waits is cancelled with it.
        var waiting = (await SubmissionTests.SubmitAsync(played, scene, "more")).Ok(HttpStatusCode.Created)["id"].GetInt32();
        Assert.Equal("cancelled", (await played.Participant.AskAsync(HttpMethod.Delete, $"/api/jobs/submission/{waiting}/")).Ok()["status"].GetString());
    }

    [Fact]
    public async Task Resume_IsForFailedSubmissionsOfChallengesThatAllowIt()
    {
        await using var refused = await Workers.RemoteChallenge.StartAsync();
        var first = await refused.SubmitAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await ResumeAsync(refused, first)).Status);
        (await refused.PutAsync(first, "FAILED", stderr: "x")).Ok();
        Assert.Equal(HttpStatusCode.NotAcceptable, (await ResumeAsync(refused, first)).Status);

        await using var allowed = await Workers.RemoteChallenge.StartAsync(FileChallenge.Config.Replace("published: True", "published: True\nallow_resuming_submissions: True", StringComparison.Ordinal));
        var second = await allowed.SubmitAsync();
        (await allowed.PutAsync(second, "FAILED", stderr: "x")).Ok();
        Assert.Equal(HttpStatusCode.Forbidden, (await allowed.Files.Participant.AskAsync(HttpMethod.Post, $"/api/jobs/submissions/{second}/resume/")).Status);
        (await ResumeAsync(allowed, second)).Is(HttpStatusCode.OK, """{"success": "Submission is successfully resumed"}""");
        Assert.Equal(SubmissionState.Waiting, (await allowed.SummaryAsync(second)).State);

        static Task<EvalAiAnswer> ResumeAsync(Workers.RemoteChallenge challenge, int submission) => challenge.Worker.AskAsync(HttpMethod.Post, $"/api/jobs/submissions/{submission}/resume/");
    }

    [Fact]
    public async Task Counts_AreOfTeamPhaseAndDay()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var phase = $"/api/analytics/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}";
        (await played.Participant.AskAsync($"{phase}/last_submission/user")).Is(HttpStatusCode.OK, """{"last_submission_datetime": null}""");
        await SubmissionTests.SubmitAsync(played, scene, "one");
        played.Palio.Time.Advance(TimeSpan.FromDays(2));
        await SubmissionTests.SubmitAsync(played, scene, "two");
        (await played.Participant.AskAsync($"{phase}/count")).Is(HttpStatusCode.OK, $$"""{"participant_team_submission_count": 2, "challenge_phase": {{scene.Phase}}}""");
        (await played.Host.AskAsync($"{phase}/count/")).Is(HttpStatusCode.OK, $$"""{"participant_team_submission_count": 0, "challenge_phase": {{scene.Phase}}}""");
        (await played.Participant.AskAsync($"{phase}/last_submission/user")).Is(HttpStatusCode.OK, """{"last_submission_datetime": "2026-05-22T12:00:00Z"}""");
        (await played.Host.AskAsync($"{phase}/last_submission_datetime_analysis/")).Is(HttpStatusCode.OK, $$"""
            {"last_submission_timestamp_in_challenge": "2026-05-22T12:00:00Z", "last_submission_timestamp_in_challenge_phase": "2026-05-22T12:00:00Z", "challenge_phase": {{scene.Phase}}}
            """);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync($"{phase}/last_submission_datetime_analysis/")).Status);
        foreach (var (duration, count) in ((string, int)[])[("all", 2), ("daily", 1), ("weekly", 2), ("monthly", 2)])
        {
            (await played.Host.AskAsync($"/api/analytics/challenge/{scene.Challenge}/submission/{duration}/count")).Is(HttpStatusCode.OK, $$"""{"submission_count": {{count}}}""");
        }
    }

    [Fact]
    public async Task Staff_ChangesAndCounts_AndNobodyElse()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var id = (await SubmissionTests.SubmitAsync(played, scene, "agent")).Ok(HttpStatusCode.Created)["id"].GetInt32();
        await played.PlayAsync(await played.LeaseAsync(), 1);
        var staff = await played.Palio.AdministratorAsync();
        const string attributes = "/api/challenges/challenge/update_challenge_attributes/";
        Assert.Equal(0, (await played.Palio.Anonymous.AskAsync("/api/challenges/featured/")).Ok()["count"].GetInt32());
        (await staff.AskAsync(HttpMethod.Post, attributes, EvalAiClient.Form(("challenge_pk", $"{scene.Challenge}"), ("featured", "true"), ("short_description", "Staff's")))).Ok();
        Assert.Equal("Staff's", (await played.Palio.Anonymous.AskAsync("/api/challenges/featured/")).Ok()["results"][0].GetProperty("short_description").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.AskAsync(HttpMethod.Post, attributes, EvalAiClient.Form(("challenge_pk", $"{scene.Challenge}"), ("queue", "x")))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.AskAsync(HttpMethod.Post, attributes, EvalAiClient.Form(("featured", "true")))).Status);
        (await staff.AskAsync("/api/challenges/challenge/get_submission_metrics")).Is(HttpStatusCode.OK, $$$"""{"{{{scene.Challenge}}}": {"finished": 1}}""");
        var metrics = (await staff.AskAsync($"/api/challenges/challenge/get_submission_metrics_by_pk/{scene.Challenge}/")).Ok();
        Assert.Equal((10, 1, 0), (metrics.Json.EnumerateObject().Count(), metrics["finished"].GetInt32(), metrics["archived"].GetInt32()));
        Assert.Single((await staff.AskAsync("/api/challenges/get_broker_urls/")).Ok().Json.EnumerateArray());
        var rows = (await staff.AskAsync($"/api/challenges/challenge/{scene.Split}/get_leaderboard_data/")).Ok();
        Assert.Equal(["id", "challenge_phase_split", "submission", "leaderboard", "result", "error"], rows.Json[0].EnumerateObject().Select(key => key.Name));
        (await staff.AskAsync(HttpMethod.Put, "/api/challenges/challenge/modify_leaderboard_data/", EvalAiClient.Form(("leaderboard_data", $"{id}"), ("is_disabled", "true")))).Ok();
        Assert.Equal(0, (await played.Palio.Anonymous.AskAsync($"/api/jobs/challenge_phase_split/{scene.Split}/leaderboard/")).Ok()["count"].GetInt32());
        (await staff.AskAsync(HttpMethod.Post, attributes, EvalAiClient.Form(("challenge_pk", $"{scene.Challenge}"), ("is_disabled", "true")))).Ok();
        Assert.Equal(HttpStatusCode.NotFound, (await played.Palio.Anonymous.AskAsync($"/api/challenges/challenge/{scene.Challenge}/")).Status);
        foreach (var (method, path, status) in ((HttpMethod, string, HttpStatusCode)[])[
            (HttpMethod.Post, attributes, HttpStatusCode.Unauthorized), (HttpMethod.Get, "/api/challenges/challenge/get_submission_metrics", HttpStatusCode.Forbidden),
            (HttpMethod.Get, "/api/challenges/get_broker_urls/", HttpStatusCode.Forbidden), (HttpMethod.Get, $"/api/challenges/challenge/{scene.Split}/get_leaderboard_data/", HttpStatusCode.Unauthorized)])
        {
            Assert.Equal((path, status), (path, (await played.Host.AskAsync(method, path)).Status));
        }
    }

    [Fact]
    public async Task Badge_AndEnvironment_AndApproval_AnswerInEvalAisShapes()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        await SubmissionTests.SubmitAsync(played, scene, "agent");
        await played.PlayAsync(await played.LeaseAsync(), 1);
        var badge = $"/api/jobs/phase_splits/{scene.Split}/teams/{scene.Team}/github_badge/";
        (await played.Participant.AskAsync(badge)).Is(HttpStatusCode.OK, """{"schemaVersion": 1, "label": "EvalAI", "color": "blue", "message": "#1 in Pole, Dev"}""");
        var environment = (await played.Host.AskAsync("/api/challenges/phase/environment/dev/")).Ok()["environment_url"].GetString();
        Assert.Contains("pole/host/environment@sha256:", environment, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await played.Participant.AskAsync("/api/challenges/phase/environment/dev/")).Status);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await played.Host.AskAsync($"/api/challenges/{scene.Challenge}/request_approval")).Status);
        var hosts = $"/api/hosts/challenge_host_team/{scene.HostTeam}/challenge_host";
        var member = (await played.Host.AskAsync(hosts)).Ok()["results"][0].GetProperty("id").GetInt32();
        Assert.Equal("hanna", (await played.Host.AskAsync($"{hosts}/{member}")).Ok()["user"].GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync($"{hosts}/{member}")).Status);
    }
}
