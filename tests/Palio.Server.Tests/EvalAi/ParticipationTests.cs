using System.Net;
using System.Net.Http.Headers;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

public sealed class ParticipationTests
{
    [Fact]
    public async Task Joining_WithDeclaredJsonAndNoBody_Answers201WithoutOne()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var person = await played.Palio.PersonAsync("rita");
        var team = (await person.AskAsync(HttpMethod.Post, "/api/participants/participant_team", EvalAiClient.Form(("team_name", "Rivals")))).Ok(HttpStatusCode.Created)["id"].GetInt32();
        var path = $"/api/challenges/challenge/{scene.Challenge}/participant_team/{team}";
        using var nothing = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var joined = (await person.AskAsync(HttpMethod.Post, path, nothing)).Ok(HttpStatusCode.Created);
        Assert.Equal("", joined.Text);
        (await person.AskAsync(HttpMethod.Post, path)).Is(HttpStatusCode.NotAcceptable,
            $$"""{"error": "This team takes part already. There is nothing to do.", "challenge_id": {{scene.Challenge}}, "participant_team_id": {{team}}}""");
        Assert.Equal("Rivals", (await person.AskAsync($"/api/participants/challenges/{scene.Challenge}/team_details/")).Ok()["team_name"].GetString());
        Assert.True((await person.AskAsync($"/api/challenges/{scene.Challenge}/participant_team/team_detail")).Ok()["approved"].GetBoolean());
        var mine = (await person.AskAsync($"/api/participants/participant_teams/challenges/{scene.Challenge}/user")).Ok();
        Assert.Equal(scene.Challenge, mine["challenge_participant_team_list"][0].GetProperty("challenge").GetProperty("id").GetInt32());
        Assert.False(mine["is_challenge_host"].GetBoolean());
        (await person.AskAsync(HttpMethod.Post, $"/api/challenges/challenge/{scene.Challenge}/deregister/")).Is(HttpStatusCode.OK, """{"success": "Successfully deregistered!"}""");
        (await person.AskAsync(HttpMethod.Post, $"/api/challenges/challenge/{scene.Challenge}/deregister/")).Is(HttpStatusCode.NotAcceptable, """{"error": "Team is not registered"}""");
    }

    [Fact]
    public async Task Joining_WhatIsNotThereOrNotOnes_IsRefusedWithAReason()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var stranger = await played.Palio.PersonAsync("stan");
        (await stranger.AskAsync(HttpMethod.Post, $"/api/challenges/challenge/999/participant_team/{scene.Team}")).Is(HttpStatusCode.NotAcceptable, """{"error": "Challenge does not exist"}""");
        (await stranger.AskAsync(HttpMethod.Post, $"/api/challenges/challenge/{scene.Challenge}/participant_team/999"))
            .Is(HttpStatusCode.NotAcceptable, """{"error": "ParticipantTeam does not exist"}""");
        (await stranger.AskAsync(HttpMethod.Post, $"/api/challenges/challenge/{scene.Challenge}/participant_team/{scene.Team}"))
            .Is(HttpStatusCode.NotAcceptable, """{"error": "You are not a member of the participant team"}""");
        played.Palio.Time.Advance(TimeSpan.FromDays(300));
        var ended = await (await played.Palio.PersonAsync("late")).AskAsync(HttpMethod.Post, $"/api/challenges/challenge/{scene.Challenge}/participant_team/{scene.Team}");
        Assert.Equal(HttpStatusCode.NotAcceptable, ended.Status);
    }

    [Fact]
    public async Task Teams_AreApprovedAndDisapprovedByHostsAlone()
    {
        await using var played = await PlayedChallenge.StartAsync(
            TestBundle.Config.Replace("published: true", "published: true\nmanual_participant_approval: true", StringComparison.Ordinal));
        var scene = await EvalAiScene.OfAsync(played);
        var path = $"/api/challenges/challenge/{scene.Challenge}";
        var waiting = (await played.Host.AskAsync($"{path}/get_participant_teams/")).Ok()["participant_teams"][0];
        Assert.Equal((scene.Team, false), (waiting.GetProperty("id").GetInt32(), waiting.GetProperty("approved").GetBoolean()));
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Post, $"{path}/approve_participant_team/{scene.Team}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync($"{path}/get_participant_teams/")).Status);
        (await played.Host.AskAsync(HttpMethod.Post, $"{path}/approve_participant_team/{scene.Team}")).Is(HttpStatusCode.Created, """{"success": "Participant Team approved"}""");
        (await played.Host.AskAsync(HttpMethod.Post, $"{path}/approve_participant_team/{scene.Team}")).Is(HttpStatusCode.NotAcceptable, """{"error": "Participant Team is already approved"}""");
        (await played.Host.AskAsync(HttpMethod.Post, $"{path}/disapprove_participant_team/{scene.Team}")).Ok(HttpStatusCode.NoContent);
        Assert.False((await played.Host.AskAsync($"{path}/get_participant_teams/")).Ok()["participant_teams"][0].GetProperty("approved").GetBoolean());
    }

    [Fact]
    public async Task Pausing_ByHosts_ShowsInChallengeAndPhase()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var (challenge, phase) = ($"/api/challenges/challenge/{scene.Challenge}", $"/api/challenges/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}");
        foreach (var path in (string[])[challenge, phase])
        {
            (await played.Host.AskAsync(HttpMethod.Post, $"{path}/pause_submissions/", EvalAiClient.Json("""{"is_submission_paused": true}"""))).Is(HttpStatusCode.OK, """{"is_submission_paused": true}""");
            Assert.True((await played.Participant.AskAsync(path)).Ok()["is_submission_paused"].GetBoolean());
            (await played.Host.AskAsync(HttpMethod.Post, $"{path}/pause_submissions/", EvalAiClient.Form(("is_submission_paused", "False")))).Ok();
            Assert.False((await played.Participant.AskAsync(path)).Ok()["is_submission_paused"].GetBoolean());
            Assert.Equal(HttpStatusCode.BadRequest, (await played.Host.AskAsync(HttpMethod.Post, $"{path}/pause_submissions/")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Post, $"{path}/pause_submissions/", EvalAiClient.Form(("is_submission_paused", "true")))).Status);
        }
    }
}
