using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Workers;

/// <summary>Images that hosts' own workers run: code upload with remote_evaluation and without an environment.</summary>
public sealed partial class RemoteImageTests
{
    private static string Config => Evaluation().Replace(TestBundle.Config, "").Replace("is_docker_based: true", "is_docker_based: true\nremote_evaluation: true", StringComparison.Ordinal);

    [Fact]
    public async Task Image_IsNamedInTheMessage_AndMayBePulledFromThenOn()
    {
        await using var played = await PlayedChallenge.StartAsync(Config);
        var worker = await played.Host.PostAsync<CreatedWorkerToken>("/api/v1/challenges/pole/worker-tokens");
        var host = (await played.Palio.SignInAsync("hanna", "hanna likes long passwords")).Secret;
        Assert.Equal("", await GrantedAsync(played, host));
        Assert.Equal("", await GrantedAsync(played, worker.Token.Secret));

        var submission = await played.SubmitAsync("agent");
        var body = (await played.Palio.With(worker.Token.Secret).AskAsync($"/api/jobs/challenge/queues/{worker.Queue}/")).Ok()["body"];
        Assert.Equal((submission.Id, $"localhost/pole/players@{submission.Digest}"), (body.GetProperty("submission_pk").GetInt32(), body.GetProperty("submitted_image_uri").GetString()));
        Assert.False(body.GetProperty("is_static_dataset_code_upload_submission").GetBoolean());

        Assert.Equal("repository:pole/players:pull", await GrantedAsync(played, host));
        Assert.Equal("repository:pole/players:pull", await GrantedAsync(played, worker.Token.Secret));
        Assert.Equal("", await GrantedAsync(played, worker.Token.Secret, "pole/host/environment"));
    }

    [Fact]
    public async Task Phase_ThatBringsAnEnvironment_IsPlayedHereAllTheSame()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("is_docker_based: true", "is_docker_based: true\nremote_evaluation: true", StringComparison.Ordinal));
        await played.SubmitAsync("agent");
        Assert.Equal(1, await played.Palio.InDatabaseAsync(db => db.Evaluations.CountAsync(e => e.Judging == Judging.Play)));
        await played.LeaseAsync();
    }

    private static async Task<string?> GrantedAsync(PlayedChallenge played, string secret, string repository = "pole/players")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/token?service=palio&scope=repository:{repository}:pull,push");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"x:{secret}")));
        using var response = await played.Palio.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("scope").GetString();
    }

    [GeneratedRegex(@"    environment_image: .*\n    evaluation:\n(      .*\n)+")]
    private static partial Regex Evaluation();
}
