using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Auth;

/// <summary>Who reaches what: every route of the API, asked by everybody, for things that are somebody's.</summary>
public sealed class AccessMatrixTests
{
    // 404 hides what exists; 403 tells those who see a thing that it is not theirs to change.
    private static readonly string[] Callers = ["anonymous", "outsider", "rival", "member", "host", "administrator"];

    [Fact]
    public async Task EveryRoute_AnswersEachCallerAsItShould()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await Scene.SetAsync(played);
        var table = scene.Table().ToList();
        var wrong = new List<string>();
        foreach (var row in table)
        {
            for (var i = 0; i < Callers.Length; i++)
            {
                using var response = await SendAsync(scene.Clients[i], row);
                if ((int)response.StatusCode != row.Expected[i])
                {
                    wrong.Add($"{row.Name} {row.Method} {row.Path} as {Callers[i]}: {(int)response.StatusCode} instead of {row.Expected[i]}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Empty(RouteNames(played.Palio).Except(table.Select(row => row.Name)));
    }

    [Fact]
    public async Task Lists_HoldNothingOfOthers()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await Scene.SetAsync(played);
        var totals = new List<int>();
        foreach (var client in scene.Clients.Skip(1))
        {
            totals.Add((await client.GetAsync<Page<SubmissionSummary>>("/api/v1/submissions?all=true")).Total);
        }

        Assert.Equal([0, 1, 1, 2, 2], totals);
        Assert.DoesNotContain(await scene.Clients[1].GetAsync<List<TeamSummary>>("/api/v1/teams"), team => team.Name != "Outsiders");
        Assert.All(await scene.Clients[1].GetAsync<List<TokenSummary>>("/api/v1/tokens"), token => Assert.NotEqual("spare", token.Name));
        Assert.DoesNotContain((await scene.Clients[3].GetAsync<Page<ChallengeSummary>>("/api/v1/challenges")).Items, challenge => challenge.Slug == "hidden");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Row row)
    {
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), row.Path);
        if (row.Body is byte[] zip)
        {
            request.Content = new ByteArrayContent(zip);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
            return await client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        if (row.Body is Func<HttpContent> make)
        {
            request.Content = make();
            return await client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        return await client.SendAsync(request.Method, row.Path, row.Body);
    }

    private static IEnumerable<string> RouteNames(PalioInstance palio) =>
        palio.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.StartsWith("/api/v1", StringComparison.Ordinal) == true)
            .Select(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? e.RoutePattern.RawText ?? "");

    private sealed record Row(string Name, string Method, string Path, object? Body, params int[] Expected);

    /// <summary>A finished private submission of the member's, a queued one of the rival's, and a challenge that is not published.</summary>
    private sealed record Scene(HttpClient[] Clients, int Team, int HostTeam, int Token, int Participation, int Submission, long Evaluation, SubmitRequest Request)
    {
        public static async Task<Scene> SetAsync(PlayedChallenge played)
        {
            var rival = await played.JoinAsync("rita", "Rivals");
            var outsider = await played.Palio.PersonAsync("otto");
            await outsider.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Outsiders" });
            played.Palio.Images.Add("hidden/host/environment", "environment", "1");
            using var hidden = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config
                .Replace("pole/host", "hidden/host", StringComparison.Ordinal).Replace("published: true", "published: false", StringComparison.Ordinal)));
            Assert.True(hidden.IsSuccessStatusCode);
            var request = played.Request("agent") with { Public = false };
            var made = await played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions", request);
            var job = await played.LeaseAsync();
            await played.ReportAsync(job, PlayedChallenge.EpisodeOf(0, 1) with { Record = "AAAA" });
            await played.PlayAsync(job, 1);
            await rival.PostAsync<SubmissionSummary>("/api/v1/submissions", request with { Digest = played.Palio.Images.Add("pole/rivals", "rival") });
            var token = await played.Participant.PostAsync<CreatedToken>("/api/v1/tokens", new CreateTokenRequest { Name = "spare" });
            var rows = await played.Host.GetAsync<Page<ParticipantRow>>("/api/v1/challenges/pole/participants");
            return new Scene(
                [played.Palio.Anonymous, outsider, rival, played.Participant, played.Host, await played.Palio.AdministratorAsync()],
                (await played.Participant.GetAsync<List<TeamSummary>>("/api/v1/teams"))[0].Id, (await played.Host.GetAsync<List<TeamSummary>>("/api/v1/teams"))[0].Id,
                token.Token.Id, rows.Items[0].Participation.Id, made.Id, job.Lease.Evaluation, request);
        }

        private static readonly Func<HttpContent> FormWithoutFile = () => new MultipartFormDataContent { { new StringContent("pole"), "challenge" } };

        public IEnumerable<Row> Table() => [.. Accounts(), .. Teams(), .. Challenges(), .. Hosting(), .. Submissions(), .. Evaluations()];

        private IEnumerable<Row> Accounts() =>
        [
            new("GetInstance", "GET", "/api/v1/instance", null, 200, 200, 200, 200, 200, 200),
            new("Register", "POST", "/api/v1/accounts", new { }, 400, 400, 400, 400, 400, 400),
            new("SignIn", "POST", "/api/v1/tokens/sign-in", new { userName = "pia", password = "wrong" }, 401, 401, 401, 401, 401, 401),
            new("GetMe", "GET", "/api/v1/me", null, 401, 200, 200, 200, 200, 200),
            new("ListTokens", "GET", "/api/v1/tokens", null, 401, 200, 200, 200, 200, 200),
            new("GivePassword", "POST", "/api/v1/accounts/nobody/password", null, 401, 403, 403, 403, 403, 404),
            new("CreateToken", "POST", "/api/v1/tokens", new CreateTokenRequest { Name = "a", Scope = TokenScope.Admin }, 401, 403, 403, 403, 403, 201),
            new("RevokeToken", "DELETE", $"/api/v1/tokens/{Token}", null, 401, 404, 404, 204, 404, 404),
            new("ListWorkers", "GET", "/api/v1/workers", null, 401, 403, 403, 403, 403, 200),
        ];

        private IEnumerable<Row> Teams() =>
        [
            new("ListTeams", "GET", "/api/v1/teams", null, 401, 200, 200, 200, 200, 200),
            new("CreateTeam", "POST", "/api/v1/teams", new { }, 401, 400, 400, 400, 400, 400),
            new("GetTeam", "GET", $"/api/v1/teams/participant/{Team}", null, 401, 404, 404, 200, 404, 404),
            new("GetTeam", "GET", $"/api/v1/teams/host/{HostTeam}", null, 401, 404, 404, 404, 200, 404),
            new("InviteMember", "POST", $"/api/v1/teams/participant/{Team}/invitations", null, 401, 404, 404, 201, 404, 404),
            new("InviteMember", "POST", $"/api/v1/teams/host/{HostTeam}/invitations", null, 401, 404, 404, 404, 201, 404),
            new("RemoveMember", "DELETE", $"/api/v1/teams/participant/{Team}/members/pia", null, 401, 404, 404, 409, 404, 404),
            new("RemoveMember", "DELETE", $"/api/v1/teams/host/{HostTeam}/members/hanna", null, 401, 404, 404, 404, 409, 404),
            new("AcceptInvitation", "POST", "/api/v1/invitations/guessed/accept", null, 401, 404, 404, 404, 404, 404),
        ];

        private static IEnumerable<Row> Challenges() =>
        [
            new("ListChallenges", "GET", "/api/v1/challenges", null, 200, 200, 200, 200, 200, 200),
            new("PublishChallenge", "POST", "/api/v1/challenges", TestBundle.Zip(), 401, 409, 409, 409, 200, 409),
            new("GetChallenge", "GET", "/api/v1/challenges/pole", null, 200, 200, 200, 200, 200, 200),
            new("GetChallenge", "GET", "/api/v1/challenges/hidden", null, 404, 404, 404, 404, 200, 200),
            new("GetChallengeLogo", "GET", "/api/v1/challenges/hidden/logo", null, 404, 404, 404, 404, 404, 404),
            new("GetMetadataForm", "GET", "/api/v1/challenges/pole/phases/dev/metadata", null, 200, 200, 200, 200, 200, 200),
            new("GetMetadataForm", "GET", "/api/v1/challenges/hidden/phases/dev/metadata", null, 404, 404, 404, 404, 200, 200),
            new("GetLeaderboard", "GET", "/api/v1/challenges/pole/phases/dev/leaderboard", null, 200, 200, 200, 200, 200, 200),
            new("GetLeaderboard", "GET", "/api/v1/challenges/pole/phases/dev/leaderboard?private=true", null, 403, 403, 403, 403, 200, 200),
            new("GetLeaderboard", "GET", "/api/v1/challenges/hidden/phases/dev/leaderboard", null, 404, 404, 404, 404, 200, 200),
            new("JoinChallenge", "POST", "/api/v1/challenges/hidden/participation", new { acceptTerms = true }, 401, 404, 404, 404, 400, 400),
            new("JoinChallenge", "POST", "/api/v1/challenges/pole/participation", new { acceptTerms = false }, 401, 409, 409, 409, 400, 400),
            new("LeaveChallenge", "DELETE", "/api/v1/challenges/pole/participation", null, 401, 404, 409, 409, 404, 404),
        ];

        private IEnumerable<Row> Hosting() =>
        [
            new("ReviewChallenge", "POST", "/api/v1/challenges/pole/review", new { approve = true }, 401, 403, 403, 403, 403, 200),
            new("ListParticipants", "GET", "/api/v1/challenges/pole/participants", null, 401, 403, 403, 403, 200, 200),
            new("ListParticipants", "GET", "/api/v1/challenges/hidden/participants", null, 401, 404, 404, 404, 200, 200),
            new("DecideParticipant", "POST", $"/api/v1/challenges/pole/participants/{Participation}/approve", null, 401, 403, 403, 403, 200, 200),
            new("DecideParticipant", "POST", $"/api/v1/challenges/hidden/participants/{Participation}/disqualify", null, 401, 404, 404, 404, 404, 404),
            new("CreateWorkerToken", "POST", "/api/v1/challenges/pole/worker-tokens", null, 401, 403, 403, 403, 201, 403),
            new("CreateWorkerToken", "POST", "/api/v1/challenges/hidden/worker-tokens", null, 401, 404, 404, 404, 201, 403),
            new("PausePhase", "POST", "/api/v1/challenges/pole/phases/dev/pause", null, 401, 403, 403, 403, 200, 200),
            new("ResumePhase", "POST", "/api/v1/challenges/pole/phases/dev/resume", null, 401, 403, 403, 403, 200, 200),
        ];

        private IEnumerable<Row> Submissions() =>
        [
            new("CreateSubmission", "POST", "/api/v1/submissions", Request, 401, 409, 422, 200, 409, 409),
            new("ListSubmissions", "GET", "/api/v1/submissions", null, 401, 200, 200, 200, 200, 200),
            new("CreateFileSubmission", "POST", "/api/v1/submissions/file", FormWithoutFile, 401, 400, 400, 400, 400, 400),
            new("GetSubmittedFile", "GET", $"/api/v1/submissions/{Submission}/file", null, 401, 404, 404, 404, 404, 404),
            new("GetSubmission", "GET", $"/api/v1/submissions/{Submission}", null, 401, 404, 404, 200, 200, 200),
            new("UpdateSubmission", "PATCH", $"/api/v1/submissions/{Submission}", new { methodName = "x" }, 401, 404, 404, 200, 200, 200),
            new("UpdateSubmission", "PATCH", $"/api/v1/submissions/{Submission}", new { flagged = false }, 401, 404, 404, 403, 200, 200),
            new("UpdateSubmission", "PATCH", $"/api/v1/submissions/{Submission}", new { baseline = false }, 401, 404, 404, 403, 200, 200),
            new("CancelSubmission", "POST", $"/api/v1/submissions/{Submission}/cancel", null, 401, 404, 404, 409, 409, 409),
            new("StreamSubmissionEvents", "GET", $"/api/v1/submissions/{Submission}/events", null, 401, 404, 404, 200, 200, 200),
        ];

        private IEnumerable<Row> Evaluations() =>
        [
            new("GetEvaluation", "GET", $"/api/v1/evaluations/{Evaluation}", null, 401, 404, 404, 200, 200, 200),
            new("ListEpisodes", "GET", $"/api/v1/evaluations/{Evaluation}/episodes", null, 401, 404, 404, 200, 200, 200),
            new("GetEvaluationLog", "GET", $"/api/v1/evaluations/{Evaluation}/log", null, 401, 404, 404, 200, 200, 200),
            new("GetEpisodeRecord", "GET", $"/api/v1/evaluations/{Evaluation}/episodes/0/record", null, 401, 404, 404, 403, 200, 200),
            new("RerunSubmission", "POST", $"/api/v1/submissions/{Submission}/rerun", null, 401, 404, 404, 403, 200, 409), // the last: it changes the scene
        ];
    }
}
