using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Challenges;

public sealed class RevisionTests
{
    private const string SecondPhase =
        """

          - id: 2
            name: Test
            codename: test
            description: page.md
            start_date: 2026-01-01 00:00:00
            end_date: 2026-12-31 00:00:00
            environment_image: pole/host/environment:1
            evaluation:
              episodes: 3
              metrics:
                score: {from: return, aggregate: mean}
        """;

    private const string SecondSplit = "\n  - {challenge_phase_id: 2, leaderboard_id: 1, dataset_split_id: 1, visibility: 3, leaderboard_decimal_precision: 2, is_leaderboard_order_descending: true}";

    private static string TwoPhases => TestBundle.Config.Replace("\ndataset_splits:", $"{SecondPhase}\ndataset_splits:", StringComparison.Ordinal) + SecondSplit;

    [Theory]
    [InlineData("codename: dev", "codename: later", "challenge_phases[0].codename", "dev")]
    [InlineData("visibility: 3", "visibility: 1", "challenge_phase_splits[0].visibility", "visibility: 3")]
    [InlineData("is_leaderboard_order_descending: true", "is_leaderboard_order_descending: false", "challenge_phase_splits[0].is_leaderboard_order_descending", "true")]
    [InlineData("labels: [score]", "labels: [score, length]", "leaderboard[0].schema.labels", "new board")]
    [InlineData("name: Hidden", "name: Shown", "dataset_splits[0].name", "Hidden")]
    [InlineData("leaderboard_id: 1", "leaderboard_id: 2", "challenge_phase_splits", "Put it back")]
    [InlineData("- id: 1\n    name: Dev", "- id: 7\n    name: Dev", "challenge_phases", "Put it back")]
    public async Task Revision_AgainstWhatSubmissionsRestOn_IsRefusedWithPlaceAndRemedy(string before, string after, string path, string remedy)
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("agent");
        var config = Changed(TestBundle.Config, before, after);
        using var response = await played.Host.PublishAsync(TestBundle.Zip(config));
        var result = await response.ReadAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = Assert.Single(result.Problems, p => p.Path == path && p.Severity == "error" && p.Remedy.Contains(remedy, StringComparison.Ordinal));
        AssertPlace(config, problem);
        var detail = await played.Host.GetAsync<ChallengeDetail>("/api/v1/challenges/pole");
        Assert.Equal((1, "dev"), (detail.Revision, Assert.Single(detail.Phases).Codename));
        using var dryRun = await played.Host.PublishAsync(TestBundle.Zip(config), "?dryRun=true");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, dryRun.StatusCode);
    }

    // The place is the value's, as the validator tells it; what is missing is told at its parent.
    private static void AssertPlace(string config, BundleProblemDetail problem)
    {
        Assert.Equal("challenge_config.yaml", problem.File);
        var key = problem.Path[(problem.Path.LastIndexOf('.') + 1)..];
        var line = config.Split('\n')[problem.Line - 1];
        if (key != problem.Path)
        {
            var before = line[..(problem.Column - 1)].TrimEnd();
            Assert.EndsWith(key + ":", before, StringComparison.Ordinal);
        }
        else
        {
            Assert.StartsWith(key + ":", config.Split('\n')[problem.Line - 2], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Revision_OfWhatNobodyPlayed_IsFree()
    {
        await using var played = await PlayedChallenge.StartAsync(TwoPhases);
        await played.SubmitAsync("agent");
        using var response = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config));
        Assert.Equal(2, (await response.ReadAsync()).Revision);
        Assert.Single((await played.Host.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Phases);
    }

    [Fact]
    public async Task Revision_OfHowTeamsStand_RebuildsTheBoard()
    {
        await using var played = await PlayedChallenge.StartAsync();
        foreach (var value in new[] { 9.0, 1.0 })
        {
            await played.SubmitAsync($"agent {value}");
            await played.PlayAsync(await played.LeaseAsync(), value);
            played.Palio.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(9, await TopAsync(played));
        using var response = await played.Host.PublishAsync(TestBundle.Zip(Changed(
            TestBundle.Config, "is_leaderboard_order_descending: true", "is_leaderboard_order_descending: true, show_leaderboard_by_latest_submission: true")));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, await TopAsync(played));
    }

    private static async Task<double> TopAsync(PlayedChallenge played) =>
        Assert.Single((await played.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/pole/phases/dev/leaderboard")).Entries).Scores[0].Value;

    // What a change needs to be a sound bundle of its own: a second board, a metric for the label, a forfeit's value, the phase's id where it is referred to.
    private static string Changed(string config, string before, string after)
    {
        Assert.Contains(before, config, StringComparison.Ordinal);
        var changed = config.Replace(before, after, StringComparison.Ordinal);
        return before switch
        {
            "leaderboard_id: 1" => changed.Replace(
                "  - id: 1\n    schema: {labels: [score], default_order_by: score}",
                "  - id: 1\n    schema: {labels: [score], default_order_by: score}\n  - id: 2\n    schema: {labels: [score], default_order_by: score}",
                StringComparison.Ordinal),
            "labels: [score]" => changed.Replace(
                "score: {from: return, aggregate: mean}", "score: {from: return, aggregate: mean}\n        length: {from: steps, aggregate: mean}", StringComparison.Ordinal),
            "is_leaderboard_order_descending: true" => changed.Replace("max_steps: 50", "max_steps: 50\n      on_failure: {score: 100}", StringComparison.Ordinal),
            _ when after.StartsWith("- id: 7", StringComparison.Ordinal) => changed.Replace("challenge_phase_id: 1", "challenge_phase_id: 7", StringComparison.Ordinal),
            _ => changed,
        };
    }
}
