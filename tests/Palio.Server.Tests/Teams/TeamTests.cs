using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Teams;

public sealed class TeamTests
{
    [Fact]
    public async Task Invitation_LetsOnePersonIn_Once()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (ada, bob, eve) = (await palio.PersonAsync("ada"), await palio.PersonAsync("bob"), await palio.PersonAsync("eve"));
        var team = await ada.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Ada's Team" });
        Assert.Equal("ada-s-team", team.Slug);
        var invitation = await ada.PostAsync<TeamInvitation>($"/api/v1/teams/participant/{team.Id}/invitations");
        Assert.Equal(PalioInstance.Start.AddDays(7), invitation.Expires);
        var joined = await bob.PostAsync<TeamSummary>($"/api/v1/invitations/{invitation.Code}/accept");
        Assert.Equal(["ada", "bob"], joined.Members);
        await eve.SendAsync(HttpMethod.Post, $"/api/v1/invitations/{invitation.Code}/accept").RefusedAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Invitation_AfterSevenDays_IsGone()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (ada, bob) = (await palio.PersonAsync("ada"), await palio.PersonAsync("bob"));
        var team = await ada.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "T" });
        var invitation = await ada.PostAsync<TeamInvitation>($"/api/v1/teams/participant/{team.Id}/invitations");
        palio.Time.Advance(TimeSpan.FromDays(7));
        await bob.SendAsync(HttpMethod.Post, $"/api/v1/invitations/{invitation.Code}/accept").RefusedAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Team_OfOthers_CannotBeSeenInvitedToOrChanged()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (ada, eve) = (await palio.PersonAsync("ada"), await palio.PersonAsync("eve"));
        var team = await ada.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "T" });
        await eve.SendAsync(HttpMethod.Get, $"/api/v1/teams/participant/{team.Id}").RefusedAsync(HttpStatusCode.NotFound, "not_found");
        await eve.SendAsync(HttpMethod.Post, $"/api/v1/teams/participant/{team.Id}/invitations").RefusedAsync(HttpStatusCode.NotFound, "not_found");
        await eve.SendAsync(HttpMethod.Delete, $"/api/v1/teams/participant/{team.Id}/members/ada").RefusedAsync(HttpStatusCode.NotFound, "not_found");
        await ada.SendAsync(HttpMethod.Get, $"/api/v1/teams/host/{team.Id}").RefusedAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Names_AreUniqueWhateverTheCase_AndHostIsNoSlug()
    {
        await using var palio = await PalioInstance.StartAsync();
        var ada = await palio.PersonAsync("ada");
        await ada.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Team" });
        await ada.SendAsync(HttpMethod.Post, "/api/v1/teams", new CreateTeamRequest { Name = "TEAM" }).RefusedAsync(HttpStatusCode.Conflict, "taken");
        var host = await ada.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Host" });
        Assert.NotEqual("host", host.Slug);
    }

    [Fact]
    public async Task Member_CanLeave()
    {
        await using var palio = await PalioInstance.StartAsync();
        var ada = await palio.PersonAsync("ada");
        var team = await ada.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "T" });
        using var left = await ada.SendAsync(HttpMethod.Delete, $"/api/v1/teams/participant/{team.Id}/members/ADA");
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Empty(await ada.GetAsync<List<TeamSummary>>("/api/v1/teams"));
    }

    [Fact]
    public async Task HostTeam_IsChangedWithHostScopeOnly()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (ada, bob) = (await palio.PersonAsync("ada"), await palio.PersonAsync("bob"));
        var team = await ada.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Hosts", Kind = TeamKind.Host });
        var (submit, bobSubmits) = (await NarrowAsync(palio, ada), await NarrowAsync(palio, bob));
        await submit.SendAsync(HttpMethod.Post, $"/api/v1/teams/host/{team.Id}/invitations").RefusedAsync(HttpStatusCode.Forbidden, "scope");
        await submit.SendAsync(HttpMethod.Delete, $"/api/v1/teams/host/{team.Id}/members/ada").RefusedAsync(HttpStatusCode.Forbidden, "scope");
        var invitation = await ada.PostAsync<TeamInvitation>($"/api/v1/teams/host/{team.Id}/invitations");
        await bobSubmits.SendAsync(HttpMethod.Post, $"/api/v1/invitations/{invitation.Code}/accept").RefusedAsync(HttpStatusCode.Forbidden, "scope");
        Assert.Equal(["ada", "bob"], (await bob.PostAsync<TeamSummary>($"/api/v1/invitations/{invitation.Code}/accept")).Members);
    }

    [Theory]
    [InlineData("banned_email_ids: [bob@example.org]", HttpStatusCode.Forbidden, "email_not_allowed")]
    [InlineData("blocked_email_domains: [example.org]", HttpStatusCode.Forbidden, "email_not_allowed")]
    [InlineData("allowed_email_domains: [university.edu]", HttpStatusCode.Forbidden, "email_not_allowed")]
    [InlineData("max_team_members: 1", HttpStatusCode.Conflict, "join_refused")]
    public async Task TeamThatTakesPart_LetsInOnlyWhomTheChallengeWould(string rule, HttpStatusCode status, string code)
    {
        await using var played = await PlayedChallenge.StartAsync();
        using var published = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config.Replace("published: true", $"published: true\n{rule}", StringComparison.Ordinal)));
        Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var bob = await played.Palio.PersonAsync("bob");
        var team = (await played.Participant.GetAsync<List<TeamSummary>>("/api/v1/teams")).Single();
        var invitation = await played.Participant.PostAsync<TeamInvitation>($"/api/v1/teams/participant/{team.Id}/invitations");
        await bob.SendAsync(HttpMethod.Post, $"/api/v1/invitations/{invitation.Code}/accept").RefusedAsync(status, code);
        Assert.Equal(["pia"], (await played.Participant.GetAsync<TeamSummary>($"/api/v1/teams/participant/{team.Id}")).Members);
        using var freed = await played.Host.PublishAsync(TestBundle.Zip());
        Assert.True(freed.IsSuccessStatusCode);
        Assert.Equal(["pia", "bob"], (await bob.PostAsync<TeamSummary>($"/api/v1/invitations/{invitation.Code}/accept")).Members);
    }

    [Fact]
    public async Task TeamThatTakesPart_LetsNobodyInWhoTakesPartWithAnother()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var rival = await played.JoinAsync("rita", "Rivals");
        var team = (await played.Participant.GetAsync<List<TeamSummary>>("/api/v1/teams")).Single();
        var invitation = await played.Participant.PostAsync<TeamInvitation>($"/api/v1/teams/participant/{team.Id}/invitations");
        await rival.SendAsync(HttpMethod.Post, $"/api/v1/invitations/{invitation.Code}/accept").RefusedAsync(HttpStatusCode.Conflict, "join_refused");
    }

    private static async Task<HttpClient> NarrowAsync(PalioInstance palio, HttpClient person) =>
        palio.With((await person.PostAsync<CreatedToken>("/api/v1/tokens", new CreateTokenRequest { Name = "narrow", Scope = TokenScope.Submit })).Secret);
}
