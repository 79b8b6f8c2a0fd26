using System.Net;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

public sealed class TeamTests
{
    private const string Teams = "/api/participants/participant_team";

    [Fact]
    public async Task Team_Made_IsListedWithItsMembers()
    {
        await using var palio = await PalioInstance.StartAsync();
        var person = await palio.PersonAsync("pia");
        var made = (await person.AskAsync(HttpMethod.Post, Teams, EvalAiClient.Json("""{"team_name": "Players", "team_url": "https://example.org/"}"""))).Ok(HttpStatusCode.Created);
        Assert.Equal("Players", made["team_name"].GetString());
        var id = made["id"].GetInt32();
        (await person.AskAsync(Teams)).Is(HttpStatusCode.OK, $$"""
            {"count": 1, "next": null, "previous": null, "results": [{"id": {{id}}, "team_name": "Players", "created_by": "pia", "team_url": "https://example.org/",
             "members": [{"member_name": "pia", "first_name": "", "last_name": "", "email": "pia@example.org", "status": "Self", "profile": {"affiliation": "", "github_url": "",
             "google_scholar_url": "", "linkedin_url": "", "address_street": "", "address_city": "", "address_state": "", "address_country": "", "university": ""} }] }] }
            """);
        Assert.Equal(0, (await person.AskAsync($"{Teams}?team_name=other")).Ok()["count"].GetInt32());
    }

    [Fact]
    public async Task HostTeam_MadeByEitherAddress_HasItsMakerInIt()
    {
        await using var palio = await PalioInstance.StartAsync();
        var person = await palio.PersonAsync("hanna");
        var first = (await person.AskAsync(HttpMethod.Post, "/api/hosts/create_challenge_host_team", EvalAiClient.Form(("team_name", "Hosts")))).Ok(HttpStatusCode.Created)["id"].GetInt32();
        (await person.AskAsync(HttpMethod.Post, "/api/hosts/challenge_host_team/", EvalAiClient.Form(("team_name", "More")))).Ok(HttpStatusCode.Created);
        var user = (await person.AskAsync("/api/auth/user/")).Ok()["pk"].GetInt32();
        (await person.AskAsync($"/api/hosts/challenge_host_team/{first}")).Is(HttpStatusCode.OK, $$"""
            {"id": {{first}}, "team_name": "Hosts", "created_by": "hanna", "team_url": "",
             "members": [{"id": {{user}}, "user": "hanna", "team_name": {{first}}, "status": "Self", "permissions": "Admin"}]}
            """);
        Assert.Equal(2, (await person.AskAsync("/api/hosts/challenge_host_team/")).Ok()["count"].GetInt32());
    }

    [Theory]
    [InlineData("/api/participants/participant_team", "participant team with this team name already exists.")]
    [InlineData("/api/hosts/create_challenge_host_team", "challenge host team with this team name already exists.")]
    public async Task Team_NameTakenOrMissing_IsSaidUnderItsField(string address, string text)
    {
        await using var palio = await PalioInstance.StartAsync();
        var person = await palio.PersonAsync("pia");
        (await person.AskAsync(HttpMethod.Post, address, EvalAiClient.Form(("team_name", "Same")))).Ok(HttpStatusCode.Created);
        (await person.AskAsync(HttpMethod.Post, address, EvalAiClient.Form(("team_name", "same"))))
            .Is(HttpStatusCode.BadRequest, $$"""{"team_name": ["{{text}}"], "error": "{{text}}"}""");
        (await person.AskAsync(HttpMethod.Post, address, EvalAiClient.Json("{}")))
            .Is(HttpStatusCode.BadRequest, """{"team_name": ["This field is required."], "error": "This field is required."}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await person.AskAsync(HttpMethod.Post, address, EvalAiClient.Form(("team_name", "Url"), ("team_url", "no address")))).Status);
    }

    [Fact]
    public async Task Team_OfOthers_IsNeitherShownNorChanged()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (owner, other) = (await palio.PersonAsync("pia"), await palio.PersonAsync("otto"));
        var id = (await owner.AskAsync(HttpMethod.Post, Teams, EvalAiClient.Form(("team_name", "Players")))).Ok(HttpStatusCode.Created)["id"].GetInt32();
        const string NotMine = """{"error": "Sorry, you do not belong to this Participant Team!"}""";
        (await other.AskAsync($"{Teams}/{id}")).Is(HttpStatusCode.Forbidden, NotMine);
        (await other.AskAsync(HttpMethod.Patch, $"{Teams}/{id}", EvalAiClient.Form(("team_name", "Mine")))).Is(HttpStatusCode.Forbidden, NotMine);
        (await other.AskAsync($"{Teams}/9999")).Is(HttpStatusCode.NotAcceptable, """{"error": "ParticipantTeam does not exist"}""");
        Assert.Equal(HttpStatusCode.NotFound, (await other.AskAsync(HttpMethod.Delete, $"/api/participants/remove_self_from_participant_team/{id}")).Status);
        Assert.Equal("Renamed", (await owner.AskAsync(HttpMethod.Patch, $"{Teams}/{id}", EvalAiClient.Form(("team_name", "Renamed")))).Ok()["team_name"].GetString());
        var invited = (await owner.AskAsync(HttpMethod.Post, $"{Teams}/{id}/invite", EvalAiClient.Form(("email", "otto@example.org")))).Ok(HttpStatusCode.Accepted);
        Assert.Contains("/invitations/", invited["message"].GetString(), StringComparison.Ordinal);
        (await owner.AskAsync(HttpMethod.Delete, $"/api/participants/remove_self_from_participant_team/{id}")).Ok(HttpStatusCode.NoContent);
        Assert.Equal(0, (await owner.AskAsync(Teams)).Ok()["count"].GetInt32());
    }
}
