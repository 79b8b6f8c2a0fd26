using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

/// <summary>What EvalAI's page changes of a published challenge: each change is a revision.</summary>
public sealed class EditingTests
{
    [Fact]
    public async Task Challenge_Patched_IsANewRevision_WithWhatWasDecidedSince()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        await played.Host.PostAsync<ChallengeDetail>("/api/v1/challenges/pole/phases/dev/pause");
        played.Palio.Images.Add("pole/host/environment", "another environment", "1"); // the tag moves; the challenge does not
        var path = $"/api/challenges/challenge_host_team/{scene.HostTeam}/challenge/{scene.Challenge}";
        var digest = await EnvironmentAsync(played);

        var changed = (await played.Host.AskAsync(HttpMethod.Patch, path + "/", EvalAiClient.Json(
            """{"title": "Pole: \"two\"", "end_date": "2027-02-03T04:05:06Z", "is_registration_open": false, "max_team_members": 3, "list_tags": ["a", "b"], "description": "<p>New</p>"}"""))).Ok();

        Assert.Equal(("Pole: \"two\"", "2027-02-03T04:05:06Z", 3), (changed["title"].GetString(), changed["end_date"].GetString(), changed["max_team_members"].GetInt32()));
        Assert.Equal("<p>New</p>", changed["description"].GetString());
        Assert.Equal(["a", "b"], changed["list_tags"].EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal(("Pole: \"two\"", false), (changed["title"].GetString(), changed["is_registration_open"].GetBoolean()));
        Assert.True(await played.Palio.InDatabaseAsync(db => db.Phases.Select(p => p.IsSubmissionPaused).SingleAsync()));
        Assert.Equal(2, await RevisionAsync(played));
        Assert.Equal(digest, await EnvironmentAsync(played));

        // The whole object sent back changes nothing; a form does what JSON does.
        (await played.Host.AskAsync(HttpMethod.Put, path, EvalAiClient.Json(changed.Text))).Ok();
        Assert.Equal(2, await RevisionAsync(played));
        var form = EvalAiClient.Multipart(("short_description", "By form"), ("max_team_members", ""));
        form.Add(new ByteArrayContent("<b>Terms</b>"u8.ToArray()), "terms_and_conditions_file", "terms.html");
        var formed = (await played.Host.AskAsync(HttpMethod.Patch, path, form)).Ok();
        Assert.Equal(("By form", "<b>Terms</b>", System.Text.Json.JsonValueKind.Null), (formed["short_description"].GetString(), formed["terms_and_conditions"].GetString(), formed["max_team_members"].ValueKind));
        Assert.Equal(3, await RevisionAsync(played));
    }

    [Fact]
    public async Task Challenge_PatchedWithWhatCannotBe_IsRefusedUnderItsKey_AndChangesNothing()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var path = $"/api/challenges/challenge_host_team/{scene.HostTeam}/challenge/{scene.Challenge}/";
        foreach (var (json, key) in ((string, string)[])[
            ("""{"end_date": "2025-01-01T00:00:00Z"}""", "end_date"), ("""{"end_date": "soon"}""", "end_date"), ("""{"title": ""}""", "title"),
            ("""{"published": "perhaps"}""", "published"), ("""{"max_team_members": "many"}""", "max_team_members"), ("""{"list_tags": "a"}""", "list_tags"),
            ("""{"approved_by_admin": false}""", "approved_by_admin"), ("""{"queue": "mine"}""", "queue"), ("""{"worker_memory": 4096}""", "worker_memory"),
            ("""{"is_submission_paused": true}""", "is_submission_paused")])
        {
            var refused = await played.Host.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json(json));
            Assert.True(refused.Status == HttpStatusCode.BadRequest, $"{json}: {refused.Text}");
            Assert.False(string.IsNullOrEmpty(refused["error"].GetString()));
            Assert.True(refused.Json.TryGetProperty(key, out _), $"{json}: {refused.Text}");
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json("""{"title": "Mine"}"""))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await played.Palio.Anonymous.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json("""{"title": "Mine"}"""))).Status);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await played.Host.AskAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await played.Host.AskAsync(HttpMethod.Patch, path.Replace($"team/{scene.HostTeam}", "team/99", StringComparison.Ordinal), EvalAiClient.Json("{}"))).Status);
        Assert.Equal(1, await RevisionAsync(played));
    }

    [Fact]
    public async Task Disabling_TakesTheChallengeOutOfSight_AndPublishingPutsItBack()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var one = $"/api/challenges/challenge/{scene.Challenge}";
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Post, $"{one}/disable")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await played.Host.AskAsync(HttpMethod.Post, $"{one}/disable")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await played.Host.AskAsync(HttpMethod.Post, $"{one}/disable/")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await played.Palio.Anonymous.AskAsync(one)).Status);
        Assert.False((await played.Host.AskAsync(one)).Ok()["published"].GetBoolean());
        (await played.Host.AskAsync(HttpMethod.Patch, $"/api/challenges/challenge_host_team/{scene.HostTeam}/challenge/{scene.Challenge}/", EvalAiClient.Form(("published", "true")))).Ok();
        (await played.Palio.Anonymous.AskAsync(one)).Ok();
        Assert.Equal(3, await RevisionAsync(played));

        var tags = $"{one}/update_challenge_tags_and_domain/";
        Assert.Equal(HttpStatusCode.OK, (await played.Host.AskAsync(HttpMethod.Patch, tags, EvalAiClient.Json("""{"list_tags": ["pole"], "domain": "RL"}"""))).Status);
        Assert.Equal("Reinforcement Learning", (await played.Host.AskAsync(one)).Ok()["domain_name"].GetString());
        Assert.Equal(HttpStatusCode.NotAcceptable, (await played.Host.AskAsync(HttpMethod.Patch, tags, EvalAiClient.Json("""{"domain": "XX"}"""))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await played.Participant.AskAsync(HttpMethod.Patch, tags, EvalAiClient.Json("{}"))).Status);
    }

    [Fact]
    public async Task Phase_Patched_HasItsNewLimitsAndPage_AndWhatItHadBesides()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var path = $"/api/challenges/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}";
        var form = EvalAiClient.Multipart(("name", "Development"), ("max_submissions_per_day", "4"), ("is_submission_public", "False"), ("end_date", "2026-11-30T00:00:00Z"));
        form.Add(new ByteArrayContent("<p>Phase</p>"u8.ToArray()), "phase_description_file", "phase.html");
        var changed = (await played.Host.AskAsync(HttpMethod.Patch, path, form)).Ok();
        Assert.Equal(("Development", 4, 20), (changed["name"].GetString(), changed["max_submissions_per_day"].GetInt32(), changed["max_submissions"].GetInt32()));
        Assert.Equal(("<p>Phase</p>", "2026-11-30T00:00:00Z", false), (changed["description"].GetString(), changed["end_date"].GetString(), changed["is_submission_public"].GetBoolean()));
        (await played.Host.AskAsync(HttpMethod.Put, path, EvalAiClient.Json(changed.Text))).Ok();
        Assert.Equal(2, await RevisionAsync(played));
        Assert.Equal(HttpStatusCode.BadRequest, (await played.Host.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json("""{"start_date": "2028-01-01 00:00:00"}"""))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json("""{"name": "x"}"""))).Status);

        var emails = $"/api/challenges/challenges/{scene.Challenge}/phases/{scene.Phase}/allowed_email_ids/";
        (await played.Host.AskAsync(HttpMethod.Patch, emails, EvalAiClient.Json("""{"allowed_email_ids": ["a@example.org", "pia@example.org"]}"""))).Is(HttpStatusCode.OK, """{"allowed_email_ids": ["a@example.org", "pia@example.org"]}""");
        (await played.Host.AskAsync(HttpMethod.Delete, emails, EvalAiClient.Json("""{"allowed_email_ids": ["a@example.org"]}"""))).Is(HttpStatusCode.OK, """{"allowed_email_ids": ["pia@example.org"]}""");
        (await played.Host.AskAsync(emails)).Is(HttpStatusCode.OK, """{"allowed_email_ids": ["pia@example.org"]}""");

        await played.SubmitAsync("agent");
        var codename = await played.Host.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json("""{"codename": "other"}"""));
        Assert.Contains("has submissions as 'dev'", codename.Ok(HttpStatusCode.BadRequest)["codename"][0].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await played.Host.AskAsync(HttpMethod.Delete, path)).Status);
    }

    [Fact]
    public async Task Phase_WithoutSubmissions_IsLeftOut()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("dataset_splits:", """
              - id: 2
                name: Test
                codename: test
                description: page.md
                start_date: 2026-01-01 00:00:00
                end_date: 2026-12-31 00:00:00
                is_public: true
            dataset_splits:
            """, StringComparison.Ordinal) + "\n  - {challenge_phase_id: 2, leaderboard_id: 1, dataset_split_id: 1, visibility: 3}");
        var scene = await EvalAiScene.OfAsync(played);
        var phases = $"/api/challenges/challenge/{scene.Challenge}/challenge_phase";
        var second = (await played.Host.AskAsync(phases)).Ok()["results"][1].GetProperty("id").GetInt32();
        Assert.Equal(HttpStatusCode.NoContent, (await played.Host.AskAsync(HttpMethod.Delete, $"{phases}/{second}")).Status);
        Assert.Equal(1, (await played.Host.AskAsync(phases)).Ok()["count"].GetInt32());
        Assert.Equal(HttpStatusCode.NotAcceptable, (await played.Host.AskAsync(HttpMethod.Post, phases, EvalAiClient.Json("""{"name": "More"}"""))).Status);
    }

    [Fact]
    public async Task PhaseSplit_Patched_ChangesItsBoard()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        var path = $"/api/challenges/challenge/create/challenge_phase_split/{scene.Split}/";
        Assert.Equal(
            ["id", "challenge_phase", "dataset_split", "leaderboard", "visibility", "leaderboard_decimal_precision", "is_leaderboard_order_descending", "show_leaderboard_by_latest_submission",
                "show_execution_time", "show_scores_on_leaderboard"],
            (await played.Palio.Anonymous.AskAsync(path)).Ok().Json.EnumerateObject().Select(key => key.Name));
        var changed = (await played.Host.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json("""{"show_leaderboard_by_latest_submission": true, "leaderboard_decimal_precision": 4}"""))).Ok();
        Assert.Equal((true, 4, 3), (changed["show_leaderboard_by_latest_submission"].GetBoolean(), changed["leaderboard_decimal_precision"].GetInt32(), changed["visibility"].GetInt32()));
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Participant.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json("""{"visibility": 1}"""))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await played.Host.AskAsync(HttpMethod.Patch, path, EvalAiClient.Json("""{"visibility": 7}"""))).Status);
        Assert.Equal(2, await RevisionAsync(played));
    }

    [Fact]
    public async Task Annotations_AndLogo_SentAsFiles_AreTheBundles()
    {
        await using var scene = await UploadScene.StartAsync();
        var form = EvalAiClient.Multipart();
        form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes("[5]")), "test_annotation", "new truth.json");
        (await scene.Host.AskAsync(HttpMethod.Patch, $"/api/challenges/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}", form)).Ok();
        await scene.Guess.SubmitAsync();
        var job = await scene.Guess.LeaseAsync();
        await using var stream = await scene.Guess.Jobs.OpenFileAsync(job.Lease, job.Scoring!.Annotations!, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.Equal("[5]", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static Task<int> RevisionAsync(PlayedChallenge played) => played.Palio.InDatabaseAsync(db => db.Challenges.Select(c => c.Revision).SingleAsync());

    private static Task<string?> EnvironmentAsync(PlayedChallenge played) => played.Palio.InDatabaseAsync(db => db.Phases.Select(p => p.Current!.EnvironmentDigest).SingleAsync());
}
