using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Hosts;

/// <summary>Challenges sent by the starter repository's workflow, and as a zip.</summary>
public sealed class SentChallengeTests
{
    // As EvalAI's starter has it: no word of Palio's in it.
    private const string Config =
        """
        title: Random Numbers
        short_description: Guess.
        description: description.html
        evaluation_details: description.html
        terms_and_conditions: description.html
        submission_guidelines: description.html
        evaluation_script: evaluation_script.zip
        remote_evaluation: True
        is_docker_based: False
        start_date: 2026-01-01 00:00:00
        end_date: 2026-12-31 00:00:00
        published: True
        leaderboard:
          - id: 1
            schema: {"labels": ["Total"], "default_order_by": "Total",}
        challenge_phases:
          - id: 1
            name: Dev Phase
            description: description.html
            leaderboard_public: False
            is_public: True
            is_submission_public: True
            start_date: 2026-01-19 00:00:00
            end_date: 2026-12-25 23:59:59
            codename: dev
            max_submissions_per_day: 5
            max_submissions_per_month: 50
            max_submissions: 50
        dataset_splits:
          - {id: 1, name: Train Split, codename: train_split}
        challenge_phase_splits:
          - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 3, leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
        """;

    [Fact]
    public async Task Workflow_CreatesThenUpdates_ByItsRepositoryWhateverTheTitle()
    {
        await using var palio = await PalioInstance.StartAsync("--Challenges:SelfService", "true");
        var (host, team) = await HostAsync(palio, "hanna");

        var validated = await SendAsync(host, team, "validate_challenge_config", Config);
        Assert.Contains("valid", validated.Ok()["Success"].GetString(), StringComparison.Ordinal);
        Assert.Empty((await host.GetAsync<Page<ChallengeSummary>>("/api/v1/challenges?mine=true")).Items);

        var created = (await SendAsync(host, team, "create_or_update_github_challenge", Config)).Ok(HttpStatusCode.Created)["Success"].GetString();
        Assert.Contains("http://localhost/challenges/random-numbers", created, StringComparison.Ordinal);
        Assert.Contains("Nothing has changed", (await SendAsync(host, team, "create_or_update_github_challenge", Config)).Ok()["Success"].GetString(), StringComparison.Ordinal);

        var renamed = Config.Replace("Random Numbers", "Certain Numbers", StringComparison.Ordinal);
        Assert.Contains("revision 2", (await SendAsync(host, team, "create_or_update_github_challenge", renamed)).Ok()["Success"].GetString(), StringComparison.Ordinal);
        var mine = Assert.Single((await host.GetAsync<Page<ChallengeSummary>>("/api/v1/challenges?mine=true")).Items);
        Assert.Equal(("random-numbers", "Certain Numbers"), (mine.Slug, mine.Title));
    }

    [Fact]
    public async Task Repositories_OfTheSameTitle_AreChallengesOfTheirOwn()
    {
        await using var palio = await PalioInstance.StartAsync("--Challenges:SelfService", "true");
        var (host, team) = await HostAsync(palio, "hanna");
        var (other, others) = await HostAsync(palio, "otto");
        const string route = "create_or_update_github_challenge";
        (await SendAsync(host, team, route, Config)).Ok(HttpStatusCode.Created);
        (await SendAsync(host, team, route, Config, ("GITHUB_REPOSITORY", "hanna/second"))).Ok(HttpStatusCode.Created);
        (await SendAsync(host, team, route, Config, ("GITHUB_REPOSITORY", "hanna/numbers"), ("BRANCH_NAME", "challenge-2027"))).Ok(HttpStatusCode.Created);
        (await SendAsync(host, team, route, Config, ("GITHUB_REPOSITORY", "hanna/numbers"), ("BRANCH_NAME", "challenge"))).Ok(); // the first again
        (await SendAsync(other, others, route, Config)).Ok(HttpStatusCode.Created); // somebody else's repository may have any name
        Assert.Equal(
            ["random-numbers", "random-numbers-2", "random-numbers-3", "random-numbers-4"],
            await palio.InDatabaseAsync(db => db.Challenges.OrderBy(c => c.Id).Select(c => c.Slug).ToListAsync()));
    }

    [Fact]
    public async Task ZipUpload_Creates_AndTheSameTitleIsARevision()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (host, team) = await HostAsync(palio, "hanna");
        var created = (await SendAsync(host, team, "zip_upload", Config)).Ok(HttpStatusCode.Created)["success"].GetString();
        Assert.Contains("administrator must approve", created, StringComparison.Ordinal);
        var again = await SendAsync(host, team, "zip_upload", Config.Replace("Guess.", "Guess better.", StringComparison.Ordinal));
        Assert.Contains("revision 2", again.Ok(HttpStatusCode.Created)["success"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_ComeAllAtOnce_WithTheirPlaces()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (host, team) = await HostAsync(palio, "hanna");
        var broken = Config.Replace("codename: dev", "codname: dev", StringComparison.Ordinal).Replace("title: Random Numbers", "titel: Random Numbers", StringComparison.Ordinal);
        foreach (var route in (string[])["validate_challenge_config", "create_or_update_github_challenge", "zip_upload"])
        {
            var error = (await SendAsync(host, team, route, broken)).Ok(HttpStatusCode.BadRequest)["error"].GetString()!;
            Assert.Contains("codname", error, StringComparison.Ordinal);
            Assert.Contains("'title'", error, StringComparison.Ordinal);
            Assert.Matches(@"challenge_config\.yaml:\d+:\d+: ", error);
        }

        Assert.Empty((await host.GetAsync<Page<ChallengeSummary>>("/api/v1/challenges?mine=true")).Items);
    }

    [Fact]
    public async Task Requests_ThatCannotBeMeant_AreRefusedWithATextForTheWorkflow()
    {
        await using var palio = await PalioInstance.StartAsync();
        var (host, team) = await HostAsync(palio, "hanna");
        var (_, others) = await HostAsync(palio, "otto");
        const string route = "create_or_update_github_challenge";
        Assert.Contains("team_pk", Error(await SendAsync(host, others, route, Config)), StringComparison.Ordinal);
        Assert.Contains("GITHUB_REPOSITORY", Error(await SendAsync(host, team, route, Config, ("GITHUB_REPOSITORY", "not a repository"))), StringComparison.Ordinal);
        Assert.Contains("zip_configuration", Error(await SendAsync(host, team, route, null)), StringComparison.Ordinal);
        Assert.Contains("folder named", Error(await SendAsync(host, team, route, "")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(palio.Anonymous, team, route, Config)).Status);
        Assert.Equal("Invalid token", (await SendAsync(palio.With("palio_wrong"), team, route, Config))["detail"].GetString());
    }

    private static string? Error(EvalAiAnswer answer) => answer.Ok(HttpStatusCode.BadRequest)["error"].GetString();

    private static async Task<(HttpClient Host, int Team)> HostAsync(PalioInstance palio, string name)
    {
        var host = await palio.PersonAsync(name);
        return (host, (await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = $"{name}'s", Kind = TeamKind.Host })).Id);
    }

    private static async Task<EvalAiAnswer> SendAsync(HttpClient host, int team, string route, string? config, params (string, string)[] fields)
    {
        using var form = EvalAiClient.Multipart(fields.Length > 0 ? fields : [("GITHUB_REPOSITORY", "hanna/numbers")]);
        if (config is not null)
        {
            form.Add(new ByteArrayContent(Zip(config)), "zip_configuration", "challenge_config.zip");
        }

        return await host.AskAsync(HttpMethod.Post, $"/api/challenges/challenge/challenge_host_team/{team}/{route}/", form);
    }

    private static byte[] Zip(string config)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in ((string, string)[])[("challenge_config.yaml", config), ("description.html", "<p>Text</p>"), ("evaluation_script/main.py", "def evaluate(a, b, c, **kwargs): pass")])
            {
                if (config.Length > 0 || !path.EndsWith(".yaml", StringComparison.Ordinal))
                {
                    using var writer = new StreamWriter(zip.CreateEntry(path).Open(), Encoding.UTF8);
                    writer.Write(text);
                }
            }
        }

        return memory.ToArray();
    }
}
