using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi.Workers;

/// <summary>Results that come in parts, where the phase takes such.</summary>
public sealed class PartialTests
{
    private static readonly string Config = FileChallenge.Config.Replace(
        "is_public: True", "is_public: True\n    is_partial_submission_evaluation_enabled: True", StringComparison.Ordinal);

    [Fact]
    public async Task Parts_StandOnTheBoardAtOnce_AndJoin()
    {
        await using var challenge = await RemoteChallenge.StartAsync(Config);
        var submission = await challenge.SubmitAsync();
        Assert.Contains("no part", (await SendAsync(challenge, HttpMethod.Patch, submission, "partially_evaluated", "Total", 10)).Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
        (await SendAsync(challenge, HttpMethod.Put, submission, "PARTIALLY_EVALUATED", "Total", 10)).Ok();
        Assert.Equal(10.0, await TotalAsync(challenge));
        (await SendAsync(challenge, HttpMethod.Patch, submission, "partially_evaluated", "Total", 20)).Ok();
        Assert.Equal(20.0, await TotalAsync(challenge));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(challenge, HttpMethod.Patch, submission, "partially_evaluated", "Speed", 1)).Status);
        Assert.Equal(SubmissionState.Running, (await challenge.SummaryAsync(submission)).State);
        (await SendAsync(challenge, HttpMethod.Patch, submission, "finished", "Accuracy", 0.5)).Ok();
        Assert.Equal(SubmissionState.Finished, (await challenge.SummaryAsync(submission)).State);
        Assert.Equal(2, (await challenge.Files.DetailAsync(submission)).Evaluations[0].Scores.Count);
        Assert.Equal(20.0, await TotalAsync(challenge));
    }

    [Fact]
    public async Task Part_OfWhatFailsInTheEnd_LeavesTheBoard()
    {
        await using var challenge = await RemoteChallenge.StartAsync(Config);
        var submission = await challenge.SubmitAsync();
        (await SendAsync(challenge, HttpMethod.Put, submission, "partially_evaluated", "Total", 10)).Ok();
        (await challenge.PutAsync(submission, "FAILED", stderr: "no more")).Ok();
        Assert.Null(await TotalAsync(challenge));
    }

    [Fact]
    public async Task Part_WhereThePhaseTakesNone_IsRefused()
    {
        await using var challenge = await RemoteChallenge.StartAsync();
        var submission = await challenge.SubmitAsync();
        Assert.Contains("no partial results", (await SendAsync(challenge, HttpMethod.Put, submission, "partially_evaluated", "Total", 10)).Ok(HttpStatusCode.BadRequest)["error"].GetString(), StringComparison.Ordinal);
        Assert.Equal(SubmissionState.Waiting, (await challenge.SummaryAsync(submission)).State);
    }

    private static Task<EvalAiAnswer> SendAsync(RemoteChallenge challenge, HttpMethod method, int submission, string status, string metric, double value) => challenge.Worker.AskAsync(
        method, $"/api/jobs/challenges/{challenge.Id}/update_partially_evaluated_submission/",
        EvalAiClient.Form(
            ("challenge_phase", $"{challenge.Phase}"), ("submission", $"{submission}"), ("submission_status", status),
            ("result", FormattableString.Invariant($$$"""[{"split": "first", "show_to_participant": true, "accuracies": {"{{{metric}}}": {{{value}}} } }]"""))));

    private static async Task<double?> TotalAsync(RemoteChallenge challenge)
    {
        var board = await challenge.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/guess/phases/test/leaderboard");
        return board.Entries.Count == 0 ? null : board.Entries[0].Scores.Single(score => score.Metric == "Total").Value;
    }
}
