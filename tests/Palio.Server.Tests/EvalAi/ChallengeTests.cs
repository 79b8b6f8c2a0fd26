using System.Net;
using System.Text.Json;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

public sealed class ChallengeTests
{
    private static readonly string[] ChallengeKeys =
    [
        "id", "title", "short_description", "description", "terms_and_conditions", "submission_guidelines", "evaluation_details", "image", "start_date", "end_date",
        "creator", "domain", "domain_name", "challenge_usage_type", "list_tags", "has_prize", "has_sponsors", "published", "submission_time_limit", "is_registration_open",
        "enable_forum", "anonymous_leaderboard", "manual_participant_approval", "is_active", "leaderboard_description", "allowed_email_domains", "blocked_email_domains",
        "banned_email_ids", "require_complete_profile", "max_team_members", "approved_by_admin", "is_approval_requested", "forum_url", "is_docker_based",
        "is_static_dataset_code_upload", "slug", "max_docker_image_size", "cli_version", "remote_evaluation", "allow_resuming_submissions", "allow_host_cancel_submissions",
        "allow_cancel_running_submissions", "allow_participants_resubmissions", "workers", "created_at", "queue", "worker_cpu_cores", "worker_memory", "cpu_only_jobs",
        "job_cpu_cores", "job_memory", "uses_ec2_worker", "ec2_storage", "ephemeral_storage", "evaluation_module_error", "worker_image_url", "worker_python_version",
        "worker_instance_type", "sqs_retention_period", "use_fifo_sqs", "github_repository", "github_branch", "is_frozen", "is_submission_paused",
    ];

    private static readonly string[] PhaseKeys =
    [
        "id", "name", "description", "leaderboard_public", "start_date", "end_date", "challenge", "max_submissions_per_day", "max_submissions_per_month", "max_submissions",
        "submission_artifact_retention_policy", "is_public", "is_active", "codename", "slug", "max_concurrent_submissions_allowed", "is_restricted_to_select_one_submission",
        "submission_meta_attributes", "is_partial_submission_evaluation_enabled", "allowed_submission_file_types", "default_submission_meta_attributes", "allowed_email_ids",
        "is_submission_public", "disable_logs", "is_submission_paused",
    ];

    [Fact]
    public async Task Challenge_HasEvalAisKeys_AndTextsThatAreNeverNull()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var challenge = (await played.Palio.Anonymous.AskAsync($"/api/challenges/challenge/{scene.Challenge}")).Ok().Json;
        Assert.Equal(ChallengeKeys.Order(), challenge.EnumerateObject().Select(key => key.Name).Order());
        Assert.Equal("2026-01-01T00:00:00Z", challenge.GetProperty("start_date").GetString());
        Assert.Equal("<p>Balance</p>", challenge.GetProperty("description").GetString());
        Assert.Equal("Hosts", challenge.GetProperty("creator").GetProperty("team_name").GetString());
        Assert.True(challenge.GetProperty("approved_by_admin").GetBoolean());
        Assert.True(challenge.GetProperty("max_docker_image_size").GetInt64() > 0);
    }

    [Fact]
    public async Task Phase_HasEvalAisKeys_AndTheHostsMore()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var path = $"/api/challenges/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}";
        var phase = (await played.Participant.AskAsync(path)).Ok().Json;
        Assert.Equal(PhaseKeys.Order(), phase.EnumerateObject().Select(key => key.Name).Order());
        Assert.Equal($"pole-dev-{scene.Challenge}", phase.GetProperty("slug").GetString());
        Assert.Equal(JsonValueKind.Null, phase.GetProperty("submission_meta_attributes").ValueKind);
        var hosts = (await played.Host.AskAsync(path + "/")).Ok().Json;
        Assert.Equal(PhaseKeys.Concat(["annotations_uploaded_using_cli", "test_annotation", "environment_image", "config_id"]).Order(), hosts.EnumerateObject().Select(key => key.Name).Order());
        Assert.Contains("pole/host/environment@sha256:", hosts.GetProperty("environment_image").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await played.Host.AskAsync($"/api/challenges/{scene.Challenge}/phases/")).Ok().Json.GetArrayLength());
        Assert.Equal(HttpStatusCode.Unauthorized, (await played.Participant.AskAsync($"/api/challenges/{scene.Challenge}/phases/")).Status);
    }

    [Fact]
    public async Task Phase_OfSlugOrCodename_IsFound_AndUnknownIsSaidWith400()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        foreach (var name in (string[])[$"pole-dev-{scene.Challenge}", "dev"])
        {
            var phase = (await played.Participant.AskAsync($"/api/challenges/phase/{name}/")).Ok();
            Assert.Equal((scene.Phase, scene.Challenge), (phase["id"].GetInt32(), phase["challenge"].GetInt32()));
        }

        (await played.Participant.AskAsync("/api/challenges/phase/nope/")).Is(HttpStatusCode.BadRequest, """{"error": "Challenge phase with slug nope does not exist"}""");
        (await played.Participant.AskAsync($"/api/challenges/challenge/{scene.Challenge}/challenge_phase/999"))
            .Is(HttpStatusCode.NotFound, """{"detail": "ChallengePhase 999 does not exist", "error": "ChallengePhase 999 does not exist"}""");
        (await played.Participant.AskAsync("/api/challenges/challenge/999")).Is(HttpStatusCode.NotFound, """{"detail": "Challenge 999 does not exist", "error": "Challenge 999 does not exist"}""");
    }

    [Theory]
    [InlineData("all/all/all", 1)]
    [InlineData("ALL/Approved/Public", 1)]
    [InlineData("present/approved/public", 1)]
    [InlineData("past/approved/public", 0)]
    [InlineData("future/all/all", 0)]
    [InlineData("all/unapproved/all", 0)]
    [InlineData("all/all/private", 0)]
    public async Task Lists_ByTimeAndStanding_HoldWhatTheySay(string filter, int count)
    {
        await using var played = await PlayedChallenge.StartAsync();
        Assert.Equal(count, (await played.Palio.Anonymous.AskAsync($"/api/challenges/challenge/{filter}")).Ok()["count"].GetInt32());
    }

    [Fact]
    public async Task Lists_OfPeopleAndTeams_HoldTheirChallenges()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        (HttpClient, string, int)[] lists =
        [
            (played.Participant, "/api/challenges/challenge?mode=participant", 1), (played.Participant, "/api/challenges/challenge?mode=host", 0),
            (played.Host, "/api/challenges/challenge?mode=host", 1), (played.Participant, $"/api/challenges/challenge?participant_team={scene.Team}", 1),
            (played.Participant, $"/api/challenges/challenge?host_team={scene.HostTeam}", 1), (played.Participant, "/api/challenges/challenges/participated/present/", 1),
            (played.Participant, "/api/challenges/challenges/participated/past/", 0), (played.Participant, $"/api/participants/participant_team/{scene.Team}/challenge", 1),
            (played.Host, $"/api/participants/participant_team/{scene.Team}/challenge", 0), (played.Host, $"/api/challenges/challenge_host_team/{scene.HostTeam}/challenge", 1),
            (played.Palio.Anonymous, "/api/challenges/featured/", 0),
        ];
        foreach (var (person, path, count) in lists)
        {
            Assert.Equal((path, count), (path, (await person.AskAsync(path)).Ok()["count"].GetInt32()));
        }

        (await played.Host.AskAsync("/api/challenges/challenge")).Is(HttpStatusCode.NotAcceptable, """{"error": "Invalid url pattern!"}""");
        (await played.Host.AskAsync("/api/challenges/challenge/never/all/all")).Is(HttpStatusCode.NotAcceptable, """{"error": "Wrong url pattern!"}""");
        (await played.Host.AskAsync("/api/challenges/challenge/all/all/all?page=2")).Is(HttpStatusCode.NotFound, """{"detail": "Invalid page.", "error": "Invalid page."}""");
    }

    [Fact]
    public async Task Unpublished_IsFoundByItsHostsAlone()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config);
        played.Palio.Images.Add("hidden/host/environment", "environment", "1");
        using var hidden = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config.Replace("title: Pole", "title: Hidden", StringComparison.Ordinal)
            .Replace("pole/host", "hidden/host", StringComparison.Ordinal).Replace("published: true", "published: false", StringComparison.Ordinal)));
        Assert.True(hidden.IsSuccessStatusCode);
        var scene = await played.Host.AskAsync("/api/challenges/challenge/all/all/private");
        var id = scene.Ok()["results"][0].GetProperty("id").GetInt32();
        foreach (var path in (string[])[$"challenge/{id}/", $"challenge/{id}/challenge_phase", $"{id}/challenge_phase_split", $"challenge/{id}/prizes/"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await played.Participant.AskAsync($"/api/challenges/{path}")).Status);
            (await played.Host.AskAsync($"/api/challenges/{path}")).Ok();
        }

        Assert.Equal(0, (await played.Participant.AskAsync("/api/challenges/challenge/all/all/private")).Ok()["count"].GetInt32());
    }

    [Fact]
    public async Task Splits_AreABareArray_ByVisibility()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        (await played.Palio.Anonymous.AskAsync($"/api/challenges/{scene.Challenge}/challenge_phase_split")).Is(HttpStatusCode.OK, $$"""
            [{"id": {{scene.Split}}, "dataset_split": 1, "challenge_phase": {{scene.Phase}}, "challenge_phase_name": "Dev", "dataset_split_name": "Hidden", "visibility": 3,
              "show_leaderboard_by_latest_submission": false, "show_execution_time": false, "show_scores_on_leaderboard": true,
              "leaderboard_schema": {"labels": ["score"], "default_order_by": "score", "metadata": {"score": {"sort_ascending": false, "description": ""} } },
              "is_multi_metric_leaderboard": true}]
            """);
    }

    [Theory]
    [InlineData("visibility: 1", 0, 0)]
    [InlineData("visibility: 2", 0, 1)]
    public async Task Splits_ThatAreNotPublic_AreListedToThoseWhoSeeThem(string visibility, int anonymous, int participant)
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("visibility: 3", visibility, StringComparison.Ordinal));
        var path = $"/api/challenges/{(await EvalAiScene.OfAsync(played)).Challenge}/challenge_phase_split";
        Assert.Equal(anonymous, (await played.Palio.Anonymous.AskAsync(path)).Ok().Json.GetArrayLength());
        Assert.Equal(participant, (await played.Participant.AskAsync(path)).Ok().Json.GetArrayLength());
        Assert.Equal(1, (await played.Host.AskAsync(path)).Ok().Json.GetArrayLength());
    }

    [Fact]
    public async Task Counts_AreTheHosts_AndEvalAisPageLeadsToOurs()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        await played.SubmitAsync("agent");
        var counts = $"/api/analytics/challenge/{scene.Challenge}";
        (await played.Host.AskAsync($"{counts}/team/count")).Is(HttpStatusCode.OK, """{"participant_team_count": 1}""");
        (await played.Host.AskAsync($"{counts}/participant/count")).Is(HttpStatusCode.OK, """{"participant_count": 1}""");
        (await played.Host.AskAsync($"{counts}/submission/daily/count")).Is(HttpStatusCode.OK, """{"submission_count": 1}""");
        (await played.Host.AskAsync($"{counts}/challenge_phase/{scene.Phase}/analytics")).Is(HttpStatusCode.OK,
            $$"""{"total_submissions": 1, "participant_team_count": 1, "flagged_submissions_count": 0, "public_submissions_count": 1, "challenge_phase": {{scene.Phase}}}""");
        Assert.Equal("\"Team Name\",\"Team Members\",\"Email Id\"\r\n\"Players\",\"pia\",\"pia@example.org\"\r\n",
            (await played.Host.AskAsync($"/api/analytics/challenges/{scene.Challenge}/download_all_participants/")).Ok().Text);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync($"{counts}/team/count")).Status);
        var page = await played.Palio.Anonymous.AskAsync($"/web/challenges/challenge-page/{scene.Challenge}/evaluation");
        Assert.Equal((HttpStatusCode.Found, "/challenges/pole"), (page.Status, page.Headers.Location?.ToString()));
    }
}
