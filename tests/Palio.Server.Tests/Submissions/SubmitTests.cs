using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Submissions;

public sealed class SubmitTests
{
    [Fact]
    public async Task Submission_Accepted_IsQueuedPinnedAndCounted()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        Assert.Equal(1, made.Number);
        Assert.Equal(SubmissionState.Waiting, made.State);
        Assert.True(made.Counts);
        Assert.Contains(played.Palio.Images.Pins.Keys, pin => pin.Contains("submitted to phase ", StringComparison.Ordinal));
        var detail = await played.DetailAsync(made.Id);
        Assert.Equal(1, detail.Evaluations[0].QueuePlace);
        Assert.Equal(3, detail.Evaluations[0].EpisodesTotal);
    }

    [Fact]
    public async Task Submission_SameDigestOrKey_IsTheSame()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var request = played.Request("agent");
        var first = await played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions", request);
        var second = await played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions", request);
        var again = await played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions?again=true", request);
        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Id, again.Id);
        played.Participant.DefaultRequestHeaders.Add("Idempotency-Key", "k1");
        var keyed = await played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions?again=true", request);
        var repeated = await played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions?again=true", request);
        Assert.Equal(keyed.Id, repeated.Id);
        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", played.Request("another"))
            .RefusedAsync(HttpStatusCode.Conflict, "idempotency_conflict");
    }

    [Fact]
    public async Task Submission_ImagesThatCannotBeJudged_AreRefusedBeforeTheQueue()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("published: true", "published: true\nmax_docker_image_size: 1MiB", StringComparison.Ordinal));
        var images = played.Palio.Images;
        await Refused("sha256:" + new string('0', 64), HttpStatusCode.UnprocessableEntity, "image_missing");
        await Refused(images.Add("pole/players", "arm", platform: "arm64"), HttpStatusCode.UnprocessableEntity, "image_architecture");
        await Refused(images.Add("pole/players", "large", size: 2 << 20), HttpStatusCode.UnprocessableEntity, "image_too_large");
        await Refused(images.Add("pole/players", "nothing", entrypoint: false), HttpStatusCode.UnprocessableEntity, "image_entrypoint");
        await Refused(images.Add("pole/others", "theirs"), HttpStatusCode.UnprocessableEntity, "image_missing");
        await Refused("nonsense", HttpStatusCode.BadRequest, "validation");
        Assert.Equal(0, (await played.Participant.GetAsync<Page<SubmissionSummary>>("/api/v1/submissions")).Total);

        Task Refused(string digest, HttpStatusCode status, string code) => played.Participant
            .SendAsync(HttpMethod.Post, "/api/v1/submissions", new SubmitRequest { Challenge = "pole", Phase = "dev", Digest = digest }).RefusedAsync(status, code);
    }

    [Fact]
    public async Task Submission_OutsideTheRules_GetsTheRefusalOfEach()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("end_date: 2026-12-31 00:00:00", "end_date: 2026-05-20 12:10:00", StringComparison.Ordinal));
        var request = played.Request("agent");
        var stranger = await played.Palio.PersonAsync("stan");
        await stranger.SendAsync(HttpMethod.Post, "/api/v1/submissions", request).RefusedAsync(HttpStatusCode.Conflict, "not_participating");
        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", request with { Phase = "nope" }).RefusedAsync(HttpStatusCode.NotFound, "not_found");
        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", request with { Challenge = "nope" }).RefusedAsync(HttpStatusCode.NotFound, "not_found");
        await played.Host.PostAsync<ChallengeDetail>("/api/v1/challenges/pole/phases/dev/pause");
        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", request).RefusedAsync(HttpStatusCode.Conflict, "phase_paused");
        await played.Host.PostAsync<ChallengeDetail>("/api/v1/challenges/pole/phases/dev/resume");
        var rows = await played.Host.GetAsync<Page<ParticipantRow>>("/api/v1/challenges/pole/participants");
        await played.Host.PostAsync<Participation>($"/api/v1/challenges/pole/participants/{rows.Items[0].Participation.Id}/disqualify");
        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", request).RefusedAsync(HttpStatusCode.Conflict, "not_approved");
        await played.Host.PostAsync<Participation>($"/api/v1/challenges/pole/participants/{rows.Items[0].Participation.Id}/reinstate");
        played.Palio.Time.Advance(TimeSpan.FromMinutes(10));
        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", request).RefusedAsync(HttpStatusCode.Conflict, "phase_closed");
    }

    [Fact]
    public async Task Quota_OfDayAndTotal_EndsWithARetryTime()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config
            .Replace("max_submissions: 20", "max_submissions: 3", StringComparison.Ordinal)
            .Replace("max_submissions_per_month: 15", "max_submissions_per_month: 3", StringComparison.Ordinal)
            .Replace("max_submissions_per_day: 10", "max_submissions_per_day: 2", StringComparison.Ordinal)
            .Replace("max_concurrent_submissions_allowed: 10", "max_concurrent_submissions_allowed: 2", StringComparison.Ordinal));
        for (var i = 0; i < 2; i++)
        {
            var made = await played.SubmitAsync($"agent {i}");
            await played.PlayAsync(await played.LeaseAsync(), 1);
            Assert.Equal(SubmissionState.Finished, (await played.DetailAsync(made.Id)).Summary.State);
        }

        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", played.Request("x")).RefusedAsync(HttpStatusCode.TooManyRequests, "quota_day");
        played.Palio.Time.Advance(TimeSpan.FromDays(1));
        await played.SubmitAsync("agent 3");
        await played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", played.Request("x")).RefusedAsync(HttpStatusCode.TooManyRequests, "quota_total");
    }

    [Fact]
    public async Task FiftyParallelSubmits_TakeExactlyTheLimit_OnSqlite() => await FiftyParallelAsync(null);

    [Fact]
    public async Task FiftyParallelSubmits_TakeExactlyTheLimit_OnPostgres()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await FiftyParallelAsync(postgres.ConnectionString);
    }

    private static async Task FiftyParallelAsync(string? postgres)
    {
        await using var played = await PlayedChallenge.StartAsync(postgres: postgres);
        var requests = Enumerable.Range(0, 50).Select(i => played.Request($"agent {i}")).ToList();
        var answers = await Task.WhenAll(requests.Select(request => played.Participant.SendAsync(HttpMethod.Post, "/api/v1/submissions", request)));
        Assert.Equal(10, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(40, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        var page = await played.Participant.GetAsync<Page<SubmissionSummary>>("/api/v1/submissions?size=100");
        Assert.Equal(Enumerable.Range(1, 10), page.Items.Select(s => s.Number).Order());
        var pins = played.Palio.Images.Pins.Keys.Where(pin => pin.Contains("submitted to phase ", StringComparison.Ordinal)).ToList();
        Assert.Equal(page.Items.Select(s => s.Digest).Order(), pins.Select(pin => pin.Split('@', ' ')[1]).Order());
    }
}
