using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Challenges;

public sealed class PublishTests
{
    [Fact]
    public async Task Bundle_Published_IsShownSanitised()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var detail = await played.Participant.GetAsync<ChallengeDetail>("/api/v1/challenges/pole");
        Assert.Equal(ChallengeState.Ongoing, detail.Summary.State);
        Assert.Contains("Balance", detail.DescriptionHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("script", detail.DescriptionHtml, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("onclick", detail.DescriptionHtml, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<h3>Page</h3>", detail.TermsHtml, StringComparison.Ordinal);
        var phase = Assert.Single(detail.Phases);
        Assert.Equal("open", phase.State);
        Assert.StartsWith("sha256:", phase.EnvironmentDigest, StringComparison.Ordinal);
        Assert.NotNull(phase.SeedCommitment);
        Assert.Equal(10, phase.Remaining?.Today);
        Assert.EndsWith("/pole/players", detail.Repository, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bundle_PublishedAgain_ChangesNothing_AndChanged_IsARevision()
    {
        await using var played = await PlayedChallenge.StartAsync();
        using var same = await played.Host.PublishAsync(TestBundle.Zip());
        var unchanged = await same.ReadAsync();
        Assert.False(unchanged.Changed);
        Assert.Equal(1, unchanged.Revision);
        using var other = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config.Replace("Keep it upright.", "Keep it up.", StringComparison.Ordinal)));
        Assert.Equal(2, (await other.ReadAsync()).Revision);
        played.Palio.Images.Add("pole/host/environment", "newer environment", "1");
        using var newImage = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config.Replace("Keep it upright.", "Keep it up.", StringComparison.Ordinal)));
        Assert.Equal(3, (await newImage.ReadAsync()).Revision);
    }

    [Fact]
    public async Task Bundle_Broken_PublishesNothing_AndSaysEverything()
    {
        await using var palio = await PalioInstance.StartAsync();
        var host = await palio.PersonAsync("hanna");
        await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "H", Kind = TeamKind.Host });
        using var response = await host.PublishAsync(TestBundle.Zip(TestBundle.Config
            .Replace("max_submissions: 20", "max_submisions: 20", StringComparison.Ordinal).Replace("title: Pole", "title: ''", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var result = await response.ReadAsync();
        Assert.True(result.Problems.Count >= 2);
        Assert.All(result.Problems, problem => Assert.NotEmpty(problem.Message));
        Assert.Equal(0, (await host.GetAsync<Page<ChallengeSummary>>("/api/v1/challenges?mine=true")).Total);
    }

    [Fact]
    public async Task Bundle_WithoutPushedEnvironment_SaysWhereToPush()
    {
        await using var palio = await PalioInstance.StartAsync();
        var host = await palio.PersonAsync("hanna");
        await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "H", Kind = TeamKind.Host });
        using var response = await host.PublishAsync(TestBundle.Zip());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains((await response.ReadAsync()).Problems, p => p.Remedy.Contains("docker push", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HiddenChallenge_NamedAsAnothersNumber_DoesNotStandBeforeIt()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var number = (await played.Participant.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Summary.Id;
        played.Palio.Images.Add($"{number}/host/environment", "environment", "1");
        using var hidden = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config.Replace("title: Pole", $"title: '{number}'", StringComparison.Ordinal)
            .Replace("pole/host", $"{number}/host", StringComparison.Ordinal).Replace("published: true", "published: false", StringComparison.Ordinal)));
        Assert.Equal($"{number}", (await hidden.ReadAsync()).Challenge?.Slug);
        Assert.Equal("pole", (await played.Participant.GetAsync<ChallengeDetail>($"/api/v1/challenges/{number}")).Summary.Slug);
        Assert.Equal($"{number}", (await played.Host.GetAsync<ChallengeDetail>($"/api/v1/challenges/{number}")).Summary.Slug);
    }

    [Fact]
    public async Task Challenge_NeedsApproval_UnlessSelfService()
    {
        await using var palio = await PalioInstance.StartAsync();
        var host = await palio.PersonAsync("hanna");
        await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "H", Kind = TeamKind.Host });
        palio.Images.Add("pole/host/environment", "environment", "1");
        using var published = await host.PublishAsync(TestBundle.Zip());
        Assert.Equal(ChallengeState.Waiting, (await published.ReadAsync()).Challenge?.State);
        await palio.Anonymous.SendAsync(HttpMethod.Get, "/api/v1/challenges/pole").RefusedAsync(HttpStatusCode.NotFound, "not_found");
        await host.SendAsync(HttpMethod.Post, "/api/v1/challenges/pole/review", new ReviewRequest { Approve = true }).RefusedAsync(HttpStatusCode.Forbidden, "scope");
        await (await palio.AdministratorAsync()).PostAsync<ChallengeDetail>("/api/v1/challenges/pole/review", new ReviewRequest { Approve = true });
        Assert.Equal(ChallengeState.Ongoing, (await palio.Anonymous.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Summary.State);
        Assert.Equal(1, (await palio.Anonymous.GetAsync<Page<ChallengeSummary>>("/api/v1/challenges?state=ongoing")).Total);
        Assert.Equal(0, (await palio.Anonymous.GetAsync<Page<ChallengeSummary>>("/api/v1/challenges?state=past")).Total);
    }

    [Fact]
    public async Task Challenge_NameOfAnotherHost_IsTaken()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var other = await played.Palio.PersonAsync("otto");
        await other.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Others", Kind = TeamKind.Host });
        await other.PublishAsync(TestBundle.Zip()).RefusedAsync(HttpStatusCode.Conflict, "taken");
    }

    [Fact]
    public async Task DryRun_StoresNothing()
    {
        await using var palio = await PalioInstance.StartAsync();
        var host = await palio.PersonAsync("hanna");
        await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "H", Kind = TeamKind.Host });
        palio.Images.Add("pole/host/environment", "environment", "1");
        using var response = await host.PublishAsync(TestBundle.Zip(), "?dryRun=true");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, (await host.GetAsync<Page<ChallengeSummary>>("/api/v1/challenges?mine=true")).Total);
    }

    [Fact]
    public async Task Join_WithoutTerms_IsRefused_AndWith_StoresThem()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var quinn = await played.Palio.PersonAsync("quinn");
        await quinn.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Q" });
        await quinn.SendAsync(HttpMethod.Post, "/api/v1/challenges/pole/participation", new ParticipateRequest { AcceptTerms = false })
            .RefusedAsync(HttpStatusCode.Conflict, "terms_not_accepted");
        await quinn.PostAsync<Participation>("/api/v1/challenges/pole/participation", new ParticipateRequest { AcceptTerms = true });
        await quinn.SendAsync(HttpMethod.Post, "/api/v1/challenges/pole/participation", new ParticipateRequest { AcceptTerms = true })
            .RefusedAsync(HttpStatusCode.Conflict, "join_refused");
        Assert.Equal(2, (await played.Host.GetAsync<Page<ParticipantRow>>("/api/v1/challenges/pole/participants")).Total);
        using var left = await quinn.SendAsync(HttpMethod.Delete, "/api/v1/challenges/pole/participation");
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
    }
}
