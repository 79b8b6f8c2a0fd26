using System.Text.RegularExpressions;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Evaluations;

/// <summary>A phase without an evaluation block: the environment, made for EvalAI, scores itself.</summary>
public sealed class LegacyEvaluationTests
{
    private static readonly string Config = Regex.Replace(TestBundle.Config, @"    evaluation:\n(      .*\n)+", "").Replace("is_docker_based: true", "is_docker_based: true\nsubmission_time_limit: 600", StringComparison.Ordinal);

    [Fact]
    public async Task Lease_PhaseWithoutABlock_IsALegacyJobOfItsOwnBoards()
    {
        await using var played = await PlayedChallenge.StartAsync(Config);
        var submission = await played.SubmitAsync("one");

        var job = await played.LeaseAsync();

        Assert.Empty(job.Plan.Episodes);
        var legacy = job.Legacy!;
        Assert.Equal(submission.Id, legacy.Submission);
        Assert.Equal(40, legacy.Token.Length);
        Assert.Equal(["hidden: score"], legacy.Boards.Select(board => $"{board.Split}: {string.Join(',', board.Metrics)}"));
        Assert.True(legacy.TotalMs >= 600_000 && legacy.TotalMs <= job.DeadlineSeconds * 1000);
    }

    [Fact]
    public async Task Report_Scores_AreRankedAndTheBoardSaysWhoCounted()
    {
        await using var played = await PlayedChallenge.StartAsync(Config);
        await played.SubmitAsync("one");
        var job = await played.LeaseAsync();

        await played.ReportAsync(job, new ScoredReport("""{"result":[{"hidden":{"score":12.5}}]}""", FileChallenge.Policy, PodTimings.None));

        var board = await played.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/pole/phases/dev/leaderboard");
        Assert.Equal((1, 12.5), (board.Entries[0].Rank, board.Entries[0].Scores[0].Value));
        var challenge = await played.Palio.Anonymous.GetAsync<ChallengeDetail>("/api/v1/challenges/pole");
        Assert.Equal(("environment", null), (challenge.Phases[0].ScoredBy, challenge.Phases[0].SeedCommitment));
        Assert.DoesNotContain("Episodes", challenge.Phases[0].Limits.Keys);
        var page = await played.Palio.Anonymous.GetStringAsync(new Uri("/challenges/pole/leaderboard", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("scored by the environment", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_ScoresOfAnotherSplit_AreTheEnvironmentsFault()
    {
        await using var played = await PlayedChallenge.StartAsync(Config);
        var submission = await played.SubmitAsync("one");
        var job = await played.LeaseAsync();

        await played.ReportAsync(job, new ScoredReport("""{"result":[{"other":{"score":1}}]}""", FileChallenge.Policy, PodTimings.None));

        var detail = await played.Participant.GetAsync<SubmissionDetail>($"/api/v1/submissions/{submission.Id}");
        Assert.Equal(FaultCode.EnvironmentSpecViolation, detail.Evaluations[0].Fault?.Code);
    }

    [Fact]
    public async Task Lease_BlockThatSaysScoredByEnvironment_KeepsItsResources()
    {
        var config = Regex.Replace(TestBundle.Config, @"    evaluation:\n(      .*\n)+", "    evaluation:\n      scored_by: environment\n      resources: {agent: {memory: 64MiB}}\n");
        await using var played = await PlayedChallenge.StartAsync(config);
        await played.SubmitAsync("one");

        var job = await played.LeaseAsync();

        Assert.NotNull(job.Legacy);
        Assert.Equal(64L << 20, job.AgentLimits.MemoryBytes);
    }

    [Fact]
    public async Task Lease_PhaseWithABlock_IsPlayedByTheReferee()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("one");

        var job = await played.LeaseAsync();

        Assert.Null(job.Legacy);
        Assert.Equal(3, job.Plan.Episodes.Count);
    }

    [Fact]
    public async Task Report_EnvironmentIsEvalAisAndNobodySaidWhoScores_IsPlayedAgainAtOnceAndTheBoardSaysSo()
    {
        await using var played = await PlayedChallenge.StartAsync(OpenConfig);
        await played.SubmitAsync("one");
        var first = await played.LeaseAsync();
        Assert.Equal(10, first.Plan.Episodes.Count);
        var other = await played.SubmitAsync("two");

        await played.ReportAsync(first, IsLegacy);

        var again = await played.LeaseAsync();
        Assert.Equal(first.Lease.Evaluation, again.Lease.Evaluation);
        Assert.NotNull(again.Legacy);
        await played.ReportAsync(again, new ScoredReport("""{"result":[{"hidden":{"score":7}}]}""", FileChallenge.Policy, PodTimings.None));
        var board = await played.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/pole/phases/dev/leaderboard");
        Assert.Equal(7, board.Entries[0].Scores[0].Value);
        var challenge = await played.Palio.Anonymous.GetAsync<ChallengeDetail>("/api/v1/challenges/pole");
        Assert.Equal("environment", challenge.Phases[0].ScoredBy);

        // The others of the phase are not played twice, be they in the queue already or not.
        Assert.Equal(other.Id, (await played.LeaseAsync()).Legacy?.Submission);
        var later = await played.SubmitAsync("three");
        Assert.Equal(later.Id, (await played.LeaseAsync()).Legacy?.Submission);
    }

    [Fact]
    public async Task Report_EnvironmentIsEvalAisAndTheHostSaidHowTheRefereeScores_IsTheFault()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var submission = await played.SubmitAsync("one");

        await played.ReportAsync(await played.LeaseAsync(), IsLegacy);

        var evaluation = (await played.DetailAsync(submission.Id)).Evaluations[0];
        Assert.Equal((EvaluationState.Failed, FaultCode.EnvironmentIsLegacy, Blame.Environment), (evaluation.State, evaluation.Fault!.Code, evaluation.Fault.Blame));
        Assert.Contains("scored_by: environment", evaluation.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_EnvironmentIsEvalAisAndTheSubmissionIsCancelled_StaysCancelled()
    {
        await using var played = await PlayedChallenge.StartAsync(OpenConfig);
        var submission = await played.SubmitAsync("one");
        var job = await played.LeaseAsync();
        using var asked = await played.Participant.PostAsync(new Uri($"/api/v1/submissions/{submission.Id}/cancel", UriKind.Relative), null, TestContext.Current.CancellationToken);

        await played.ReportAsync(job, IsLegacy);

        Assert.Equal(EvaluationState.Cancelled, (await played.DetailAsync(submission.Id)).Evaluations[0].State);
    }

    [Theory]
    [InlineData("environment", true)]
    [InlineData("another", false)]
    public async Task Publish_AgainAfterTheEnvironmentWasFoundOut_AsksAnotherImageAlone(string image, bool isKnown)
    {
        await using var played = await PlayedChallenge.StartAsync(OpenConfig);
        await played.SubmitAsync("one");
        await played.ReportAsync(await played.LeaseAsync(), IsLegacy);
        await played.ReportAsync(
            await played.LeaseAsync(), new ScoredReport("""{"result":[{"hidden":{"score":7}}]}""", FileChallenge.Policy, PodTimings.None));
        played.Palio.Images.Add("pole/host/environment", image, "1");

        using var published = await played.Host.PublishAsync(TestBundle.Zip(OpenConfig.Replace("name: Dev", "name: Development", StringComparison.Ordinal)));

        Assert.True(published.IsSuccessStatusCode);
        await played.SubmitAsync("two");
        Assert.Equal(isKnown, (await played.LeaseAsync()).Legacy is not null);
    }

    private static string OpenConfig { get; } =
        Regex.Replace(TestBundle.Config, @"    evaluation:\n(      .*\n)+", "    evaluation:\n      resources: {agent: {memory: 64MiB}}\n");

    private static FailedReport IsLegacy { get; } = new(Fault.Of(FaultCode.EnvironmentIsLegacy, "It listens on port 8085."), FileChallenge.Policy, PodTimings.None);
}
