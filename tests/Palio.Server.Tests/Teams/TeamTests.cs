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
}
