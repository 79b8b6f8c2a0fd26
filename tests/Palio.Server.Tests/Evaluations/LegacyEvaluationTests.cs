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
}
